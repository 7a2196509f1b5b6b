package dev.feedlight.device.reference;

import dev.feedlight.device.OpticalOperation;
import dev.feedlight.device.PixelMap;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Philox;

/** The transmission matrix and the field behind it. */
final class ReferenceSpeckle {
  private ReferenceSpeckle() {}

  static void generate(OpticalOperation.SpeckleGenerate op) {
    Cells cells = new Cells(op.entries());
    long outputs = cells.rows() / 2;
    for (long i = 0; i < outputs; i++) {
      SpeckleRow bytes = row(op.key(), op.pixels(), i, cells.columns());
      for (int column = 0; column < cells.columns(); column++) {
        cells.put(i, column, (int) bytes.real()[column]);
        cells.put(outputs + i, column, (int) bytes.imaginary()[column]);
      }
    }
  }

  static void macropixels(OpticalOperation.MacropixelGenerate op) {
    Cells cells = new Cells(op.entries());
    long outputs = cells.rows() / 2;
    for (long i = 0; i < outputs; i++) {
      SpeckleRow bytes = row(op.key(), op.pixels(), i, cells.columns() * op.mirrors());
      for (int column = 0; column < cells.columns(); column++) {
        int real = 0;
        int imaginary = 0;
        for (long mirror = 0; mirror < op.mirrors(); mirror++) {
          int at = Math.toIntExact(column * op.mirrors() + mirror);
          real += bytes.real()[at];
          imaginary += bytes.imaginary()[at];
        }
        cells.put(i, column, (float) real);
        cells.put(outputs + i, column, (float) imaginary);
      }
    }
  }

  private static SpeckleRow row(long key, PixelMap pixels, long i, long columns) {
    return SpeckleRow.generate(key, ReferenceMedium.number(pixels, i), Math.toIntExact(columns));
  }

  static void gaussian(OpticalOperation.GaussianGenerate op) {
    Cells cells = new Cells(op.entries());
    long outputs = cells.rows() / 2;
    int[] words = new int[4];
    for (long i = 0; i < outputs; i++) {
      int pixel = Math.toIntExact(ReferenceMedium.number(op.pixels(), i));
      for (int column = 0; column < cells.columns(); column++) {
        Philox.block(op.key(), column / 2, pixel, 1, 0, words);
        int first = 2 * (column % 2);
        double u = (Integer.toUnsignedLong(words[first]) + 1) * 0x1p-32;
        double v = Integer.toUnsignedLong(words[first + 1]) * 0x1p-32;
        double modulus = Math.sqrt(-Math.log(u));
        cells.put(i, column, (float) (modulus * Math.cos(2 * Math.PI * v)));
        cells.put(outputs + i, column, (float) (modulus * Math.sin(2 * Math.PI * v)));
      }
    }
  }

  static void field(OpticalOperation.SpeckleField op) {
    Cells out = new Cells(op.field());
    Cells in = new Cells(op.pattern());
    ReferenceMedium medium = ReferenceMedium.of(op.transmission(), op.pixels());
    boolean ternary = op.pattern().dtype() == DType.S8;
    long outputs = op.transmission().outputs();
    for (long sample = 0; sample < in.rows(); sample++) {
      Field[] fields = ternary ? medium.signed(in, sample) : medium.fields(in, sample, 1);
      for (int pixel = 0; pixel < outputs; pixel++) {
        switch (fields[pixel]) {
          case Field.Exact(long real, long imaginary) -> {
            out.put(sample, pixel, Math.toIntExact(real));
            out.put(sample, outputs + pixel, Math.toIntExact(imaginary));
          }
          case Field.Rounded(float real, float imaginary) -> {
            out.put(sample, pixel, real);
            out.put(sample, outputs + pixel, imaginary);
          }
        }
      }
    }
  }
}
