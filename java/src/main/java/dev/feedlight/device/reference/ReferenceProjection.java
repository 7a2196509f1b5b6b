package dev.feedlight.device.reference;

import dev.feedlight.device.OpticalOperation;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.Transmission;

/** Four frames and their linear read-out, in single precision and in the stated order. */
final class ReferenceProjection {
  private final OpticalOperation.SpeckleProject op;
  private final ReferenceCamera camera;
  private final Field[] anchor;
  private final Cells anchorCounts;
  private final long firstProjection;

  ReferenceProjection(OpticalOperation.SpeckleProject op) {
    this.op = op;
    this.camera = new ReferenceCamera(op.camera(), op.pixels(), op.noiseKey());
    this.anchor = anchor(op);
    this.anchorCounts = new Cells(op.anchorCounts());
    this.firstProjection = new ControlWords(op.control()).wide(StepControl.PROJECTION);
  }

  private static Field[] anchor(OpticalOperation.SpeckleProject op) {
    Field[] start = anchorPart(op, 0);
    return op.transmission() instanceof Transmission.Drifting drifting
        ? ReferenceMedium.mix(new Cells(drifting.weights()), start, anchorPart(op, 1))
        : start;
  }

  private static Field[] anchorPart(OpticalOperation.SpeckleProject op, int part) {
    Cells cells = new Cells(op.anchorField());
    Field[] fields = new Field[Math.toIntExact(op.transmission().outputs())];
    for (int pixel = 0; pixel < fields.length; pixel++) {
      fields[pixel] = ReferenceCamera.field(cells, op.anchorField().dtype(), part, pixel);
    }
    return fields;
  }

  void project() {
    Cells out = new Cells(op.signal());
    Cells in = new Cells(op.ternary());
    Cells n = new Cells(op.counts());
    Cells scale = new Cells(op.rowScale());
    ReferenceMedium medium = ReferenceMedium.of(op.transmission(), op.pixels());
    for (long sample = 0; sample < out.rows(); sample++) {
      Field[] positive = medium.fields(in, sample, 1);
      Field[] negative = medium.fields(in, sample, -1);
      for (int pixel = 0; pixel < anchor.length; pixel++) {
        float d = root(pixel);
        float y =
            op.ideal()
                ? exact(anchor[pixel], positive[pixel].minus(negative[pixel]), d)
                : measured(positive[pixel], negative[pixel], d, pixel, firstProjection + sample);
        if (op.readOut().removeAnchorBias()) {
          int difference = n.integer(sample, 0) - n.integer(sample, 1);
          float imbalance = (float) difference / (float) in.columns();
          float bias = imbalance * d;
          y = y - bias;
        }
        float inUnits = y * op.readOut().unit();
        out.put(sample, pixel, inUnits * scale.real(0, sample));
      }
    }
  }

  private float root(int pixel) {
    float brightness =
        op.ideal() ? anchor[pixel].intensity() * op.camera().gain() : anchorCounts.real(0, pixel);
    return (float) Math.sqrt(Math.max(brightness, op.readOut().anchorFloor()));
  }

  /** (I(P) - I(1-P) - I(N) + I(1-N)) / 2 = Re(conj(anchor) (P - N)). */
  private float exact(Field anchor, Field difference, float d) {
    if (d == 0) {
      return 0;
    }
    float numerator = anchor.against(difference) * op.camera().gain();
    return numerator / d;
  }

  private float measured(Field positive, Field negative, float d, int pixel, long projection) {
    if (d == 0) {
      return 0;
    }
    float p = camera.count(positive.intensity(), pixel, projection, 0);
    float notP = camera.count(anchor[pixel].minus(positive).intensity(), pixel, projection, 1);
    float n = camera.count(negative.intensity(), pixel, projection, 2);
    float notN = camera.count(anchor[pixel].minus(negative).intensity(), pixel, projection, 3);
    float numerator = ((p - notP) - n) + notN;
    return numerator / (2 * d);
  }
}
