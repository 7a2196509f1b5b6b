package dev.feedlight.device.reference;

import dev.feedlight.device.Transmission;
import dev.feedlight.tensor.Tensor;

/** The transmission matrix and the field behind it. */
final class ReferenceSpeckle {
  private ReferenceSpeckle() {}

  static void generate(Tensor entries, long key) {
    Cells cells = new Cells(entries);
    long outputs = cells.rows() / 2;
    for (long row = 0; row < outputs; row++) {
      SpeckleRow bytes = SpeckleRow.generate(key, row, Math.toIntExact(cells.columns()));
      for (int column = 0; column < cells.columns(); column++) {
        cells.put(row, column, (int) bytes.real()[column]);
        cells.put(outputs + row, column, (int) bytes.imaginary()[column]);
      }
    }
  }

  static void field(Tensor field, Tensor pattern, Transmission transmission) {
    Cells out = new Cells(field);
    Cells in = new Cells(pattern);
    for (long pixel = 0; pixel < transmission.outputs(); pixel++) {
      SpeckleRow row = SpeckleRow.of(transmission, pixel);
      for (long sample = 0; sample < in.rows(); sample++) {
        long real = 0;
        long imaginary = 0;
        for (int input = 0; input < in.columns(); input++) {
          int mirror = in.integer(sample, input);
          real += mirror * row.real()[input];
          imaginary += mirror * row.imaginary()[input];
        }
        out.put(sample, pixel, Math.toIntExact(real));
        out.put(sample, transmission.outputs() + pixel, Math.toIntExact(imaginary));
      }
    }
  }
}
