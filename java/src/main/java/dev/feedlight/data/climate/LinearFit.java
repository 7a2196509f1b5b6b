package dev.feedlight.data.climate;

import dev.feedlight.data.DataException;
import java.util.ArrayList;
import java.util.List;

/**
 * Per cell {@code y = a + sum of b_f g_f} with the global means g of the forcings, fitted by least
 * squares in double precision. Forcings are first brought to mean 0 and length 1 and made
 * orthogonal to each other (modified Gram-Schmidt, twice), so that no normal equations are needed;
 * one that never changes, or says nothing that those before it do not say, gets the factor 0.
 */
final class LinearFit {
  /** What is left of a forcing, relative to its length, below which it says nothing new (ours). */
  private static final double NEGLIGIBLE = 1e-9;

  /** A direction: of a forcing, what is left when those before it are taken away. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Direction(double mean, double[] alongEarlier, double length, double[] map) {}

  private final List<Direction> directions = new ArrayList<>();
  private final double[] intercept;

  private LinearFit(double[] intercept) {
    this.intercept = intercept;
  }

  static LinearFit of(List<Scenario> training) {
    int cells = training.getFirst().grid().cells();
    int years = training.stream().mapToInt(Scenario::years).sum();
    List<Forcing> forcings = training.getFirst().order();
    if (years <= forcings.size()) {
      throw new DataException(
          "a linear fit needs more than " + forcings.size() + " years, not " + years);
    }
    double[] mean = new double[cells];
    for (Scenario scenario : training) {
      for (int i = 0; i < scenario.target().length; i++) {
        mean[i % cells] += scenario.target()[i] / years;
      }
    }
    LinearFit fit = new LinearFit(mean);
    List<double[]> units = new ArrayList<>();
    for (Forcing forcing : forcings) {
      fit.add(training, forcing, units, years);
    }
    return fit;
  }

  private void add(List<Scenario> training, Forcing forcing, List<double[]> units, int years) {
    double[] column = new double[years];
    int at = 0;
    for (Scenario scenario : training) {
      double[] global = scenario.global(forcing);
      System.arraycopy(global, 0, column, at, global.length);
      at += global.length;
    }
    double mean = 0;
    for (double value : column) {
      mean += value / years;
    }
    for (int i = 0; i < years; i++) {
      column[i] -= mean;
    }
    double whole = Math.sqrt(dot(column, column));
    double[] along = new double[units.size()];
    for (int pass = 0; pass < 2; pass++) {
      for (int u = 0; u < along.length; u++) {
        double share = dot(column, units.get(u));
        along[u] += share;
        for (int i = 0; i < years; i++) {
          column[i] -= share * units.get(u)[i];
        }
      }
    }
    double length = Math.sqrt(dot(column, column));
    boolean fresh = length > NEGLIGIBLE * whole;
    for (int i = 0; i < years; i++) {
      column[i] = fresh ? column[i] / length : 0;
    }
    units.add(column);
    directions.add(new Direction(mean, along, fresh ? length : 1, factors(training, column)));
  }

  /** Per cell the product of a unit column with the targets. */
  private static double[] factors(List<Scenario> training, double[] unit) {
    int cells = training.getFirst().grid().cells();
    double[] factors = new double[cells];
    int year = 0;
    for (Scenario scenario : training) {
      for (int i = 0; i < scenario.target().length; i++) {
        factors[i % cells] += unit[year + i / cells] * scenario.target()[i];
      }
      year += scenario.years();
    }
    return factors;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** The years from one on: years x cells. */
  double[] predict(Scenario scenario, int firstYear, int years) {
    int first = scenario.place(firstYear);
    double[] predicted = new double[years * intercept.length];
    List<double[]> globals = new ArrayList<>();
    for (Forcing forcing : scenario.order()) {
      globals.add(scenario.global(forcing));
    }
    for (int year = 0; year < years; year++) {
      double[] places = new double[directions.size()];
      for (int d = 0; d < places.length; d++) {
        Direction direction = directions.get(d);
        double place = globals.get(d)[first + year] - direction.mean();
        for (int earlier = 0; earlier < d; earlier++) {
          place -= direction.alongEarlier()[earlier] * places[earlier];
        }
        places[d] = place / direction.length();
      }
      for (int cell = 0; cell < intercept.length; cell++) {
        double value = intercept[cell];
        for (int d = 0; d < places.length; d++) {
          value += places[d] * directions.get(d).map()[cell];
        }
        predicted[year * intercept.length + cell] = value;
      }
    }
    return predicted;
  }
}
