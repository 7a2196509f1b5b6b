package dev.feedlight.device.reference;

import dev.feedlight.device.PixelMap;
import dev.feedlight.device.Transmission;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Tensor;

/** A transmission matrix that turns one pattern into fields at all pixels that are read. */
interface ReferenceMedium {
  /**
   * Fields of the mirrors of a sample whose entry is the one given.
   *
   * @param pattern batch x inputs
   * @param sample row of the pattern
   * @param selected entry of the mirrors that are on
   * @return one field per output
   */
  Field[] fields(Cells pattern, long sample, int selected);

  /**
   * Field of a ternary pattern: that of its positive mirrors less that of its negative ones.
   *
   * @param pattern batch x inputs
   * @param sample row of the pattern
   * @return one field per output
   */
  default Field[] signed(Cells pattern, long sample) {
    Field[] positive = fields(pattern, sample, 1);
    Field[] negative = fields(pattern, sample, -1);
    Field[] fields = new Field[positive.length];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = positive[i].minus(negative[i]);
    }
    return fields;
  }

  /** Any matrix. */
  static ReferenceMedium of(Transmission transmission, PixelMap pixels) {
    return switch (transmission) {
      case Transmission.Stored(Tensor entries) when entries.dtype() == DType.F32 ->
          (pattern, sample, selected) -> floats(new Cells(entries), pattern, sample, selected);
      case Transmission.Stored _, Transmission.Procedural _ -> bytes(transmission, pixels);
      case Transmission.Structured structured -> new ReferenceStructured(structured, pixels);
      case Transmission.Drifting drifting -> new ReferenceDrifting(drifting, pixels);
    };
  }

  private static ReferenceMedium bytes(Transmission transmission, PixelMap pixels) {
    SpeckleRow[] rows = new SpeckleRow[Math.toIntExact(transmission.outputs())];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = SpeckleRow.of(transmission, i, number(pixels, i));
    }
    return (pattern, sample, selected) -> {
      Field[] fields = new Field[rows.length];
      for (int i = 0; i < rows.length; i++) {
        long real = 0;
        long imaginary = 0;
        for (int input = 0; input < pattern.columns(); input++) {
          if (pattern.integer(sample, input) == selected) {
            real += rows[i].real()[input];
            imaginary += rows[i].imaginary()[input];
          }
        }
        fields[i] = new Field.Exact(real, imaginary);
      }
      return fields;
    };
  }

  private static Field[] floats(Cells entries, Cells pattern, long sample, int selected) {
    int outputs = Math.toIntExact(entries.rows() / 2);
    Field[] fields = new Field[outputs];
    for (int i = 0; i < outputs; i++) {
      double real = 0;
      double imaginary = 0;
      for (int input = 0; input < pattern.columns(); input++) {
        if (pattern.integer(sample, input) == selected) {
          real += entries.real(i, input);
          imaginary += entries.real(outputs + i, input);
        }
      }
      fields[i] = new Field.Rounded((float) real, (float) imaginary);
    }
    return fields;
  }

  /** Number of the pixel that is output i. */
  static long number(PixelMap pixels, long i) {
    return pixels.numbers() == null ? i : new Cells(pixels.numbers()).integer(0, i);
  }

  /** Fields of a drifting medium from those of its two ends. */
  static Field[] mix(Cells weights, Field[] start, Field[] end) {
    Field[] mixed = new Field[start.length];
    for (int i = 0; i < mixed.length; i++) {
      mixed[i] =
          new Field.Rounded(
              mix(weights, start[i].realPart(), end[i].realPart()),
              mix(weights, start[i].imaginaryPart(), end[i].imaginaryPart()));
    }
    return mixed;
  }

  private static float mix(Cells weights, float start, float end) {
    float first = weights.real(0, 0) * start;
    float second = weights.real(0, 1) * end;
    return first + second;
  }
}
