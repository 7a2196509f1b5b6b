package dev.feedlight.bench.kernels;

import dev.feedlight.device.CameraResponse;
import dev.feedlight.device.Ops;
import dev.feedlight.device.PixelMap;
import dev.feedlight.device.ReadOut;
import dev.feedlight.device.StructuredTransmission;
import dev.feedlight.device.TernaryRule;
import dev.feedlight.device.Transmission;
import dev.feedlight.device.TransmissionBytes;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The emulated optics. */
final class OpticsCases {
  private static final long KEY = 1;

  /** As by default: the anchor at a quarter of full scale, 8 bits, both noises. */
  private static final float MEAN_ANCHOR = 64;

  private static final ReadOut READ_OUT = new ReadOut(1, true, 0.3f);

  private OpticsCases() {}

  /**
   * What surrounds a projection.
   *
   * @param batch errors
   * @param inputs of the optics
   * @param outputs of the optics
   */
  static List<KernelCase> around(long batch, long inputs, long outputs) {
    String shape = "batch " + batch + ", " + inputs + " to " + outputs;
    return List.of(
        new KernelCase(
            "ternarize",
            shape,
            (o, ops) ->
                ops.ternarize(
                    o.result(batch, inputs, DType.S8),
                    o.result(batch, 2, DType.S32),
                    o.floats(batch, inputs),
                    new TernaryRule.RelativeToRms(1),
                    KEY,
                    o.control())),
        new KernelCase(
            "speckle_generate",
            shape,
            (o, ops) ->
                ops.speckleGenerate(o.result(2 * outputs, inputs, DType.S8), PixelMap.PLAIN, KEY)),
        new KernelCase(
            "camera_expose",
            shape,
            (o, ops) ->
                ops.cameraExpose(
                    o.result(batch, outputs),
                    o.integers(batch, 2 * outputs, 1000),
                    camera(inputs),
                    PixelMap.PLAIN,
                    KEY,
                    0,
                    0)),
        new KernelCase(
            "error_norm_scale",
            shape,
            (o, ops) ->
                ops.errorNormScale(
                    o.result(1, batch),
                    o.floats(batch, inputs),
                    o.integers(batch, 2, 100),
                    1,
                    outputs)),
        new KernelCase(
            "subtract_batch_mean",
            shape,
            (o, ops) -> ops.subtractBatchMean(o.floats(batch, outputs))));
  }

  /** Fields and projections behind bytes in memory. */
  static List<KernelCase> stored(long batch, long inputs, long outputs) {
    return both(
        "stored",
        batch,
        inputs,
        outputs,
        (o, ops) -> {
          Tensor entries = o.result(2 * outputs, inputs, DType.S8);
          o.fillEntries(entries, KEY);
          return new Transmission.Stored(entries);
        });
  }

  /** Behind bytes that the kernel makes. */
  static List<KernelCase> procedural(long batch, long inputs, long outputs) {
    return both(
        "procedural",
        batch,
        inputs,
        outputs,
        (o, ops) -> new Transmission.Procedural(KEY, outputs, inputs));
  }

  /** Behind fast Hadamard products. */
  static List<KernelCase> structured(long batch, long inputs, long outputs) {
    long size = StructuredTransmission.size(inputs, outputs);
    return both(
        "structured",
        batch,
        inputs,
        outputs,
        (o, ops) -> new Transmission.Structured(KEY, outputs, inputs, size));
  }

  /** Makes the matrix of a set of operands. */
  private interface Matrix {
    Transmission make(Operands operands, Ops ops);
  }

  private static List<KernelCase> both(
      String kind, long batch, long inputs, long outputs, Matrix matrix) {
    String shape = kind + ", batch " + batch + ", " + inputs + " to " + outputs;
    List<KernelCase> cases = new ArrayList<>();
    cases.add(
        new KernelCase(
            "speckle_field",
            shape,
            (o, ops) -> {
              Transmission transmission = matrix.make(o, ops);
              ops.speckleField(
                  o.result(batch, 2 * outputs, transmission.fieldType()),
                  o.ternary(batch, inputs),
                  transmission,
                  PixelMap.PLAIN);
            }));
    cases.add(
        new KernelCase(
            "speckle_project",
            shape,
            (o, ops) -> {
              Transmission transmission = matrix.make(o, ops);
              boolean bytes = transmission.arithmetic() == DType.S8;
              ops.speckleProject(
                  o.result(batch, outputs),
                  o.ternary(batch, inputs),
                  o.integers(batch, 2, 100),
                  o.ones(1, batch),
                  transmission,
                  PixelMap.PLAIN,
                  bytes ? o.integers(1, 2 * outputs, 1000) : o.floats(1, 2 * outputs),
                  o.ones(1, outputs),
                  camera(inputs),
                  READ_OUT,
                  KEY,
                  o.control());
            }));
    return cases;
  }

  private static CameraResponse camera(long inputs) {
    double brightness = inputs * TransmissionBytes.SCALE * TransmissionBytes.SCALE;
    return new CameraResponse((float) (MEAN_ANCHOR / brightness), 1.2f, 0.0051f, true, 255);
  }
}
