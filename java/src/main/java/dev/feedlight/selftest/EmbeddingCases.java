package dev.feedlight.selftest;

import dev.feedlight.device.Gradients;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.TransformerOperation;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** Cases of embeddings and of the residual sum. */
final class EmbeddingCases {
  /**
   * Extents of an embedding.
   *
   * @param sequences how many
   * @param context tokens of each
   * @param vocabulary rows of the token table
   * @param width columns
   */
  private record Extents(int sequences, int context, int vocabulary, int width) {
    int rows() {
      return sequences * context;
    }

    @Override
    public String toString() {
      return sequences + " x " + context + " tokens of " + vocabulary + " -> " + width;
    }
  }

  private static final List<Extents> EXTENTS =
      List.of(
          new Extents(1, 1, 1, 1),
          new Extents(1, 7, 3, 5),
          new Extents(5, 1, 2, 17),
          new Extents(3, 5, 11, 16),
          new Extents(2, 24, 127, 31),
          new Extents(4, 24, 10, 33),
          // More than a block of columns and of tokens; most tokens of a large table never occur.
          new Extents(11, 24, 301, 257));

  /** More rows than a sort takes at once: of tokens that need three bytes, and of two only. */
  private static final List<Extents> MANY_ROWS =
      List.of(new Extents(47, 24, 66_000, 1), new Extents(90, 12, 2, 5));

  private EmbeddingCases() {}

  static void addTo(CaseList cases) {
    for (Extents extents : EXTENTS) {
      for (Layout layout : Layout.values()) {
        addForward(cases, extents, layout);
        addUpdate(cases, extents, layout, "sgd", false);
        addUpdate(cases, extents, layout, "adam", false);
        addAccumulate(cases, extents, layout, 0);
        addAccumulate(cases, extents, layout, 1);
        addSum(cases, extents, layout);
      }
    }
    MANY_ROWS.forEach(extents -> addAccumulate(cases, extents, Layout.DENSE, 0));
    addUpdate(cases, EXTENTS.get(3), Layout.DENSE, "momentum", true);
    UpdateCases.OPTIMIZERS.keySet().stream()
        .filter(name -> !name.equals("sgd") && !name.equals("adam"))
        .sorted()
        .forEach(name -> addUpdate(cases, EXTENTS.get(3), Layout.DENSE, name, false));
  }

  private static void addForward(CaseList cases, Extents extents, Layout layout) {
    cases.add(
        TransformerOperation.EmbeddingForward.class,
        extents.toString(),
        layout.toString(),
        bench -> {
          Operands o = new Operands(bench, extents);
          Parameter table = bench.parameter("token table", o.table);
          Parameter positions = bench.parameter("position table", o.positions);
          Tensor tokens = o.tokens(bench);
          Tensor y =
              bench.result(
                  "y",
                  layout,
                  new Shape(extents.rows(), extents.width),
                  Tolerance.exact("one sum of two floats, rounded once"));
          bench.issue(ops -> ops.embeddingForward(y, tokens, table, positions));
        });
  }

  private static void addUpdate(
      CaseList cases, Extents extents, Layout layout, String name, boolean failed) {
    Optimizer optimizer = UpdateCases.OPTIMIZERS.get(name);
    cases.add(
        TransformerOperation.EmbeddingUpdate.class,
        extents.toString(),
        name + " " + layout + (failed ? " after a failure" : ""),
        bench -> {
          Operands o = new Operands(bench, extents);
          Parameter table =
              bench.parameter("token table", o.table, Parameter.Group.WEIGHTS, optimizer);
          Parameter positions =
              bench.parameter("position table", o.positions, Parameter.Group.BIASES, optimizer);
          UpdateExpectation expectation = new UpdateExpectation(bench, Rounding.SUM_REASON, failed);
          expectation.follow(table, o.table, optimizer, () -> List.of(o.tableGradient()));
          expectation.follow(
              positions, o.positions, optimizer, () -> List.of(o.positionGradient()));
          o.update(bench, layout, table, positions, new UpdateTarget.Apply(optimizer), failed);
        });
  }

  private static void addAccumulate(CaseList cases, Extents extents, Layout layout, float beta) {
    cases.add(
        TransformerOperation.EmbeddingUpdate.class,
        extents.toString(),
        "accumulate beta " + beta + " " + layout,
        bench -> {
          Operands o = new Operands(bench, extents);
          Parameter table = bench.parameter("token table", o.table);
          Parameter positions = bench.parameter("position table", o.positions);
          UpdateExpectation expectation = new UpdateExpectation(bench, Rounding.SUM_REASON, false);
          Tensor tokenGradient =
              expectation.gradient("token gradient", o.table, beta, o::tableGradient);
          Tensor positionGradient =
              expectation.gradient("position gradient", o.positions, beta, o::positionGradient);
          Gradients gradients =
              new Gradients(Map.of(table, tokenGradient, positions, positionGradient));
          UpdateTarget target = new UpdateTarget.Accumulate(gradients, beta);
          o.update(bench, layout, table, positions, target, false);
        });
  }

  private static void addSum(CaseList cases, Extents extents, Layout layout) {
    for (boolean inPlace : new boolean[] {false, true}) {
      cases.add(
          TransformerOperation.ResidualAdd.class,
          extents.rows() + " x " + extents.width,
          layout + (inPlace ? " in place" : ""),
          bench -> {
            Matrix left = bench.values().uniform(extents.rows(), extents.width);
            Tensor x = bench.floats("x", layout, left);
            Tensor y =
                bench.floats("y", layout, bench.values().uniform(extents.rows(), extents.width));
            Tolerance exact = Tolerance.exact("one sum of two floats, rounded once");
            Tensor sum = inPlace ? y : bench.result("sum", layout, left.shape(), exact);
            bench.compare(sum, exact);
            bench.issue(ops -> ops.residualAdd(sum, x, y));
          });
    }
  }

  /** Host values of a case. */
  private static final class Operands {
    private final Extents extents;
    private final int[] tokens;
    private final Matrix table;
    private final Matrix positions;
    private final Matrix dy;

    Operands(Workbench bench, Extents extents) {
      Values v = bench.values();
      this.extents = extents;
      this.tokens = v.labels(extents.rows(), extents.vocabulary);
      this.table = v.uniform(extents.vocabulary, extents.width);
      this.positions = v.uniform(extents.context, extents.width);
      this.dy = v.uniform(extents.rows(), extents.width);
    }

    Tensor tokens(Workbench bench) {
      return bench.integers("tokens", Layout.DENSE, new Shape(tokens.length, 1), tokens);
    }

    WeightGradient tableGradient() {
      return gradient(tokens, extents.vocabulary);
    }

    WeightGradient positionGradient() {
      int[] places = new int[tokens.length];
      for (int row = 0; row < places.length; row++) {
        places[row] = row % extents.context;
      }
      return gradient(places, extents.context);
    }

    private WeightGradient gradient(int[] numbers, int rows) {
      double[] value = new double[rows * extents.width];
      double[] error = new double[value.length];
      for (int row = 0; row < numbers.length; row++) {
        for (int c = 0; c < extents.width; c++) {
          int place = numbers[row] * extents.width + c;
          value[place] += dy.at(row, c);
          error[place] += Math.abs(dy.at(row, c));
        }
      }
      for (int i = 0; i < error.length; i++) {
        error[i] = Rounding.sum(numbers.length, error[i]);
      }
      return new WeightGradient(value, error);
    }

    void update(
        Workbench bench,
        Layout layout,
        Parameter tokenTable,
        Parameter positionTable,
        UpdateTarget target,
        boolean failed) {
      Tensor numbers = tokens(bench);
      Tensor signal = bench.floats("dy", layout, dy);
      StepControl control = bench.control(0);
      Optimizer optimizer =
          target instanceof UpdateTarget.Apply(Optimizer rule) ? rule : Optimizer.sgd();
      control.begin(optimizer, UpdateExpectation.LEARNING_RATE, 0, 1);
      if (failed) {
        bench.fail(control, 3);
      }
      bench.issue(
          ops -> ops.embeddingUpdate(tokenTable, positionTable, numbers, signal, target, control));
    }
  }
}
