package dev.feedlight.device.reference;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Kernels;
import dev.feedlight.device.Operation;
import dev.feedlight.device.OpticalOperation;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Precision;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.TernaryRule;
import dev.feedlight.device.TrainingOperation;
import dev.feedlight.device.TransformerOperation;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.tensor.Tensor;

/** Every operation, each by its own scalar loop. */
final class ReferenceKernels implements Kernels {
  private final Precision precision;
  private final ReferenceLinear linear;

  ReferenceKernels(Precision precision) {
    this.precision = precision;
    this.linear = new ReferenceLinear(precision);
  }

  @Override
  public String refusal(Operation operation) {
    return null;
  }

  @Override
  public Runnable prepare(Operation operation) {
    return () -> run(operation);
  }

  private void run(Operation operation) {
    switch (operation) {
      case Operation.Fill(Tensor target, float value) -> ReferenceSmall.fill(target, value);
      case Operation.RandomFill random -> ReferenceSmall.randomFill(random);
      case Operation.LinearForward(
              Tensor y,
              Tensor preActivation,
              Tensor x,
              Parameter weight,
              Parameter bias,
              Activation activation) ->
          linear.forward(y, preActivation, x, weight, bias, activation);
      case Operation.ActivationGradient(
              Tensor dz,
              Tensor dy,
              Tensor saved,
              Activation activation) ->
          ReferenceLinear.activationGradient(dz, dy, saved, activation);
      case Operation.LinearBackwardInput(
              Tensor dx,
              Tensor dz,
              Parameter weight,
              Tensor saved,
              Activation activation) ->
          linear.backwardInput(dx, dz, weight, saved, activation);
      case Operation.LinearUpdate(
              Parameter weight,
              Parameter bias,
              Tensor x,
              Tensor dy,
              Tensor saved,
              Activation activation,
              UpdateTarget target,
              StepControl control) ->
          new ReferenceUpdate(precision)
              .update(weight, bias, x, dy, saved, activation, target, control);
      case Operation.SoftmaxCrossEntropy(Tensor loss, Tensor error, Tensor logits, Tensor labels) ->
          ReferenceLosses.softmaxCrossEntropy(loss, error, logits, labels);
      case Operation.MeanSquaredError(
              Tensor loss,
              Tensor error,
              Tensor prediction,
              Tensor target,
              Tensor weights) ->
          ReferenceLosses.meanSquaredError(loss, error, prediction, target, weights);
      case Operation.FiniteCheck(Tensor values, int block, StepControl control) ->
          ReferenceSmall.finiteCheck(values, block, control);
      case TrainingOperation.Dropout op -> ReferenceTraining.dropout(op);
      case TrainingOperation.GradientNorm op -> ReferenceTraining.gradientNorm(op);
      case TrainingOperation.ApplyGradient op -> ReferenceTraining.applyGradient(op);
      case TransformerOperation op -> runTransformer(op);
      case OpticalOperation op -> runOptics(op);
    }
  }

  private static void runTransformer(TransformerOperation operation) {
    switch (operation) {
      case TransformerOperation.LayerNormForward op -> ReferenceNormalization.forward(op);
      case TransformerOperation.LayerNormBackward op -> ReferenceNormalization.backward(op);
      case TransformerOperation.LayerNormUpdate op -> ReferenceNormalization.update(op);
      case TransformerOperation.AttentionForward op -> ReferenceAttention.forward(op);
      case TransformerOperation.AttentionDecode op -> ReferenceAttention.decode(op);
      case TransformerOperation.AttentionBackward op -> ReferenceAttention.backward(op);
      case TransformerOperation.EmbeddingForward op -> ReferenceEmbedding.forward(op);
      case TransformerOperation.EmbeddingUpdate op -> ReferenceEmbedding.update(op);
      case TransformerOperation.ResidualAdd op -> ReferenceEmbedding.add(op);
    }
  }

  private static void runOptics(OpticalOperation operation) {
    switch (operation) {
      case OpticalOperation.Ternarize(
              Tensor ternary,
              Tensor counts,
              Tensor error,
              TernaryRule rule,
              long key,
              StepControl control) ->
          ReferenceTernarizer.ternarize(ternary, counts, error, rule, key, control);
      case OpticalOperation.SpeckleGenerate op -> ReferenceSpeckle.generate(op);
      case OpticalOperation.GaussianGenerate op -> ReferenceSpeckle.gaussian(op);
      case OpticalOperation.MacropixelGenerate op -> ReferenceSpeckle.macropixels(op);
      case OpticalOperation.SpeckleField op -> ReferenceSpeckle.field(op);
      case OpticalOperation.CameraExpose op -> ReferenceCamera.expose(op);
      case OpticalOperation.SpeckleProject op -> new ReferenceProjection(op).project();
      case OpticalOperation.ErrorNormScale(
              Tensor rowScale,
              Tensor error,
              Tensor counts,
              float gain,
              long outputs) ->
          ReferenceSmall.errorNormScale(rowScale, error, counts, gain, outputs);
      case OpticalOperation.SubtractBatchMean(Tensor signal) ->
          ReferenceSmall.subtractBatchMean(signal);
    }
  }
}
