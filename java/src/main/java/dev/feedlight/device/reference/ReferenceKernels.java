package dev.feedlight.device.reference;

import dev.feedlight.device.Activation;
import dev.feedlight.device.CameraResponse;
import dev.feedlight.device.Kernels;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.ReadOut;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.TernaryRule;
import dev.feedlight.device.TrainingOperation;
import dev.feedlight.device.Transmission;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.tensor.Tensor;

/** Every operation, each by its own scalar loop. */
final class ReferenceKernels implements Kernels {
  @Override
  public String refusal(Operation operation) {
    return null;
  }

  @Override
  public Runnable prepare(Operation operation) {
    return () -> run(operation);
  }

  private static void run(Operation operation) {
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
          ReferenceLinear.forward(y, preActivation, x, weight, bias, activation);
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
          ReferenceLinear.backwardInput(dx, dz, weight, saved, activation);
      case Operation.LinearUpdate(
              Parameter weight,
              Parameter bias,
              Tensor x,
              Tensor dy,
              Tensor saved,
              Activation activation,
              UpdateTarget target,
              StepControl control) ->
          ReferenceUpdate.update(weight, bias, x, dy, saved, activation, target, control);
      case Operation.SoftmaxCrossEntropy(Tensor loss, Tensor error, Tensor logits, Tensor labels) ->
          ReferenceLosses.softmaxCrossEntropy(loss, error, logits, labels);
      case Operation.MeanSquaredError(
              Tensor loss,
              Tensor error,
              Tensor prediction,
              Tensor target) ->
          ReferenceLosses.meanSquaredError(loss, error, prediction, target);
      case Operation.FiniteCheck(Tensor values, int block, StepControl control) ->
          ReferenceSmall.finiteCheck(values, block, control);
      case TrainingOperation.Dropout op -> ReferenceTraining.dropout(op);
      case TrainingOperation.GradientNorm op -> ReferenceTraining.gradientNorm(op);
      case TrainingOperation.ApplyGradient op -> ReferenceTraining.applyGradient(op);
      case Operation.Ternarize(
              Tensor ternary,
              Tensor counts,
              Tensor error,
              TernaryRule rule,
              long key,
              StepControl control) ->
          ReferenceTernarizer.ternarize(ternary, counts, error, rule, key, control);
      case Operation.SpeckleGenerate(Tensor entries, long key) ->
          ReferenceSpeckle.generate(entries, key);
      case Operation.SpeckleField(Tensor field, Tensor pattern, Transmission transmission) ->
          ReferenceSpeckle.field(field, pattern, transmission);
      case Operation.CameraExpose(
              Tensor counts,
              Tensor field,
              CameraResponse camera,
              long noiseKey,
              long projection,
              int frame) ->
          ReferenceCamera.expose(counts, field, camera, noiseKey, projection, frame);
      case Operation.SpeckleProject(
              Tensor signal,
              Tensor ternary,
              Tensor counts,
              Tensor rowScale,
              Transmission transmission,
              Tensor anchorField,
              Tensor anchorCounts,
              CameraResponse camera,
              ReadOut readOut,
              long noiseKey,
              StepControl control) ->
          new ReferenceProjection(anchorField, anchorCounts, camera, readOut, noiseKey, control)
              .project(signal, ternary, counts, rowScale, transmission);
      case Operation.ErrorNormScale(
              Tensor rowScale,
              Tensor error,
              Tensor counts,
              float gain,
              long outputs) ->
          ReferenceSmall.errorNormScale(rowScale, error, counts, gain, outputs);
      case Operation.SubtractBatchMean(Tensor signal) -> ReferenceSmall.subtractBatchMean(signal);
    }
  }
}
