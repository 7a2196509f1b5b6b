package dev.feedlight.device.reference;

import dev.feedlight.device.PixelMap;
import dev.feedlight.device.Transmission;

/** A medium between two matrices. */
final class ReferenceDrifting implements ReferenceMedium {
  private final Transmission.Drifting drifting;
  private final ReferenceMedium start;
  private final ReferenceMedium end;
  private final Cells weights;

  ReferenceDrifting(Transmission.Drifting drifting, PixelMap pixels) {
    this.drifting = drifting;
    this.start = ReferenceMedium.of(drifting.start(), pixels);
    this.end = ReferenceMedium.of(drifting.end(), pixels);
    this.weights = new Cells(drifting.weights());
  }

  @Override
  public Field[] fields(Cells pattern, long sample, int selected) {
    return ReferenceMedium.mix(
        weights, start.fields(pattern, sample, selected), end.fields(pattern, sample, selected));
  }

  @Override
  public Field[] signed(Cells pattern, long sample) {
    return drifting.start() instanceof Transmission.Structured
        ? ReferenceMedium.mix(weights, start.signed(pattern, sample), end.signed(pattern, sample))
        : ReferenceMedium.super.signed(pattern, sample);
  }
}
