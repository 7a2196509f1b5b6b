package dev.feedlight.device.reference;

import dev.feedlight.device.StepControl;
import dev.feedlight.device.TrainingOperation;
import dev.feedlight.tensor.Philox;

/** Dropout, and gradients that are kept. */
final class ReferenceTraining {
  private ReferenceTraining() {}

  static void dropout(TrainingOperation.Dropout op) {
    Cells out = new Cells(op.result());
    Cells in = new Cells(op.source());
    long first = new ControlWords(op.control()).wide(StepControl.PROJECTION);
    float kept = (float) (1 / (1 - (double) op.rate()));
    long bar = Math.round(op.rate() * Math.pow(2, 24));
    int[] block = new int[4];
    for (long row = 0; row < out.rows(); row++) {
      long sample = first + row;
      for (long column = 0; column < out.columns(); column++) {
        Philox.block(op.key(), (int) (column / 4), (int) sample, (int) (sample >>> 32), 0, block);
        boolean dropped = block[(int) (column % 4)] >>> 8 < bar;
        out.put(row, column, in.real(row, column) * (dropped ? 0 : kept));
      }
    }
  }

  static void gradientNorm(TrainingOperation.GradientNorm op) {
    ControlWords words = new ControlWords(op.control());
    if (words.failed()) {
      return;
    }
    double squares = 0;
    double norm = 0;
    for (TrainingOperation.GradientNorm.Part part : op.parts()) {
      Cells g = new Cells(part.gradient());
      for (long row = 0; row < g.rows(); row++) {
        for (long column = 0; column < g.columns(); column++) {
          squares += (double) g.real(row, column) * g.real(row, column);
        }
      }
      norm = op.scale() * Math.sqrt(squares);
      if (!Float.isFinite((float) norm)) {
        words.fail(part.block());
      }
    }
    double factor = op.scale() * Math.min(1, op.limit() / norm);
    new Cells(op.norm()).put(0, 0, (float) norm);
    new Cells(op.factor()).put(0, 0, words.failed() ? 0 : (float) factor);
  }

  static void applyGradient(TrainingOperation.ApplyGradient op) {
    ControlWords words = new ControlWords(op.control());
    if (words.failed()) {
      return;
    }
    Cells g = new Cells(op.gradient());
    double factor = new Cells(op.factor()).real(0, 0);
    ReferenceOptimizer optimizer = new ReferenceOptimizer(op.optimizer(), op.parameter(), words);
    for (long row = 0; row < g.rows(); row++) {
      for (long column = 0; column < g.columns(); column++) {
        optimizer.step(row, column, factor * g.real(row, column));
      }
    }
  }
}
