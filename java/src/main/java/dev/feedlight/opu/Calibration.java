package dev.feedlight.opu;

import dev.feedlight.device.CameraResponse;
import dev.feedlight.device.Device;
import dev.feedlight.device.PixelMap;
import dev.feedlight.device.Scope;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Philox;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Stream;
import dev.feedlight.tensor.Tensor;
import java.util.Arrays;

/**
 * Makes a unit ready: looks at the anchor over the whole region, sets the exposure, selects the
 * pixels, and keeps the medium and the anchor of those.
 *
 * @param medium of the selected pixels
 * @param pixels their numbers and defects
 * @param anchorField fields of all mirrors
 * @param anchorCounts the anchor frame less the dark offset
 * @param camera the response at the exposure that was set
 * @param report what was found
 */
record Calibration(
    Medium medium,
    PixelMap pixels,
    Tensor anchorField,
    Tensor anchorCounts,
    CameraResponse camera,
    CalibrationReport report) {
  /** Noise of anchor frames: four frames of a projection come before. */
  static final int ANCHOR_FRAME = LinearReadout.FRAMES;

  /**
   * Calibrates.
   *
   * @param scope owns what is kept
   */
  static Calibration of(
      Device device, Scope scope, OpuSettings settings, long inputs, long outputs, long seed) {
    Calibrator calibrator = new Calibrator(device, settings, inputs, outputs, seed);
    return calibrator.run(scope);
  }

  /** Key of the camera's noise. */
  static long noiseKey(long seed) {
    return Philox.deriveKey(seed, Stream.CAMERA, 0);
  }

  /** The anchor frame as the camera sees it at a projection, less the dark offset. */
  static float[] frame(
      Device device,
      Tensor field,
      CameraResponse camera,
      PixelMap pixels,
      long noiseKey,
      long projection) {
    Shape shape = Shape.vector(field.columns() / 2);
    float[] counts = new float[shape.arrayLength()];
    try (Scope scope = device.openScope("OPU anchor frame")) {
      Tensor frame = scope.allocate("anchor frame", shape, DType.F32);
      device.eager().cameraExpose(frame, field, camera, pixels, noiseKey, projection, ANCHOR_FRAME);
      device.read(frame, counts);
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] -= camera.darkOffset();
    }
    return counts;
  }

  /** The steps, and what they share. */
  private static final class Calibrator {
    private final Device device;
    private final OpuSettings settings;
    private final Medium.Request request;
    private final long outputs;
    private final int region;
    private final long seed;
    private final Sensor.Defect[] defects;

    Calibrator(Device device, OpuSettings settings, long inputs, long outputs, long seed) {
      this.device = device;
      this.settings = settings;
      this.outputs = outputs;
      this.seed = seed;
      PixelSelection selection = settings.readout().selection();
      long wanted = selection.selects() ? selection.region(outputs) : outputs;
      settings.sensor().require(wanted);
      // Refused before memory is allocated: more pixels than calibration can read back.
      new Shape(2, wanted).arrayLength();
      this.region = Math.toIntExact(wanted);
      this.request =
          new Medium.Request(
              settings.matrix(),
              settings.drift(),
              inputs,
              settings.dmd().mirrorsPerInput(inputs),
              region,
              seed);
      this.defects = defects();
    }

    private Sensor.Defect[] defects() {
      if (!settings.sensor().hasDefects()) {
        return null;
      }
      long key = Philox.deriveKey(seed, Stream.SENSOR, 0);
      int[] words = new int[4];
      Sensor.Defect[] found = new Sensor.Defect[region];
      for (int i = 0; i < region; i++) {
        found[i] = settings.sensor().defect(i, key, words);
      }
      return found;
    }

    Calibration run(Scope scope) {
      if (!settings.readout().selection().selects()) {
        return ofPixels(scope, null);
      }
      try (Scope temporary = device.openScope("OPU region")) {
        Calibration whole = ofPixels(temporary, null);
        float full = whole.camera.maxCount() - whole.camera.darkOffset();
        PixelSelection selection = settings.readout().selection();
        int[] numbers = selection.select(read(whole.anchorCounts), full, Math.toIntExact(outputs));
        return ofPixels(scope, new Selected(numbers, whole));
      }
    }

    /** Pixels that were selected from a calibrated region. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Selected(int[] numbers, Calibration region) {}

    private Calibration ofPixels(Scope scope, Selected selected) {
      long rows = selected == null ? region : outputs;
      PixelMap pixels = map(scope, selected);
      Medium medium =
          selected == null
              ? request.create(device, scope, rows, pixels)
              : request.select(device, scope, selected.region.medium, selected.numbers, pixels);
      Tensor field = medium.anchor(device, scope, pixels);
      CameraResponse camera =
          selected == null
              ? settings.camera().expose(meanIntensity(field), settings.sensor())
              : selected.region.camera;
      // The same pixels have the same noise: this is the frame that was selected from.
      float[] counts = frame(device, field.rowRange(0, 1), camera, pixels, noiseKey(seed), 0);
      requireLight(counts, camera);
      Tensor anchorCounts = scope.allocate("anchor counts", Shape.vector(rows), DType.F32);
      device.write(anchorCounts, counts);
      CalibrationReport report =
          selected == null ? report(counts, camera, medium) : selected.region.report;
      return new Calibration(medium, pixels, field, anchorCounts, camera, report);
    }

    private PixelMap map(Scope scope, Selected selected) {
      Tensor numbers = null;
      long selectedFrom = selected == null ? 0 : region;
      if (selected != null) {
        numbers = scope.allocate("pixel numbers", Shape.vector(outputs), DType.S32);
        device.write(numbers, selected.numbers);
      }
      if (defects == null) {
        return new PixelMap(numbers, selectedFrom, null);
      }
      int rows = selected == null ? region : selected.numbers.length;
      float[] response = new float[2 * rows];
      for (int i = 0; i < rows; i++) {
        Sensor.Defect defect = defects[selected == null ? i : selected.numbers[i]];
        response[i] = defect == Sensor.Defect.NONE ? 1 : 0;
        response[rows + i] = defect == Sensor.Defect.HOT ? settings.camera().hotCounts() : 0;
      }
      Tensor tensor = scope.allocate("pixel response", new Shape(2, rows), DType.F32);
      device.write(tensor, response);
      return new PixelMap(numbers, selectedFrom, tensor);
    }

    private double meanIntensity(Tensor anchor) {
      Tensor field = anchor.rowRange(0, 1);
      double sum = 0;
      if (field.dtype() == DType.S32) {
        int[] values = new int[field.shape().arrayLength()];
        device.read(field, values);
        for (int value : values) {
          sum += (double) value * value;
        }
      } else {
        for (float value : read(field)) {
          sum += (double) value * value;
        }
      }
      if (sum == 0) {
        throw new CalibrationException(
            "the anchor frame is dark: "
                + request.inputs()
                + " inputs onto "
                + region
                + " pixels interfere to nothing; another seed would help");
      }
      return 2 * sum / field.columns();
    }

    /** An anchor that is all dark, or all saturated, cannot be divided by. */
    private void requireLight(float[] counts, CameraResponse camera) {
      float full = camera.maxCount() - camera.darkOffset();
      boolean dark = true;
      boolean saturated = true;
      for (float count : counts) {
        dark &= count <= 0;
        saturated &= count >= full;
      }
      if (dark || saturated) {
        throw new CalibrationException(
            "all "
                + counts.length
                + " pixels of the anchor frame are "
                + (saturated ? "saturated" : "dark")
                + " at a mean of "
                + settings.camera().meanAnchorLevel()
                + " of full scale, "
                + settings.camera().bits()
                + " bits, dark offset "
                + settings.sensor().darkOffset()
                + "; "
                + (saturated
                    ? "less light (a smaller mean anchor level) or a smaller dark offset would help"
                    : "more light (a larger mean anchor level) or more bits would help"));
      }
    }

    private CalibrationReport report(float[] counts, CameraResponse camera, Medium medium) {
      PixelSelection selection = settings.readout().selection();
      float full = camera.maxCount() - camera.darkOffset();
      double floor = settings.readout().floorCounts(settings.camera());
      long dark = 0;
      long saturated = 0;
      long accepted = 0;
      double sum = 0;
      for (float count : counts) {
        sum += count;
        dark += count <= floor ? 1 : 0;
        saturated += count >= full ? 1 : 0;
        accepted += selection.accepts(count, full) ? 1 : 0;
      }
      Dmd dmd = settings.dmd();
      return new CalibrationReport(
          request.inputs(),
          outputs,
          request.mirrors(),
          dmd.unusedMirrors(request.inputs()),
          region,
          dark,
          saturated,
          count(Sensor.Defect.HOT),
          count(Sensor.Defect.DEAD),
          selection.selects() ? accepted : region,
          sum / counts.length,
          camera.maxCount(),
          camera.gain() * medium.scale() * medium.scale());
    }

    private long count(Sensor.Defect kind) {
      if (defects == null) {
        return 0;
      }
      return Arrays.stream(defects).filter(defect -> defect == kind).count();
    }

    private float[] read(Tensor tensor) {
      float[] values = new float[tensor.shape().arrayLength()];
      device.read(tensor, values);
      return values;
    }
  }
}
