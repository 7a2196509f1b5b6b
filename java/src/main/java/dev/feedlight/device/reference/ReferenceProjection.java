package dev.feedlight.device.reference;

import dev.feedlight.device.CameraResponse;
import dev.feedlight.device.ReadOut;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.Transmission;
import dev.feedlight.tensor.Tensor;

/** Four frames and their linear read-out, in single precision and in the stated order. */
final class ReferenceProjection {
  private final Cells anchorField;
  private final Cells anchorCounts;
  private final CameraResponse response;
  private final ReferenceCamera camera;
  private final ReadOut readOut;
  private final long firstProjection;

  ReferenceProjection(
      Tensor anchorField,
      Tensor anchorCounts,
      CameraResponse response,
      ReadOut readOut,
      long noiseKey,
      StepControl control) {
    this.anchorField = new Cells(anchorField);
    this.anchorCounts = new Cells(anchorCounts);
    this.response = response;
    this.camera = new ReferenceCamera(response, noiseKey);
    this.readOut = readOut;
    this.firstProjection = new ControlWords(control).wide(StepControl.PROJECTION);
  }

  void project(
      Tensor signal, Tensor ternary, Tensor counts, Tensor rowScale, Transmission transmission) {
    Cells out = new Cells(signal);
    Cells in = new Cells(ternary);
    Cells n = new Cells(counts);
    Cells scale = new Cells(rowScale);
    for (long pixel = 0; pixel < transmission.outputs(); pixel++) {
      SpeckleRow row = SpeckleRow.of(transmission, pixel);
      Field anchor =
          new Field(
              anchorField.integer(0, pixel),
              anchorField.integer(0, transmission.outputs() + pixel));
      for (long sample = 0; sample < out.rows(); sample++) {
        Field positive = field(row, in, sample, 1);
        Field negative = field(row, in, sample, -1);
        long projection = firstProjection + sample;
        float d = root(anchor, pixel);
        float y =
            response.ideal()
                ? exact(anchor, positive, negative, d)
                : measured(anchor, positive, negative, d, pixel, projection);
        if (readOut.removeAnchorBias()) {
          int difference = n.integer(sample, 0) - n.integer(sample, 1);
          float imbalance = (float) difference / (float) in.columns();
          float bias = imbalance * d;
          y = y - bias;
        }
        float inUnits = y * readOut.unit();
        out.put(sample, pixel, inUnits * scale.real(0, sample));
      }
    }
  }

  /** The field of the mirrors that are on in one of the two patterns P and N. */
  private static Field field(SpeckleRow row, Cells ternary, long sample, int selected) {
    long real = 0;
    long imaginary = 0;
    for (int input = 0; input < ternary.columns(); input++) {
      if (ternary.integer(sample, input) == selected) {
        real += row.real()[input];
        imaginary += row.imaginary()[input];
      }
    }
    return new Field(real, imaginary);
  }

  private float root(Field anchor, long pixel) {
    float brightness =
        response.ideal()
            ? (float) anchor.intensity() * response.gain()
            : anchorCounts.real(0, pixel);
    return (float) Math.sqrt(Math.max(brightness, readOut.anchorFloor()));
  }

  /** (I(P) - I(1-P) - I(N) + I(1-N)) / 2 = Re(conj(anchor) (P - N)), in exact integers. */
  private float exact(Field anchor, Field positive, Field negative, float d) {
    if (d == 0) {
      return 0;
    }
    Field difference = positive.minus(negative);
    long product =
        Math.addExact(
            Math.multiplyExact(anchor.real(), difference.real()),
            Math.multiplyExact(anchor.imaginary(), difference.imaginary()));
    float numerator = (float) product * response.gain();
    return numerator / d;
  }

  private float measured(
      Field anchor, Field positive, Field negative, float d, long pixel, long projection) {
    if (d == 0) {
      return 0;
    }
    float p = camera.count(positive.intensity(), pixel, projection, 0);
    float notP = camera.count(anchor.minus(positive).intensity(), pixel, projection, 1);
    float n = camera.count(negative.intensity(), pixel, projection, 2);
    float notN = camera.count(anchor.minus(negative).intensity(), pixel, projection, 3);
    float numerator = ((p - notP) - n) + notN;
    return numerator / (2 * d);
  }

  private record Field(long real, long imaginary) {
    Field minus(Field other) {
      return new Field(real - other.real, imaginary - other.imaginary);
    }

    long intensity() {
      return ReferenceCamera.intensity(real, imaginary);
    }
  }
}
