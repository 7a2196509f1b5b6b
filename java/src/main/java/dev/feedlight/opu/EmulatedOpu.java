package dev.feedlight.opu;

import dev.feedlight.device.CameraResponse;
import dev.feedlight.device.Device;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.ReadOut;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.Transmission;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Philox;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Stream;
import dev.feedlight.tensor.Tensor;
import java.util.Arrays;

/**
 * The unit emulated on a device: exact integer fields, then camera and read-out. Calibrated once,
 * when made: the anchor frame (all mirrors on) sets the exposure and is the divisor of the
 * read-out.
 */
public final class EmulatedOpu implements Opu {
  private static final int ANCHOR_FRAME = 4;

  private final Device device;
  private final OpuSettings settings;
  private final long inputs;
  private final long outputs;
  private final long noiseKey;
  private final Transmission transmission;
  private final Tensor anchorField;
  private final Tensor anchorCounts;
  private final CameraResponse camera;
  private final ReadOut readOut;
  private final StepControl control;
  private final FrameLog log;
  private long nextProjection;

  /**
   * Makes and calibrates a unit.
   *
   * @param device where it is emulated
   * @param scope owns its memory
   * @param settings its parts
   * @param inputs entries of a vector, at most the DMD's mirrors
   * @param outputs camera pixels
   * @param seed decides the medium and the noise
   * @throws dev.feedlight.tensor.ShapeException if the vector does not fit the DMD or the anchor's
   *     field, 2 x outputs, does not fit a Java array
   */
  public EmulatedOpu(
      Device device, Scope scope, OpuSettings settings, long inputs, long outputs, long seed) {
    settings.dmd().require(inputs);
    // Refused before memory is allocated: no pixels, or more than calibration can read back.
    new Shape(outputs, inputs);
    new Shape(2, outputs).arrayLength();
    this.device = device;
    this.settings = settings;
    this.inputs = inputs;
    this.outputs = outputs;
    this.noiseKey = Philox.deriveKey(seed, Stream.CAMERA, 0);
    this.log = new FrameLog(settings.clock());
    this.control = new StepControl(device, scope);
    this.transmission =
        settings
            .matrix()
            .create(device, scope, outputs, inputs, Philox.deriveKey(seed, Stream.TRANSMISSION, 0));
    this.anchorField = scope.allocate("anchor field", Shape.vector(2 * outputs), DType.S32);
    this.anchorCounts = scope.allocate("anchor counts", Shape.vector(outputs), DType.F32);
    this.camera = exposeToAnchor();
    this.readOut = settings.readout().at(settings.camera(), camera);
  }

  private CameraResponse exposeToAnchor() {
    byte[] ones = new byte[Shape.vector(inputs).arrayLength()];
    Arrays.fill(ones, (byte) 1);
    try (Scope temporary = device.openScope("OPU calibration")) {
      Tensor pattern = temporary.allocate("anchor pattern", Shape.vector(inputs), DType.U8);
      device.write(pattern, ones);
      device.eager().speckleField(anchorField, pattern, transmission);
    }
    CameraResponse response = settings.camera().expose(meanIntensity(anchorField));
    device.eager().cameraExpose(anchorCounts, anchorField, response, noiseKey, 0, ANCHOR_FRAME);
    log.calibration();
    return response;
  }

  private double meanIntensity(Tensor field) {
    int[] values = new int[field.shape().arrayLength()];
    device.read(field, values);
    double sum = 0;
    for (int value : values) {
      sum += (double) value * value;
    }
    if (sum == 0) {
      throw new IllegalStateException(
          "the anchor frame is dark: " + inputs + " inputs onto " + outputs + " outputs");
    }
    return 2 * sum / values.length;
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
        transmission,
        anchorField,
        anchorCounts,
        camera,
        readOut,
        noiseKey,
        stepControl);
  }

  @Override
  public long inputs() {
    return inputs;
  }

  @Override
  public long outputs() {
    return outputs;
  }

  @Override
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
   * The anchor frame as the camera saw it.
   *
   * @return counts, one per pixel
   */
  public float[] anchor() {
    float[] values = new float[anchorCounts.shape().arrayLength()];
    device.read(anchorCounts, values);
    return values;
  }

  /**
   * The real matrix whose rows {@link #project} applies on average, known to the emulation alone:
   * no frame is counted.
   *
   * @return outputs x inputs, row-major, in units in which entries have variance 1
   * @throws dev.feedlight.tensor.ShapeException if it does not fit a Java array
   */
  public float[] realMatrix() {
    return RealMatrix.of(device, transmission, anchorField, settings.readout().removeAnchorBias());
  }

  @Override
  public float[] intensity(byte[] frames) {
    long batch = rows(frames);
    Dmd.requireBinary(frames);
    float[] result = new float[new Shape(batch, outputs).arrayLength()];
    try (Scope scope = device.openScope("OPU frames")) {
      Tensor pattern = scope.allocate("mirrors", new Shape(batch, inputs), DType.U8);
      Tensor field = scope.allocate("field", new Shape(batch, 2 * outputs), DType.S32);
      Tensor counts = scope.allocate("frames", new Shape(batch, outputs), DType.F32);
      device.write(pattern, frames);
      device.eager().speckleField(field, pattern, transmission);
      device.eager().cameraExpose(counts, field, camera, noiseKey, nextProjection, 0);
      device.read(counts, result);
    }
    nextProjection += batch;
    log.rawFrames(batch);
    return result;
  }

  @Override
  public float[] project(byte[] ternary) {
    long batch = rows(ternary);
    int[] numbers = count(ternary, batch);
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
