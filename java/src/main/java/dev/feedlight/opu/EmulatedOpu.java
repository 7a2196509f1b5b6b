package dev.feedlight.opu;

import dev.feedlight.device.CameraResponse;
import dev.feedlight.device.Device;
import dev.feedlight.device.FieldExtents;
import dev.feedlight.device.MemoryNeed;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.PixelMap;
import dev.feedlight.device.ReadOut;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * The unit emulated on a device: fields, then camera and read-out. Calibrated when made: the anchor
 * frame (all mirrors on) sets the exposure, selects the pixels and is the divisor of the read-out.
 */
public final class EmulatedOpu {
  private final Device device;
  private final OpuSettings settings;
  private final long inputs;
  private final long outputs;
  private final long noiseKey;
  private final Medium medium;
  private final PixelMap pixels;
  private final MatrixOrigin matrixOrigin;
  private final Tensor anchorField;
  private final Tensor anchorCounts;
  private final CameraResponse camera;
  private final CalibrationReport calibration;
  private final ReadOut readOut;
  private final StepControl control;
  private final FrameLog log;
  private long nextProjection;
  private long calibratedAt;

  /**
   * Makes and calibrates a unit.
   *
   * @param device where it is emulated
   * @param scope owns its memory
   * @param settings its parts
   * @param inputs entries of a vector, at most the DMD's mirrors
   * @param outputs entries of a projection
   * @param seed decides the medium, the defects and the noise
   * @throws dev.feedlight.tensor.ShapeException if the vector does not fit the DMD, the pixels do
   *     not fit the sensor or a Java array, or too few of them can be selected
   * @throws CalibrationException if the whole anchor frame is dark or saturated
   */
  public EmulatedOpu(
      Device device, Scope scope, OpuSettings settings, long inputs, long outputs, long seed) {
    settings.dmd().require(inputs);
    new Shape(outputs, inputs);
    this.device = device;
    this.settings = settings;
    this.inputs = inputs;
    this.outputs = outputs;
    this.noiseKey = Calibration.noiseKey(seed);
    this.log = new FrameLog(settings.clock());
    this.control = new StepControl(device, scope);
    Calibration calibrated = Calibration.of(device, scope, settings, inputs, outputs, seed);
    this.medium = calibrated.medium();
    this.matrixOrigin =
        settings.matrix().everywhere() ? null : MatrixOrigin.of(device, medium, seed);
    this.pixels = calibrated.pixels();
    this.anchorField = calibrated.anchorField();
    this.anchorCounts = calibrated.anchorCounts();
    this.camera = calibrated.camera();
    this.calibration = calibrated.report();
    this.readOut = settings.readout().at(settings.camera(), camera, medium.scale());
    log.calibration();
    if (medium.weights() != null) {
      // Calibration looked at one matrix of bytes; recalibration sees fields in fp32.
      measureAnchor(0);
    }
  }

  /**
   * Device memory of a unit, known before it is made.
   *
   * @param settings its parts
   * @param inputs entries of a vector, at most the DMD's mirrors
   * @param outputs entries of a projection
   * @return exactly what is kept; the peak is that of calibration, the first and later ones
   * @throws dev.feedlight.tensor.ShapeException if the vector does not fit the DMD
   */
  public static MemoryNeed memory(OpuSettings settings, long inputs, long outputs) {
    settings.dmd().require(inputs);
    return new OpticsMemory(settings, inputs, outputs).need();
  }

  /**
   * The fields that a unit computes, for which a device may need scratch memory.
   *
   * @param settings its parts
   * @param inputs entries of a vector, at most the DMD's mirrors
   * @param outputs entries of a projection
   * @param samples vectors of a batch
   * @return those of its calibrations and of the batch
   */
  public static List<FieldExtents> fields(
      OpuSettings settings, long inputs, long outputs, long samples) {
    return new OpticsMemory(settings, inputs, outputs).fields(samples);
  }

  /**
   * Lets time pass: the medium drifts to what it is at a projection, and the anchor is measured
   * again if that is due. Called on the host before a batch is projected; does nothing where
   * nothing drifts. The result depends on the projection alone, not on what came before.
   *
   * @param projection number of the batch's first projection
   */
  public void advance(long projection) {
    if (medium.weights() == null) {
      return;
    }
    long due = settings.drift().calibratedAt(projection);
    if (due != calibratedAt) {
      device.write(medium.weights(), settings.drift().weights(due));
      measureAnchor(due);
      log.calibration();
      calibratedAt = due;
    }
    device.write(medium.weights(), settings.drift().weights(projection));
  }

  private void measureAnchor(long projection) {
    try (Scope scope = device.openScope("OPU calibration")) {
      Tensor field = scope.allocate("anchor", Shape.vector(2 * outputs), DType.F32);
      Tensor pattern = medium.allMirrors(device, scope);
      device.eager().speckleField(field, pattern, medium.transmission(), pixels);
      device.write(
          anchorCounts, Calibration.frame(device, field, camera, pixels, noiseKey, projection));
    }
  }

  /**
   * Issues the field of a batch before the camera, as part of a plan.
   *
   * @param ops where to
   * @param field S32 for stored and procedural matrices, otherwise F32; batch x 2 outputs
   * @param patterns S8 or U8, batch x inputs
   */
  public void issueField(Ops ops, Tensor field, Tensor patterns) {
    ops.speckleField(field, patterns, medium.transmission(), pixels);
  }

  /**
   * Issues the projection of a batch, as part of a plan.
   *
   * @param ops where to
   * @param signal batch x outputs
   * @param ternary S8, batch x inputs
   * @param counts S32, batch x 2, made by {@link Ops#ternarize}
   * @param rowScale 1 x batch, factor per sample
   * @param stepControl projection number, for the noise
   */
  public void issue(
      Ops ops,
      Tensor signal,
      Tensor ternary,
      Tensor counts,
      Tensor rowScale,
      StepControl stepControl) {
    ops.speckleProject(
        signal,
        ternary,
        counts,
        rowScale,
        medium.transmission(),
        pixels,
        anchorField,
        anchorCounts,
        camera,
        readOut,
        noiseKey,
        stepControl);
  }

  /**
   * Entries of a vector to project.
   *
   * @return number of inputs
   */
  public long inputs() {
    return inputs;
  }

  /**
   * Entries of a projection.
   *
   * @return number of outputs
   */
  public long outputs() {
    return outputs;
  }

  /**
   * What was shown so far.
   *
   * @return the log
   */
  public FrameLog log() {
    return log;
  }

  /**
   * The exposed camera.
   *
   * @return gain, noise, full scale in counts
   */
  public CameraResponse camera() {
    return camera;
  }

  /**
   * What calibration found.
   *
   * @return exposure, dark and saturated pixels, defects
   */
  public CalibrationReport calibration() {
    return calibration;
  }

  /**
   * Numbers of the pixels that are the outputs, within the camera's region.
   *
   * @return one per output, ascending
   */
  public int[] pixels() {
    int[] numbers = new int[Shape.vector(outputs).arrayLength()];
    if (pixels.numbers() == null) {
      Arrays.setAll(numbers, i -> i);
    } else {
      device.read(pixels.numbers(), numbers);
    }
    return numbers;
  }

  /**
   * What made the entries of a matrix that Feedlight cannot make by itself.
   *
   * @return library, seeds and a digest; null for the other kinds, which the seed decides
   */
  public MatrixOrigin matrixOrigin() {
    return matrixOrigin;
  }

  /**
   * The anchor frame as the camera saw it, less its dark offset.
   *
   * @return counts, one per output
   */
  public float[] anchor() {
    float[] values = new float[anchorCounts.shape().arrayLength()];
    device.read(anchorCounts, values);
    return values;
  }

  /**
   * The real matrix whose rows {@link #project} applies on average, known to the emulation alone:
   * no frame is counted. Of a drifting medium, the matrix that it begins with.
   *
   * @return outputs x inputs, row-major, in units in which entries have variance 1
   * @throws dev.feedlight.tensor.ShapeException if it does not fit a Java array
   */
  public float[] realMatrix() {
    return RealMatrix.of(
        device, medium, pixels, anchorField, settings.readout().removeAnchorBias());
  }

  /**
   * Shows binary patterns and returns what the camera sees, at the exposure of the calibration.
   *
   * @param frames one byte per input, 0 or 1; a whole number of frames, one after the other
   * @return camera counts, one per output and frame
   * @throws IllegalArgumentException if an entry is neither 0 nor 1 or the length does not fit
   */
  public float[] intensity(byte[] frames) {
    return expose(frames, false);
  }

  /**
   * Shows binary patterns and exposes each frame by itself: its own mean, as the number of its
   * mirrors lets one expect it, is put where calibration puts the anchor's. So a frame's brightness
   * says nothing about its number of mirrors; the read-out of {@link #project} could not use such
   * frames. A dark frame is exposed as if it had one mirror.
   *
   * @param frames one byte per input, 0 or 1; a whole number of frames, one after the other
   * @return camera counts, one per output and frame
   * @throws IllegalArgumentException if an entry is neither 0 nor 1 or the length does not fit
   */
  public float[] autoExposed(byte[] frames) {
    return expose(frames, true);
  }

  private float[] expose(byte[] frames, boolean eachByItself) {
    long batch = rows(frames);
    Dmd.requireBinary(frames);
    advance(nextProjection);
    float[] result = new float[new Shape(batch, outputs).arrayLength()];
    try (Scope scope = device.openScope("OPU frames")) {
      Tensor pattern = scope.allocate("mirrors", new Shape(batch, inputs), DType.U8);
      Tensor field =
          scope.allocate("field", new Shape(batch, 2 * outputs), medium.transmission().fieldType());
      Tensor counts = scope.allocate("frames", new Shape(batch, outputs), DType.F32);
      device.write(pattern, frames);
      device.eager().speckleField(field, pattern, medium.transmission(), pixels);
      for (long row = 0; row < batch; row += eachByItself ? 1 : batch) {
        long rows = eachByItself ? 1 : batch;
        device
            .eager()
            .cameraExpose(
                counts.rowRange(row, rows),
                field.rowRange(row, rows),
                eachByItself ? exposedFor(lit(frames, row)) : camera,
                pixels,
                noiseKey,
                nextProjection + row,
                0);
      }
      device.read(counts, result);
    }
    nextProjection += batch;
    log.rawFrames(batch);
    return result;
  }

  private CameraResponse exposedFor(long lit) {
    double mean = Math.max(1, lit) * medium.scale() * medium.scale();
    return settings.camera().expose(mean, settings.sensor());
  }

  private long lit(byte[] frames, long row) {
    long lit = 0;
    for (int i = Math.toIntExact(row * inputs); i < (row + 1) * inputs; i++) {
      lit += frames[i];
    }
    return lit;
  }

  /**
   * Projects ternary vectors: {@code y = Re(e^(-i phi) T t)} with one fixed phase per pixel, in
   * units in which the entries of the real matrix have variance 1.
   *
   * @param ternary -1, 0 or 1 per entry; a whole number of vectors, one after the other
   * @return one number per output and vector
   * @throws IllegalArgumentException if an entry is none of the three or the length does not fit
   */
  public float[] project(byte[] ternary) {
    long batch = rows(ternary);
    int[] numbers = count(ternary, batch);
    advance(nextProjection);
    float[] result = new float[new Shape(batch, outputs).arrayLength()];
    try (Scope scope = device.openScope("OPU projection")) {
      Tensor vectors = scope.allocate("ternary vectors", new Shape(batch, inputs), DType.S8);
      Tensor counts = scope.allocate("ternary counts", new Shape(batch, 2), DType.S32);
      Tensor rowScale = scope.allocate("signal scale", Shape.vector(batch), DType.F32);
      Tensor signal = scope.allocate("signal", new Shape(batch, outputs), DType.F32);
      device.write(vectors, ternary);
      device.write(counts, numbers);
      device.eager().fill(rowScale, 1);
      control.begin(Optimizer.sgd(), 0, nextProjection, 1);
      issue(device.eager(), signal, vectors, counts, rowScale, control);
      device.read(signal, result);
    }
    nextProjection += batch;
    log(numbers);
    return result;
  }

  private int[] count(byte[] ternary, long batch) {
    int[] counts = new int[new Shape(batch, 2).arrayLength()];
    for (int i = 0; i < ternary.length; i++) {
      if (ternary[i] < -1 || ternary[i] > 1) {
        throw new IllegalArgumentException(
            "ternary entries are -1, 0 or 1, but entry " + i + " is " + ternary[i]);
      }
      int row = (int) (i / inputs);
      if (ternary[i] > 0) {
        counts[2 * row]++;
      } else if (ternary[i] < 0) {
        counts[2 * row + 1]++;
      }
    }
    return counts;
  }

  private void log(int[] counts) {
    long plus = 0;
    long minus = 0;
    for (int i = 0; i < counts.length; i += 2) {
      plus += counts[i];
      minus += counts[i + 1];
    }
    log.projections(counts.length / 2, inputs, plus, minus);
  }

  private long rows(byte[] values) {
    if (values.length == 0 || values.length % inputs != 0) {
      throw new IllegalArgumentException(
          values.length + " entries are not a whole number of vectors of " + inputs);
    }
    return values.length / inputs;
  }
}
