package dev.feedlight.device.reference;

import dev.feedlight.device.PixelMap;
import dev.feedlight.device.Transmission;
import java.util.function.IntUnaryOperator;

/** Fast Hadamard products in place of a matrix. */
final class ReferenceStructured implements ReferenceMedium {
  private final Transmission.Structured structured;
  private final PixelMap pixels;

  ReferenceStructured(Transmission.Structured structured, PixelMap pixels) {
    this.structured = structured;
    this.pixels = pixels;
  }

  @Override
  public Field[] fields(Cells pattern, long sample, int selected) {
    return fields(pattern, sample, (IntUnaryOperator) entry -> entry == selected ? 1 : 0);
  }

  @Override
  public Field[] signed(Cells pattern, long sample) {
    return fields(pattern, sample, IntUnaryOperator.identity());
  }

  private Field[] fields(Cells pattern, long sample, IntUnaryOperator mirror) {
    int[] row = new int[Math.toIntExact(pattern.columns())];
    for (int i = 0; i < row.length; i++) {
      row[i] = mirror.applyAsInt(pattern.integer(sample, i));
    }
    int size = Math.toIntExact(structured.size());
    StructuredField all = StructuredField.of(structured.key(), row, size, size);
    Field[] fields = new Field[Math.toIntExact(structured.outputs())];
    for (int i = 0; i < fields.length; i++) {
      int pixel = Math.toIntExact(ReferenceMedium.number(pixels, i));
      fields[i] = new Field.Rounded(all.real()[pixel], all.imaginary()[pixel]);
    }
    return fields;
  }
}
