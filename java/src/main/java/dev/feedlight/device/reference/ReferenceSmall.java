package dev.feedlight.device.reference;

import dev.feedlight.device.NormalTable;
import dev.feedlight.device.Operation;
import dev.feedlight.device.StepControl;
import dev.feedlight.tensor.Philox;
import dev.feedlight.tensor.Tensor;

/** Fills, checks and reductions. */
final class ReferenceSmall {
  private ReferenceSmall() {}

  static void fill(Tensor target, float value) {
    Cells cells = new Cells(target);
    for (long row = 0; row < cells.rows(); row++) {
      for (long column = 0; column < cells.columns(); column++) {
        cells.put(row, column, value);
      }
    }
  }

  static void randomFill(Operation.RandomFill random) {
    Cells cells = new Cells(random.target());
    float[] normal = NormalTable.values();
    int[] block = new int[4];
    for (long row = 0; row < cells.rows(); row++) {
      for (long column = 0; column < cells.columns(); column++) {
        long element = row * cells.columns() + column;
        long counter = element / 4;
        Philox.block(random.key(), (int) counter, (int) (counter >>> 32), 0, 0, block);
        int word = block[(int) (element & 3)];
        float law =
            switch (random.distribution()) {
              case UNIFORM -> (word >>> 8) * 0x1p-23f - 1;
              case NORMAL -> normal[word >>> NormalTable.INDEX_SHIFT];
            };
        cells.put(row, column, law * random.scale());
      }
    }
  }

  static void finiteCheck(Tensor values, int block, StepControl control) {
    Cells cells = new Cells(values);
    ControlWords words = new ControlWords(control);
    for (long row = 0; row < cells.rows(); row++) {
      for (long column = 0; column < cells.columns(); column++) {
        if (!Float.isFinite(cells.real(row, column))) {
          words.fail(block);
        }
      }
    }
  }

  static void errorNormScale(
      Tensor rowScale, Tensor error, Tensor counts, float gain, long outputs) {
    Cells scale = new Cells(rowScale);
    Cells e = new Cells(error);
    Cells n = new Cells(counts);
    for (long sample = 0; sample < e.rows(); sample++) {
      double squares = 0;
      for (long column = 0; column < e.columns(); column++) {
        squares += (double) e.real(sample, column) * e.real(sample, column);
      }
      double mirrors = (double) n.integer(sample, 0) + n.integer(sample, 1);
      double value = mirrors == 0 ? 0 : gain * Math.sqrt(squares) / Math.sqrt(mirrors * outputs);
      scale.put(0, sample, (float) value);
    }
  }

  static void subtractBatchMean(Tensor signal) {
    Cells cells = new Cells(signal);
    for (long column = 0; column < cells.columns(); column++) {
      double sum = 0;
      for (long sample = 0; sample < cells.rows(); sample++) {
        sum += cells.real(sample, column);
      }
      double mean = sum / cells.rows();
      for (long sample = 0; sample < cells.rows(); sample++) {
        cells.put(sample, column, (float) (cells.real(sample, column) - mean));
      }
    }
  }
}
