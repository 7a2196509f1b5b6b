package dev.feedlight.bench.peers.libtorch;

import dev.feedlight.bench.results.ResultLine.Rule;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** BP by libtorch's autograd, updated by its optimizer or in place by hand. */
final class AutogradStep implements PeerStep {
  /** Who changes the weights. */
  enum Update {
    /** {@code torch::optim::SGD}. */
    OPTIMIZER,
    /** {@code w.add_(gradient, -rate)} without gradients. */
    IN_PLACE
  }

  private final TorchState state;
  private final Update update;
  private final Tensor[] weights;
  private final Tensor[] biases;
  private final TensorOptional[] biasArguments;
  private SGD optimizer;
  private Scalar minusRate = new Scalar(0f);
  private float rate;
  private float loss;

  AutogradStep(TorchState state, Update update) {
    this.state = state;
    this.update = update;
    weights = new Tensor[state.layers()];
    biases = new Tensor[state.layers()];
    biasArguments = new TensorOptional[state.layers()];
    for (int i = 0; i < weights.length; i++) {
      // Leaves of their own over the same memory, so that steps by hand see no gradients.
      weights[i] = state.weight(i).detach();
      weights[i].set_requires_grad(true);
      biases[i] = state.bias(i).detach();
      biases[i].set_requires_grad(true);
      biasArguments[i] = new TensorOptional(biases[i]);
    }
    optimizer = optimizer();
  }

  private SGD optimizer() {
    TensorVector parameters = new TensorVector();
    for (int i = 0; i < weights.length; i++) {
      parameters.push_back(weights[i]);
      parameters.push_back(biases[i]);
    }
    return new SGD(parameters, new SGDOptions(rate));
  }

  @Override
  public Rule rule() {
    return Rule.BP;
  }

  @Override
  public String variant() {
    return update == Update.OPTIMIZER ? "autograd+sgd" : "autograd+add_";
  }

  @Override
  public void reset() {
    state.reset();
  }

  @Override
  public void run(float learningRate) {
    if (learningRate != rate) {
      rate = learningRate;
      minusRate = new Scalar(-learningRate);
      optimizer = optimizer();
    }
    try (PointerScope _ = new PointerScope()) {
      Tensor y = state.input();
      for (int i = 0; i < weights.length; i++) {
        y = torch.linear(y, weights[i], biasArguments[i]);
        y = i < weights.length - 1 ? torch.tanh(y) : y;
      }
      Tensor error = torch.mse_loss(y, state.target());
      error.backward();
      loss = error.item_float();
      if (update == Update.OPTIMIZER) {
        optimizer.step();
      } else {
        addInPlace();
      }
      optimizer.zero_grad(true);
    }
  }

  private void addInPlace() {
    try (NoGradGuard _ = new NoGradGuard()) {
      for (int i = 0; i < weights.length; i++) {
        weights[i].add_(weights[i].mutable_grad(), minusRate);
        biases[i].add_(biases[i].mutable_grad(), minusRate);
      }
    }
  }

  @Override
  public float loss() {
    return loss;
  }
}
