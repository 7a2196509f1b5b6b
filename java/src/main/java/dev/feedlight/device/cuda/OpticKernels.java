package dev.feedlight.device.cuda;

import static dev.feedlight.device.cuda.OpticLaunches.at;
import static dev.feedlight.device.cuda.OpticLaunches.optional;

import dev.feedlight.device.FieldExtents;
import dev.feedlight.device.NormalTable;
import dev.feedlight.device.OpticalOperation;
import dev.feedlight.device.PixelMap;
import dev.feedlight.device.TernaryRule;
import dev.feedlight.device.Transmission;
import dev.feedlight.device.TransmissionBytes;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Tensor;

/** Binds the operations of the optics to launches. */
final class OpticKernels {
  private static final String SIGNAL = "optics_signal";
  private static final String GENERATE = "optics_generate";
  private static final String CAMERA = "optics_camera";
  private static final String PROJECT = "optics_project";

  /** Threads of a block that takes a column each. */
  private static final int COLUMN_THREADS = 64;

  private final CudaContext context;

  OpticKernels(CudaContext context) {
    this.context = context;
  }

  /** See {@link dev.feedlight.device.Kernels#fieldScratchBytes}. */
  long fieldScratchBytes(FieldExtents fields) {
    return OpticFields.direct(fields)
        ? 0
        : OpticScratch.of(fields, context.fieldScratch().patchBytes()).bytes();
  }

  /** Binds an operation. */
  Runnable prepare(OpticalOperation operation) {
    OpticLaunches launches = new OpticLaunches(context, operation);
    switch (operation) {
      case OpticalOperation.Ternarize op -> ternarize(launches, op);
      case OpticalOperation.SpeckleGenerate op -> generate(launches, op);
      case OpticalOperation.GaussianGenerate op -> gaussian(launches, op);
      case OpticalOperation.MacropixelGenerate op -> macropixels(launches, op);
      case OpticalOperation.SpeckleField op -> field(launches, op);
      case OpticalOperation.CameraExpose op -> expose(launches, op);
      case OpticalOperation.SpeckleProject op -> project(launches, op);
      case OpticalOperation.ErrorNormScale op -> errorNormScale(launches, op);
      case OpticalOperation.SubtractBatchMean op -> subtractBatchMean(launches, op);
    }
    return launches.sequence();
  }

  private static void ternarize(OpticLaunches launches, OpticalOperation.Ternarize op) {
    Tensor error = op.error();
    launches.overBlocks(
        SIGNAL,
        "fl_ternarize",
        error.rows(),
        new Arguments()
            .tensor(op.ternary())
            .tensor(op.counts())
            .tensor(error)
            .control(op.control())
            .s32(rule(op.rule()))
            .f32(value(op.rule()))
            .s64(op.key())
            .s64(error.rows())
            .s64(error.columns())
            .s64(op.ternary().rowStride())
            .s64(op.counts().rowStride())
            .s64(error.rowStride()));
  }

  private static int rule(TernaryRule rule) {
    return switch (rule) {
      case TernaryRule.Sign _ -> 0;
      case TernaryRule.Absolute _ -> 1;
      case TernaryRule.RelativeToMax _ -> 2;
      case TernaryRule.RelativeToRms _ -> 3;
      case TernaryRule.Stochastic _ -> 4;
    };
  }

  private static float value(TernaryRule rule) {
    return switch (rule) {
      case TernaryRule.Absolute(float threshold) -> threshold;
      case TernaryRule.RelativeToMax(float fraction) -> fraction;
      case TernaryRule.RelativeToRms(float factor) -> factor;
      case TernaryRule.Sign _, TernaryRule.Stochastic _ -> 0;
    };
  }

  private static void generate(OpticLaunches launches, OpticalOperation.SpeckleGenerate op) {
    Tensor entries = op.entries();
    long blocks = Math.ceilDiv(entries.columns(), TransmissionBytes.ENTRIES_PER_BLOCK);
    Arguments arguments = matrix(entries, op.pixels(), op.key());
    fillMatrix(launches, "fl_speckle_generate", blocks, entries, arguments);
  }

  private static void gaussian(OpticLaunches launches, OpticalOperation.GaussianGenerate op) {
    Tensor entries = op.entries();
    long pairs = Math.ceilDiv(entries.columns(), 2);
    Arguments arguments = matrix(entries, op.pixels(), op.key());
    fillMatrix(launches, "fl_gaussian_generate", pairs, entries, arguments);
  }

  private static void macropixels(OpticLaunches launches, OpticalOperation.MacropixelGenerate op) {
    Tensor entries = op.entries();
    Arguments arguments = matrix(entries, op.pixels(), op.key()).s64(op.mirrors());
    fillMatrix(launches, "fl_macropixel_generate", entries.columns(), entries, arguments);
  }

  private static Arguments matrix(Tensor entries, PixelMap pixels, long key) {
    return new Arguments().tensor(entries).tensor(pixels.numbers()).s64(key);
  }

  /** One thread for each of so many pieces of every output's row. */
  private static void fillMatrix(
      OpticLaunches launches, String function, long pieces, Tensor entries, Arguments arguments) {
    long outputs = entries.rows() / 2;
    launches.overElements(
        GENERATE,
        function,
        outputs * pieces,
        arguments.s64(outputs).s64(entries.columns()).s64(entries.rowStride()));
  }

  private static void field(OpticLaunches launches, OpticalOperation.SpeckleField op) {
    Tensor field = op.field();
    Transmission transmission = op.transmission();
    long stride = field.rowStride();
    FieldExtents extents = FieldExtents.of(transmission, field.rows());
    // Sums of floats, and mixtures, are rounded for positive and for negative mirrors.
    boolean rounded =
        op.pattern().dtype() == DType.S8
            && transmission.fieldType() == DType.F32
            && !extents.structured();
    if (OpticFields.direct(extents) && !rounded) {
      OpticPlanes planes =
          OpticPlanes.single(at(field, 0, 0), at(field, 0, transmission.outputs()), stride);
      OpticPatch whole = OpticPatch.whole(field.rows(), transmission.outputs());
      new OpticMatrix(launches, op.pattern(), op.pixels(), 0)
          .compute(transmission, whole, OpticMirrors.SIGNED, planes);
      return;
    }
    OpticFields fields = new OpticFields(launches, transmission, op.pixels(), op.pattern());
    for (OpticPatch patch : fields.patches()) {
      long real = at(field, patch.firstSample(), patch.firstOutput());
      long imaginary = at(field, patch.firstSample(), transmission.outputs() + patch.firstOutput());
      if (rounded) {
        OpticPlanes planes = fields.planes(patch, OpticMirrors.APART);
        fields.compute(patch, OpticMirrors.APART, planes);
        fields.subtract(patch, real, stride, planes.positiveReal(), planes.negativeReal());
        fields.subtract(
            patch, imaginary, stride, planes.positiveImaginary(), planes.negativeImaginary());
      } else {
        fields.compute(patch, OpticMirrors.SIGNED, OpticPlanes.single(real, imaginary, stride));
      }
    }
  }

  private void expose(OpticLaunches launches, OpticalOperation.CameraExpose op) {
    Tensor counts = op.counts();
    Tensor field = op.field();
    Arguments arguments =
        new Arguments()
            .tensor(counts)
            .tensor(field)
            .pointer(at(field, 0, counts.columns()))
            .tensor(op.pixels().numbers())
            .pointer(optional(op.pixels().response(), 0, 0))
            .pointer(optional(op.pixels().response(), 1, 0))
            .pointer(normal())
            .flag(field.dtype() == DType.F32);
    OpticReadOut.camera(arguments, op.camera())
        .s64(op.noiseKey())
        .s64(op.projection())
        .s32(op.frame())
        .s64(counts.rows())
        .s64(counts.columns())
        .s64(counts.rowStride())
        .s64(field.rowStride());
    launches.overElements(CAMERA, "fl_camera_expose", counts.shape().elements(), arguments);
  }

  private void project(OpticLaunches launches, OpticalOperation.SpeckleProject op) {
    OpticReadOut readOut = new OpticReadOut(op, normal());
    Transmission transmission = op.transmission();
    if (OpticFields.direct(FieldExtents.of(transmission, op.ternary().rows()))) {
      new OpticMatrix(launches, op.ternary(), op.pixels(), 0)
          .project(transmission, readOut.arguments());
      return;
    }
    OpticFields fields = new OpticFields(launches, transmission, op.pixels(), op.ternary());
    for (OpticPatch patch : fields.patches()) {
      OpticPlanes planes = fields.planes(patch, OpticMirrors.APART);
      fields.compute(patch, OpticMirrors.APART, planes);
      OpticPlanes anchor = fields.anchor(patch, op.anchorField());
      launches.overElements(
          PROJECT,
          "fl_speckle_read_out",
          patch.elements(),
          new Arguments()
              .struct(readOut.arguments(patch, anchor))
              .pointer(planes.positiveReal())
              .pointer(planes.positiveImaginary())
              .pointer(planes.negativeReal())
              .pointer(planes.negativeImaginary())
              .s64(patch.samples())
              .s64(patch.outputs())
              .s64(planes.stride()));
    }
  }

  private long normal() {
    return context.table("normal law", NormalTable::values);
  }

  private static void errorNormScale(OpticLaunches launches, OpticalOperation.ErrorNormScale op) {
    Tensor error = op.error();
    launches.overBlocks(
        SIGNAL,
        "fl_error_norm_scale",
        error.rows(),
        new Arguments()
            .tensor(op.rowScale())
            .tensor(error)
            .tensor(op.counts())
            .f32(op.gain())
            .s64(op.outputs())
            .s64(error.columns())
            .s64(error.rowStride())
            .s64(op.counts().rowStride()));
  }

  private static void subtractBatchMean(
      OpticLaunches launches, OpticalOperation.SubtractBatchMean op) {
    Tensor signal = op.signal();
    launches.add(
        Launch.overElements(SIGNAL, "fl_subtract_batch_mean", signal.columns(), COLUMN_THREADS),
        new Arguments()
            .tensor(signal)
            .s64(signal.rows())
            .s64(signal.columns())
            .s64(signal.rowStride()));
  }
}
