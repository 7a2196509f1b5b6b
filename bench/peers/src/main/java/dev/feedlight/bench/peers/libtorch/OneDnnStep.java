package dev.feedlight.bench.peers.libtorch;

import dev.feedlight.bench.results.ResultLine.Rule;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * BP or DFA by hand like {@link ManualStep}, with the oneDNN inside libtorch instead of OpenBLAS:
 * tanh in the forward product's epilogue, W in the update's, whose result becomes the new W.
 */
final class OneDnnStep implements PeerStep {
  private final Rule rule;
  private final TorchState state;
  private final OneDnnLinear linear;
  private final Scalar one = new Scalar(1f);
  private final Scalar errorScale;
  private final Tensor[] weights;
  private final Tensor[] inputs;
  private final Tensor ones;
  private final Tensor squares = torch.zeros();
  private final Tensor delta;
  private final Tensor flatDelta;
  private final Tensor scaledDelta;
  private final Tensor transposedScaledDelta;
  private Scalar minusRate = new Scalar(0f);
  private float rate;

  OneDnnStep(Rule rule, TorchState state, OneDnnLinear linear) {
    this.rule = rule;
    this.state = state;
    this.linear = linear;
    long batch = state.cell().batch();
    long width = state.cell().width();
    errorScale = new Scalar((float) (2.0 / (batch * width)));
    weights = new Tensor[state.layers()];
    inputs = new Tensor[state.layers()];
    inputs[0] = state.input();
    ones = torch.ones(batch);
    delta = torch.empty(batch, width);
    flatDelta = delta.view(batch * width);
    scaledDelta = torch.empty(batch, width);
    transposedScaledDelta = scaledDelta.t();
    reset();
  }

  @Override
  public Rule rule() {
    return rule;
  }

  @Override
  public String variant() {
    return "onednn";
  }

  @Override
  public void reset() {
    state.reset();
    for (int i = 0; i < weights.length; i++) {
      replace(i, state.weight(i).detach());
    }
  }

  /** Keeps a tensor beyond the scope of the step and the operator's stack that it comes from. */
  private void replace(int layer, Tensor weight) {
    Tensor kept = new Tensor(weight);
    kept.retainReference();
    if (weights[layer] != null) {
      weights[layer].releaseReference();
    }
    weights[layer] = kept;
  }

  @Override
  public void run(float learningRate) {
    if (learningRate != rate) {
      minusRate = new Scalar(-learningRate);
      rate = learningRate;
    }
    try (PointerScope _ = new PointerScope();
        InferenceMode _ = new InferenceMode(true)) {
      forward();
      switch (rule) {
        case BP -> backward();
        case DFA -> feedBack();
        case ODFA, SHLW -> throw new IllegalStateException("libtorch has no step for " + rule);
      }
    }
  }

  private void forward() {
    int last = state.layers() - 1;
    for (int i = 0; i < last; i++) {
      inputs[i + 1] = linear.forward(inputs[i], weights[i], state.bias(i), true);
    }
    Tensor output = linear.forward(inputs[last], weights[last], state.bias(last), false);
    torch.sub_out(delta, output, state.target());
    torch.dot_out(squares, flatDelta, flatDelta);
    delta.mul_(errorScale);
  }

  private void backward() {
    for (int i = state.layers() - 1; i >= 0; i--) {
      Tensor signal = i == 0 ? null : linear.product(delta, weights[i].t());
      update(i);
      if (i > 0) {
        torch.tanh_backward_out(delta, signal, inputs[i]);
      }
    }
  }

  private void feedBack() {
    Tensor signal = linear.product(delta, state.feedback());
    for (int i = state.layers() - 1; i >= 0; i--) {
      update(i);
      if (i > 0) {
        torch.tanh_backward_out(delta, signal, inputs[i]);
      }
    }
  }

  private void update(int layer) {
    Tensor bias = state.bias(layer);
    torch.mul_out(scaledDelta, delta, minusRate);
    torch.addmv_out(bias, bias, transposedScaledDelta, ones, one, one);
    replace(layer, linear.sum(transposedScaledDelta, inputs[layer].t(), weights[layer]));
  }

  @Override
  public float loss() {
    return squares.item_float() / (state.cell().batch() * state.cell().width());
  }
}
