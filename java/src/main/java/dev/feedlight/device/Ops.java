package dev.feedlight.device;

import static dev.feedlight.device.Checks.contiguous;
import static dev.feedlight.device.Checks.require;
import static dev.feedlight.device.Checks.shape;
import static dev.feedlight.device.Checks.type;

import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.List;
import java.util.function.Consumer;

/**
 * The one interface to computation: each method checks shapes and types once, in one wording, then
 * issues one fused {@link Operation}. Recording and running at once differ only in where the
 * operation goes.
 *
 * <p>Every method throws {@link dev.feedlight.tensor.ShapeException} with the numbers if operands
 * do not fit, or if a result overlaps what is read or another result and the operation cannot work
 * in place, and {@link DeviceException} if the device has no kernel for them; nothing is computed
 * or changed then. Shapes are those of the records of {@link Operation}.
 */
public final class Ops {
  private final Kernels kernels;
  private final Consumer<Operation> sink;

  /**
   * Creates the interface.
   *
   * @param kernels asked whether they can run each operation
   * @param sink takes checked operations
   */
  public Ops(Kernels kernels, Consumer<Operation> sink) {
    this.kernels = kernels;
    this.sink = sink;
  }

  /** See {@link Operation.Fill}. */
  public void fill(Tensor target, float value) {
    type("fill target", target, DType.F32);
    contiguous("fill target", target);
    issue(new Operation.Fill(target, value));
  }

  /** See {@link Operation.RandomFill}. */
  public void randomFill(
      Tensor target, Operation.RandomFill.Distribution distribution, float scale, long key) {
    type("random fill target", target, DType.F32);
    contiguous("random fill target", target);
    require(scale >= 0 && !Float.isInfinite(scale), () -> "random fill scale " + scale);
    issue(new Operation.RandomFill(target, distribution, scale, key));
  }

  /** See {@link Operation.LinearForward}. */
  public void linearForward(
      Tensor y,
      Tensor preActivation,
      Tensor x,
      Parameter weight,
      Parameter bias,
      Activation activation) {
    type("y", y, DType.F32);
    type("x", x, DType.F32);
    shape("weight " + weight.name(), weight.shape(), new Shape(y.columns(), x.columns()));
    shape("y", y.shape(), new Shape(x.rows(), y.columns()));
    if (bias != null) {
      shape("bias " + bias.name(), bias.shape(), Shape.vector(y.columns()));
    }
    require(
        !activation.gradientNeedsPreActivation() || preActivation != null,
        () -> activation + " keeps its pre-activation, but none was given");
    if (preActivation != null) {
      type("pre-activation", preActivation, DType.F32);
      shape("pre-activation", preActivation.shape(), y.shape());
    }
    issue(new Operation.LinearForward(y, preActivation, x, weight, bias, activation));
  }

  /** See {@link Operation.ActivationGradient}. */
  public void activationGradient(Tensor dz, Tensor dy, Tensor saved, Activation activation) {
    type("dz", dz, DType.F32);
    type("dy", dy, DType.F32);
    shape("dy", dy.shape(), dz.shape());
    saved(saved, activation, dz.shape());
    issue(new Operation.ActivationGradient(dz, dy, saved, activation));
  }

  /** See {@link Operation.LinearBackwardInput}. */
  public void linearBackwardInput(
      Tensor dx, Tensor dz, Parameter weight, Tensor saved, Activation activation) {
    type("dx", dx, DType.F32);
    type("dz", dz, DType.F32);
    shape("weight " + weight.name(), weight.shape(), new Shape(dz.columns(), dx.columns()));
    shape("dx", dx.shape(), new Shape(dz.rows(), dx.columns()));
    saved(saved, activation, dx.shape());
    issue(new Operation.LinearBackwardInput(dx, dz, weight, saved, activation));
  }

  /** See {@link Operation.LinearUpdate}. */
  public void linearUpdate(
      Parameter weight,
      Parameter bias,
      Tensor x,
      Tensor dy,
      Tensor saved,
      Activation activation,
      UpdateTarget target,
      StepControl control) {
    type("x", x, DType.F32);
    type("dy", dy, DType.F32);
    shape("weight " + weight.name(), weight.shape(), new Shape(dy.columns(), x.columns()));
    shape("dy", dy.shape(), new Shape(x.rows(), dy.columns()));
    if (bias != null) {
      shape("bias " + bias.name(), bias.shape(), Shape.vector(dy.columns()));
    }
    saved(saved, activation, dy.shape());
    target(target, weight, bias);
    issue(new Operation.LinearUpdate(weight, bias, x, dy, saved, activation, target, control));
  }

  /** See {@link Operation.SoftmaxCrossEntropy}. */
  public void softmaxCrossEntropy(Tensor loss, Tensor error, Tensor logits, Tensor labels) {
    loss(loss, error, logits);
    type("labels", labels, DType.S32);
    shape("labels", labels.shape(), Shape.vector(logits.rows()));
    issue(new Operation.SoftmaxCrossEntropy(loss, error, logits, labels));
  }

  /** See {@link Operation.MeanSquaredError}. */
  public void meanSquaredError(
      Tensor loss, Tensor error, Tensor prediction, Tensor target, Tensor weights) {
    loss(loss, error, prediction);
    type("target", target, DType.F32);
    shape("target", target.shape(), prediction.shape());
    if (weights != null) {
      type("weights", weights, DType.F32);
      shape("weights", weights.shape(), new Shape(weights.rows(), prediction.columns()));
      require(
          prediction.rows() % weights.rows() == 0,
          () -> prediction.rows() + " rows are no multiple of the weights' " + weights.rows());
    }
    issue(new Operation.MeanSquaredError(loss, error, prediction, target, weights));
  }

  /** See {@link Operation.FiniteCheck}. */
  public void finiteCheck(Tensor values, int block, StepControl control) {
    type("checked values", values, DType.F32);
    block(block);
    issue(new Operation.FiniteCheck(values, block, control));
  }

  /** See {@link OpticalOperation.Ternarize}. */
  public void ternarize(
      Tensor ternary,
      Tensor counts,
      Tensor error,
      TernaryRule rule,
      long key,
      StepControl control) {
    type("ternary", ternary, DType.S8);
    type("error", error, DType.F32);
    shape("ternary", ternary.shape(), error.shape());
    counts(counts, error.rows());
    issue(new OpticalOperation.Ternarize(ternary, counts, error, rule, key, control));
  }

  /** See {@link OpticalOperation.SpeckleGenerate}. */
  public void speckleGenerate(Tensor entries, PixelMap pixels, long key) {
    entries(entries, DType.S8, pixels);
    issue(new OpticalOperation.SpeckleGenerate(entries, pixels, key));
  }

  /** See {@link OpticalOperation.GaussianGenerate}. */
  public void gaussianGenerate(Tensor entries, PixelMap pixels, long key) {
    entries(entries, DType.F32, pixels);
    issue(new OpticalOperation.GaussianGenerate(entries, pixels, key));
  }

  /** See {@link OpticalOperation.MacropixelGenerate}. */
  public void macropixelGenerate(Tensor entries, PixelMap pixels, long key, long mirrors) {
    entries(entries, DType.F32, pixels);
    require(mirrors >= 1, () -> "a macropixel has at least 1 mirror, not " + mirrors);
    long columns = Math.multiplyExact(entries.columns(), mirrors);
    require(
        columns <= TransmissionBytes.MAX_INPUTS,
        () -> columns + " mirrors exceed " + TransmissionBytes.MAX_INPUTS);
    issue(new OpticalOperation.MacropixelGenerate(entries, pixels, key, mirrors));
  }

  /** See {@link OpticalOperation.SpeckleField}. */
  public void speckleField(
      Tensor field, Tensor pattern, Transmission transmission, PixelMap pixels) {
    limits(transmission);
    map(pixels, transmission.outputs());
    within(pixels, transmission);
    type("field", field, transmission.fieldType());
    require(
        pattern.dtype() == DType.S8 || pattern.dtype() == DType.U8,
        () -> "pattern must be S8 or U8, not " + pattern.dtype());
    shape("pattern", pattern.shape(), new Shape(pattern.rows(), transmission.inputs()));
    shape("field", field.shape(), new Shape(pattern.rows(), 2 * transmission.outputs()));
    issue(new OpticalOperation.SpeckleField(field, pattern, transmission, pixels));
  }

  /** See {@link OpticalOperation.CameraExpose}. */
  public void cameraExpose(
      Tensor counts,
      Tensor field,
      CameraResponse camera,
      PixelMap pixels,
      long noiseKey,
      long projection,
      int frame) {
    type("camera counts", counts, DType.F32);
    require(
        field.dtype() == DType.S32 || field.dtype() == DType.F32,
        () -> "field must be S32 or F32, not " + field.dtype());
    map(pixels, counts.columns());
    shape("field", field.shape(), new Shape(counts.rows(), 2 * counts.columns()));
    require(frame >= 0, () -> "frame number " + frame + " is negative");
    issue(
        new OpticalOperation.CameraExpose(
            counts, field, camera, pixels, noiseKey, projection, frame));
  }

  /** See {@link OpticalOperation.SpeckleProject}. */
  public void speckleProject(
      Tensor signal,
      Tensor ternary,
      Tensor counts,
      Tensor rowScale,
      Transmission transmission,
      PixelMap pixels,
      Tensor anchorField,
      Tensor anchorCounts,
      CameraResponse camera,
      ReadOut readOut,
      long noiseKey,
      StepControl control) {
    limits(transmission);
    type("signal", signal, DType.F32);
    type("ternary", ternary, DType.S8);
    type("row scale", rowScale, DType.F32);
    type("anchor field", anchorField, anchorType(transmission));
    contiguous("anchor field", anchorField);
    type("anchor counts", anchorCounts, DType.F32);
    shape("ternary", ternary.shape(), new Shape(ternary.rows(), transmission.inputs()));
    shape("signal", signal.shape(), new Shape(ternary.rows(), transmission.outputs()));
    shape("row scale", rowScale.shape(), Shape.vector(ternary.rows()));
    map(pixels, transmission.outputs());
    within(pixels, transmission);
    shape(
        "anchor field",
        anchorField.shape(),
        new Shape(transmission.parts(), 2 * transmission.outputs()));
    shape("anchor counts", anchorCounts.shape(), Shape.vector(transmission.outputs()));
    counts(counts, ternary.rows());
    issue(
        new OpticalOperation.SpeckleProject(
            signal,
            ternary,
            counts,
            rowScale,
            transmission,
            pixels,
            anchorField,
            anchorCounts,
            camera,
            readOut,
            noiseKey,
            control));
  }

  /** See {@link OpticalOperation.ErrorNormScale}. */
  public void errorNormScale(
      Tensor rowScale, Tensor error, Tensor counts, float gain, long outputs) {
    type("row scale", rowScale, DType.F32);
    type("error", error, DType.F32);
    shape("row scale", rowScale.shape(), Shape.vector(error.rows()));
    counts(counts, error.rows());
    require(outputs >= 1, () -> "a projection has at least one output, not " + outputs);
    require(gain > 0 && !Float.isInfinite(gain), () -> "signal gain must be > 0, not " + gain);
    issue(new OpticalOperation.ErrorNormScale(rowScale, error, counts, gain, outputs));
  }

  /** See {@link OpticalOperation.SubtractBatchMean}. */
  public void subtractBatchMean(Tensor signal) {
    type("signal", signal, DType.F32);
    require(
        signal.rows() >= 2,
        () -> "subtracting the batch mean needs at least 2 samples; a batch of 1 would become 0");
    issue(new OpticalOperation.SubtractBatchMean(signal));
  }

  /** See {@link TrainingOperation.Dropout}. */
  public void dropout(Tensor result, Tensor source, float rate, long key, StepControl control) {
    type("dropout result", result, DType.F32);
    type("dropout source", source, DType.F32);
    shape("dropout source", source.shape(), result.shape());
    require(rate >= 0 && rate < 1, () -> "a dropout rate must lie in [0, 1), not " + rate);
    issue(new TrainingOperation.Dropout(result, source, rate, key, control));
  }

  /** See {@link TrainingOperation.GradientNorm}. */
  public void gradientNorm(
      Tensor norm,
      Tensor factor,
      List<TrainingOperation.GradientNorm.Part> parts,
      float scale,
      float limit,
      StepControl control) {
    scalar("gradient norm", norm);
    scalar("gradient factor", factor);
    require(!parts.isEmpty(), () -> "a norm needs at least one gradient");
    for (TrainingOperation.GradientNorm.Part part : parts) {
      type("gradient", part.gradient(), DType.F32);
      contiguous("gradient", part.gradient());
      block(part.block());
    }
    require(
        scale > 0 && !Float.isInfinite(scale), () -> "gradient scale must be > 0, not " + scale);
    require(limit > 0 && !Float.isInfinite(limit), () -> "largest norm must be > 0, not " + limit);
    issue(new TrainingOperation.GradientNorm(norm, factor, parts, scale, limit, control));
  }

  /** See {@link TrainingOperation.ApplyGradient}. */
  public void applyGradient(
      Parameter parameter,
      Tensor gradient,
      Tensor factor,
      Optimizer optimizer,
      StepControl control) {
    gradient(parameter, gradient);
    scalar("gradient factor", factor);
    state(parameter, optimizer);
    issue(new TrainingOperation.ApplyGradient(parameter, gradient, factor, optimizer, control));
  }

  /** See {@link TransformerOperation.LayerNormForward}. */
  public void layerNormForward(
      Tensor y,
      Tensor mean,
      Tensor rstd,
      Tensor x,
      Tensor residual,
      Parameter gain,
      Parameter bias) {
    issue(
        TransformerChecks.checked(
            new TransformerOperation.LayerNormForward(y, mean, rstd, x, residual, gain, bias)));
  }

  /** See {@link TransformerOperation.LayerNormBackward}. */
  public void layerNormBackward(
      Tensor dx, Tensor dy, Tensor residual, Tensor x, Tensor mean, Tensor rstd, Parameter gain) {
    issue(
        TransformerChecks.checked(
            new TransformerOperation.LayerNormBackward(dx, dy, residual, x, mean, rstd, gain)));
  }

  /** See {@link TransformerOperation.LayerNormUpdate}. */
  public void layerNormUpdate(
      Parameter gain,
      Parameter bias,
      Tensor x,
      Tensor mean,
      Tensor rstd,
      Tensor dy,
      UpdateTarget target,
      StepControl control) {
    target(target, gain, bias);
    issue(
        TransformerChecks.checked(
            new TransformerOperation.LayerNormUpdate(
                gain, bias, x, mean, rstd, dy, target, control)));
  }

  /** See {@link TransformerOperation.AttentionForward}. */
  public void attentionForward(Tensor y, Tensor logSumExp, Tensor qkv, AttentionLayout layout) {
    issue(
        TransformerChecks.checked(
            new TransformerOperation.AttentionForward(y, logSumExp, qkv, layout)));
  }

  /** See {@link TransformerOperation.AttentionDecode}. */
  public void attentionDecode(Tensor y, Tensor qkv, AttentionLayout layout) {
    issue(TransformerChecks.checked(new TransformerOperation.AttentionDecode(y, qkv, layout)));
  }

  /** See {@link TransformerOperation.AttentionBackward}. */
  public void attentionBackward(
      Tensor dqkv, Tensor dy, Tensor y, Tensor logSumExp, Tensor qkv, AttentionLayout layout) {
    issue(
        TransformerChecks.checked(
            new TransformerOperation.AttentionBackward(dqkv, dy, y, logSumExp, qkv, layout)));
  }

  /** See {@link TransformerOperation.EmbeddingForward}. */
  public void embeddingForward(
      Tensor y, Tensor tokens, Parameter tokenTable, Parameter positionTable) {
    issue(
        TransformerChecks.checked(
            new TransformerOperation.EmbeddingForward(y, tokens, tokenTable, positionTable)));
  }

  /** See {@link TransformerOperation.EmbeddingUpdate}. */
  public void embeddingUpdate(
      Parameter tokenTable,
      Parameter positionTable,
      Tensor tokens,
      Tensor dy,
      UpdateTarget target,
      StepControl control) {
    target(target, tokenTable, positionTable);
    issue(
        TransformerChecks.checked(
            new TransformerOperation.EmbeddingUpdate(
                tokenTable, positionTable, tokens, dy, target, control)));
  }

  /** See {@link TransformerOperation.ResidualAdd}. */
  public void residualAdd(Tensor sum, Tensor x, Tensor y) {
    issue(TransformerChecks.checked(new TransformerOperation.ResidualAdd(sum, x, y)));
  }

  private void issue(Operation operation) {
    Aliases.check(operation);
    String refusal = kernels.refusal(operation);
    if (refusal != null) {
      throw new DeviceException(operation.kernel() + " on " + operation.writes() + ": " + refusal);
    }
    sink.accept(operation);
  }

  private static void limits(Transmission transmission) {
    switch (transmission) {
      case Transmission.Stored(Tensor entries) when entries.dtype() == DType.S8 ->
          // Stored bytes obey the same limits as procedural ones.
          new Transmission.Procedural(0, transmission.outputs(), transmission.inputs());
      case Transmission.Stored(Tensor entries) ->
          require(
              entries.dtype() == DType.F32,
              () -> "transmission entries must be S8 or F32, not " + entries.dtype());
      case Transmission.Drifting drifting -> {
        limits(drifting.start());
        limits(drifting.end());
        type("drift weights", drifting.weights(), DType.F32);
        shape("drift weights", drifting.weights().shape(), Shape.vector(2));
      }
      case Transmission.Procedural _, Transmission.Structured _ -> {}
    }
  }

  private static DType anchorType(Transmission transmission) {
    return transmission instanceof Transmission.Drifting drifting
        ? drifting.start().fieldType()
        : transmission.fieldType();
  }

  private static void entries(Tensor entries, DType expected, PixelMap pixels) {
    type("transmission entries", entries, expected);
    Transmission.Stored stored = new Transmission.Stored(entries);
    limits(stored);
    map(pixels, stored.outputs());
  }

  private static void map(PixelMap pixels, long outputs) {
    if (pixels.numbers() != null) {
      type("pixel numbers", pixels.numbers(), DType.S32);
      shape("pixel numbers", pixels.numbers().shape(), Shape.vector(outputs));
    }
    if (pixels.response() != null) {
      type("pixel response", pixels.response(), DType.F32);
      contiguous("pixel response", pixels.response());
      shape("pixel response", pixels.response().shape(), new Shape(2, outputs));
    }
  }

  /** A structured matrix has no rows beyond its transforms. */
  private static void within(PixelMap pixels, Transmission transmission) {
    switch (transmission) {
      case Transmission.Structured structured ->
          require(
              pixels.region() <= structured.size(),
              () ->
                  "pixels of a region of "
                      + pixels.region()
                      + " exceed the "
                      + structured.size()
                      + " rows of a structured matrix; give it an extent of at least the region");
      case Transmission.Drifting drifting -> {
        within(pixels, drifting.start());
        within(pixels, drifting.end());
      }
      case Transmission.Stored _, Transmission.Procedural _ -> {}
    }
  }

  private static void loss(Tensor loss, Tensor error, Tensor prediction) {
    type("loss", loss, DType.F32);
    type("error", error, DType.F32);
    type("prediction", prediction, DType.F32);
    shape("loss", loss.shape(), Shape.vector(1));
    shape("error", error.shape(), prediction.shape());
  }

  private static void counts(Tensor counts, long rows) {
    type("counts", counts, DType.S32);
    contiguous("counts", counts);
    shape("counts", counts.shape(), new Shape(rows, 2));
  }

  private static void block(int number) {
    require(number >= 0, () -> "block number " + number + " is negative");
  }

  private static void saved(Tensor saved, Activation activation, Shape expected) {
    require(
        (saved == null) == (activation == Activation.IDENTITY),
        () -> activation + (saved == null ? " needs" : " has no use for") + " a saved tensor");
    if (saved != null) {
      type("saved activation", saved, DType.F32);
      shape("saved activation", saved.shape(), expected);
    }
  }

  /** Whether each parameter, null for none, has what the target needs. */
  private static void target(UpdateTarget target, Parameter... parameters) {
    for (Parameter parameter : parameters) {
      if (parameter != null) {
        switch (target) {
          case UpdateTarget.Apply(Optimizer optimizer) -> state(parameter, optimizer);
          case UpdateTarget.Accumulate(Gradients gradients, float beta) -> {
            gradient(parameter, gradients.of(parameter));
            require(beta == 0 || beta == 1, () -> "beta must be 0 or 1, not " + beta);
          }
        }
      }
    }
  }

  private static void gradient(Parameter parameter, Tensor gradient) {
    String what = "gradient of " + parameter.name();
    type(what, gradient, DType.F32);
    contiguous(what, gradient);
    shape(what, gradient.shape(), parameter.shape());
  }

  private static void scalar(String what, Tensor tensor) {
    type(what, tensor, DType.F32);
    shape(what, tensor.shape(), Shape.vector(1));
  }

  private static void state(Parameter parameter, Optimizer optimizer) {
    int slots = parameter.state().size();
    require(
        slots == optimizer.stateSlots(),
        () ->
            "parameter "
                + parameter.name()
                + " has "
                + slots
                + " optimizer state tensors, "
                + optimizer
                + " needs "
                + optimizer.stateSlots());
  }
}
