package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.device.TransmissionBytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The identities that speckle must satisfy. Pixels are independent, so M of them are M draws; every
 * bound is {@link Sample#ERRORS} standard errors of M draws.
 */
final class SpeckleStatisticsTest {
  private static final int PIXELS = 16384;
  private static final int MIRRORS = 300;
  private static final long SEED = 11;

  /** Excess kurtosis of one byte of T, from the table: -0.08. */
  private static final double TABLE_EXCESS = tableExcess();

  private final OpticsLab lab = new OpticsLab(2);

  @AfterEach
  void close() {
    lab.close();
  }

  private static double excess(TransmissionMatrix matrix) {
    return matrix == TransmissionMatrix.GAUSSIAN32 ? 0 : TABLE_EXCESS;
  }

  private static double tableExcess() {
    double squares = 0;
    double fourths = 0;
    for (byte value : TransmissionBytes.table()) {
      squares += value * value;
      fourths += Math.pow(value, 4);
    }
    return 256 * fourths / (squares * squares) - 3;
  }

  /** Intensities in units in which one mirror gives 1 on average. */
  private Sample[] intensities(TransmissionMatrix matrix, byte[] frames) {
    OpuSettings settings = OpuSettings.ideal().withMatrix(matrix);
    EmulatedOpu unit = lab.unit(settings, MIRRORS, PIXELS, SEED);
    double perMirror = unit.calibration().gain();
    float[] counts = unit.intensity(frames);
    Sample[] samples = new Sample[frames.length / MIRRORS];
    for (int frame = 0; frame < samples.length; frame++) {
      double[] values = new double[PIXELS];
      for (int pixel = 0; pixel < PIXELS; pixel++) {
        values[pixel] = counts[frame * PIXELS + pixel] / perMirror;
      }
      samples[frame] = new Sample(values);
    }
    return samples;
  }

  @ParameterizedTest
  @CsvSource({
    "PROCEDURAL, 1",
    "PROCEDURAL, 2",
    "PROCEDURAL, 16",
    "PROCEDURAL, 100",
    "PROCEDURAL, 299",
    "PROCEDURAL, 300",
    "GAUSSIAN32, 1",
    "GAUSSIAN32, 100",
    "GAUSSIAN32, 300"
  })
  void meanIntensityIsTheNumberOfMirrors(TransmissionMatrix matrix, int lit) {
    Sample intensity = intensities(matrix, Patterns.firstOnes(lit, MIRRORS))[0];
    // The standard deviation of an exponential law is its mean; fewer mirrors spread less.
    assertThat(intensity.mean()).isCloseTo(lit, within(Sample.ERRORS * lit / Math.sqrt(PIXELS)));
  }

  @ParameterizedTest
  @CsvSource({
    "PROCEDURAL, 16",
    "PROCEDURAL, 100",
    "PROCEDURAL, 300",
    "GAUSSIAN32, 1",
    "GAUSSIAN32, 16",
    "GAUSSIAN32, 300"
  })
  void intensityIsExponential(TransmissionMatrix matrix, int lit) {
    double excess = Math.abs(excess(matrix));
    Sample intensity = intensities(matrix, Patterns.firstOnes(lit, MIRRORS))[0];
    // For an exponential law the sampling variance of deviation / mean is 1 / M; a finite number of
    // mirrors lowers the variance of I by |excess| / (2 lit), the contrast by half of that.
    double bound = Sample.ERRORS / Math.sqrt(PIXELS) + excess / (4 * lit);
    assertThat(intensity.deviation() / intensity.mean()).isCloseTo(1, within(bound));
    // Kolmogorov: sqrt(M) D exceeds 1.95 with probability 0.001. The law itself deviates by at most
    // the first Edgeworth term, |excess| / (8 lit).
    assertThat(intensity.distanceFromExponential(lit))
        .isLessThan(1.95 / Math.sqrt(PIXELS) + excess / (8 * lit));
  }

  @Test
  void oneMirrorIsNotExponentialButAsTheTableSays() {
    Sample intensity =
        intensities(TransmissionMatrix.PROCEDURAL, Patterns.firstOnes(1, MIRRORS))[0];
    // var |w|^2 = (2 + excess) / 2 for independent u and v of variance 1/2.
    double expected = Math.sqrt((2 + TABLE_EXCESS) / 2);
    assertThat(intensity.deviation())
        .isCloseTo(expected, within(Sample.ERRORS / Math.sqrt(PIXELS)));
    assertThat(TABLE_EXCESS).isCloseTo(-0.082, within(0.001));
  }

  /** E[|x.w|^2 |y.w|^2] = |x|^2 |y|^2 + (x.y)^2: the kernel of degree 2 of an OPU. */
  @ParameterizedTest
  @CsvSource({
    "PROCEDURAL, 0",
    "PROCEDURAL, 40",
    "PROCEDURAL, 80",
    "PROCEDURAL, 120",
    "GAUSSIAN32, 0",
    "GAUSSIAN32, 80",
    "GAUSSIAN32, 120"
  })
  void kernelOfDegreeTwo(TransmissionMatrix matrix, int common) {
    int lit = 120;
    byte[] frames = new byte[2 * MIRRORS];
    for (int i = 0; i < lit; i++) {
      frames[i] = 1;
      frames[MIRRORS + lit - common + i] = 1;
    }
    Sample[] intensities = intensities(matrix, frames);
    double mean = 0;
    for (int pixel = 0; pixel < PIXELS; pixel++) {
      mean += intensities[0].values()[pixel] * intensities[1].values()[pixel] / PIXELS;
    }
    double product = (double) lit * lit;
    double r = Math.pow((double) common / lit, 2);
    // Laguerre expansion for two exponentials of correlation r: E[I^2 J^2] = 4 + 16 r + 4 r^2.
    double deviation = product * Math.sqrt(4 + 16 * r + 4 * r * r - Math.pow(1 + r, 2));
    assertThat(mean)
        .isCloseTo(
            product + Math.pow(common, 2), within(Sample.ERRORS * deviation / Math.sqrt(PIXELS)));
  }

  /** Entries of the real matrix, in units in which those of T have root mean square sqrt 2. */
  @ParameterizedTest
  @EnumSource(
      value = TransmissionMatrix.class,
      names = {"PROCEDURAL", "GAUSSIAN32"})
  void retrievedEntriesAreNormalOfVarianceOneAndUncorrelated(TransmissionMatrix matrix) {
    int mirrors = 128;
    int pixels = 2048;
    byte[] unitVectors = new byte[mirrors * mirrors];
    for (int i = 0; i < mirrors; i++) {
      unitVectors[i * (mirrors + 1)] = 1;
    }
    OpuSettings settings =
        OpuSettings.ideal().withMatrix(matrix).withReadout(new LinearReadout(0, true));
    float[] y = lab.project(settings, mirrors, pixels, SEED, unitVectors);
    Sample all = Sample.of(y);
    double draws = all.size();
    // A pixel's entries add up to its bias, which is taken out: mean 0 exactly, up to rounding, and
    // one of n degrees of freedom less.
    assertThat(all.mean()).isCloseTo(0, within(1e-5));
    assertThat(all.variance())
        .isCloseTo(1 - 1.0 / mirrors, within(Sample.ERRORS * Math.sqrt(2 / draws)));
    // A random phase mixes u and v: E[cos^4 + sin^4] = 3/4 of the table's excess is left.
    assertThat(all.kurtosis())
        .isCloseTo(3 + 0.75 * excess(matrix), within(Sample.ERRORS * Math.sqrt(24 / draws)));
    assertThat(all.kurtosis()).isCloseTo(3, within(0.15));

    Sample[] columns = new Sample[mirrors];
    for (int i = 0; i < mirrors; i++) {
      columns[i] = Sample.of(y, i * pixels, (i + 1) * pixels);
    }
    double largest = 0;
    for (int i = 0; i < mirrors; i++) {
      for (int j = 0; j < i; j++) {
        largest = Math.max(largest, Math.abs(columns[i].correlation(columns[j])));
      }
    }
    // 8128 pairs: 6 errors are exceeded with probability 2e-5; -1 / (n - 1) comes from the bias.
    assertThat(largest).isLessThan(6 / Math.sqrt(pixels) + 1.0 / (mirrors - 1));
  }
}
