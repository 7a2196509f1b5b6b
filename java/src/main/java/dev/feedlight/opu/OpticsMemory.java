package dev.feedlight.opu;

import static java.lang.Math.addExact;
import static java.lang.Math.multiplyExact;

import dev.feedlight.device.FieldExtents;
import dev.feedlight.device.MemoryNeed;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.StructuredTransmission;
import java.util.List;

/**
 * What {@link EmulatedOpu} allocates, in the order in which {@link Calibration} does; a test holds
 * the two together.
 */
final class OpticsMemory {
  private final OpuSettings settings;
  private final long inputs;
  private final long outputs;
  private final long parts;

  OpticsMemory(OpuSettings settings, long inputs, long outputs) {
    this.settings = settings;
    this.inputs = inputs;
    this.outputs = outputs;
    this.parts = settings.drift().drifts() ? 2 : 1;
  }

  MemoryNeed need() {
    PixelSelection selection = settings.readout().selection();
    long numbers = selection.selects() ? multiplyExact(4, outputs) : 0;
    long kept = addExact(StepControl.BYTES, addExact(numbers, calibrated(outputs)));
    long peak = addExact(StepControl.BYTES + numbers, whileCalibrated(outputs));
    if (selection.selects()) {
      // The region stays until the selected pixels are calibrated too.
      long region = selection.region(outputs);
      peak = addExact(peak, calibrated(region));
      peak = Math.max(peak, addExact(StepControl.BYTES, whileCalibrated(region)));
    }
    if (settings.drift().drifts()) {
      // The anchor is measured again: its field, the pattern, the frame.
      long again = addExact(inputs, multiplyExact(12, outputs));
      peak = Math.max(peak, addExact(kept, again));
    }
    return new MemoryNeed(kept, Math.max(kept, peak));
  }

  /** Fields of a unit that projects so many vectors at once. */
  List<FieldExtents> fields(long samples) {
    PixelSelection selection = settings.readout().selection();
    long region = selection.selects() ? selection.region(outputs) : outputs;
    long transform =
        settings.matrix() == TransmissionMatrix.STRUCTURED
            ? StructuredTransmission.size(inputs, region)
            : 0;
    return List.of(
        new FieldExtents(1, region, transform, 1),
        new FieldExtents(samples, outputs, transform, Math.toIntExact(parts)));
  }

  /** Medium and anchor of so many pixels. */
  private long calibrated(long rows) {
    long response = settings.sensor().hasDefects() ? multiplyExact(8, rows) : 0;
    long weights = settings.drift().drifts() ? 8 : 0;
    long matrices = multiplyExact(parts, multiplyExact(rows, matrixBytesPerPixel()));
    long fields = multiplyExact(8, multiplyExact(parts, rows));
    long counts = multiplyExact(4, rows);
    return addExact(addExact(response + weights, matrices), addExact(fields, counts));
  }

  /** The pattern of all mirrors, and after it the anchor frame, before its counts are kept. */
  private long whileCalibrated(long rows) {
    return addExact(
        calibrated(rows) - multiplyExact(4, rows), Math.max(inputs, multiplyExact(4, rows)));
  }

  private long matrixBytesPerPixel() {
    if (settings.dmd().mirrorsPerInput(inputs) > 1) {
      return multiplyExact(8, inputs);
    }
    return switch (settings.matrix()) {
      case PROCEDURAL, STRUCTURED -> 0;
      case STORED -> multiplyExact(2, inputs);
      case GAUSSIAN32, CURAND -> multiplyExact(8, inputs);
    };
  }
}
