package dev.feedlight.bench.peers.libtorch;

import dev.feedlight.bench.results.ResultLine.Rule;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * BP or DFA written by hand in libtorch, without autograd: every result goes into memory allocated
 * once ({@code out=}), updates are {@code addmm} in place. DFA projects the error once, by one
 * matrix for all hidden layers.
 */
final class ManualStep implements PeerStep {
  private final Rule rule;
  private final TorchState state;
  private final Scalar one = new Scalar(1f);
  private final Tensor[] inputs;
  private final Tensor[] transposedWeights;
  private final Tensor transposedFeedback;
  private final Tensor output;
  private final Tensor ones;
  private final Tensor squares = torch.zeros();
  private final Tensor signal;
  private final Tensor delta;
  private final Tensor transposedDelta;
  private final Tensor flatDelta;
  private final Scalar errorScale;
  private Scalar minusRate = new Scalar(0f);
  private float rate;

  ManualStep(Rule rule, TorchState state) {
    this.rule = rule;
    this.state = state;
    long batch = state.cell().batch();
    long width = state.cell().width();
    inputs = new Tensor[state.layers()];
    transposedWeights = new Tensor[state.layers()];
    for (int i = 0; i < state.layers(); i++) {
      inputs[i] = i == 0 ? state.input() : torch.empty(batch, width);
      transposedWeights[i] = state.weight(i).t();
    }
    transposedFeedback = state.feedback().t();
    output = torch.empty(batch, width);
    ones = torch.ones(batch);
    signal = torch.empty(batch, width);
    delta = torch.empty(batch, width);
    transposedDelta = delta.t();
    flatDelta = delta.view(batch * width);
    errorScale = new Scalar((float) (2.0 / (batch * width)));
  }

  @Override
  public Rule rule() {
    return rule;
  }

  @Override
  public String variant() {
    return "manual";
  }

  @Override
  public void reset() {
    state.reset();
  }

  @Override
  public void run(float learningRate) {
    if (learningRate != rate) {
      minusRate.close();
      minusRate = new Scalar(-learningRate);
      rate = learningRate;
    }
    try (InferenceMode _ = new InferenceMode(true)) {
      forward();
      torch.sub_out(delta, output, state.target());
      torch.dot_out(squares, flatDelta, flatDelta);
      delta.mul_(errorScale);
      switch (rule) {
        case BP -> backward();
        case DFA -> feedBack();
        case ODFA, SHLW -> throw new IllegalStateException("libtorch has no step for " + rule);
      }
    }
  }

  private void forward() {
    int last = state.layers() - 1;
    for (int i = 0; i <= last; i++) {
      Tensor y = i == last ? output : inputs[i + 1];
      torch.addmm_out(y, state.bias(i), inputs[i], transposedWeights[i], one, one);
      if (i < last) {
        torch.tanh_out(y, y);
      }
    }
  }

  private void backward() {
    for (int i = state.layers() - 1; i >= 0; i--) {
      if (i > 0) {
        torch.mm_out(signal, delta, state.weight(i));
      }
      update(i);
      if (i > 0) {
        torch.tanh_backward_out(delta, signal, inputs[i]);
      }
    }
  }

  private void feedBack() {
    torch.mm_out(signal, delta, transposedFeedback);
    for (int i = state.layers() - 1; i >= 0; i--) {
      update(i);
      if (i > 0) {
        torch.tanh_backward_out(delta, signal, inputs[i]);
      }
    }
  }

  private void update(int layer) {
    Tensor weight = state.weight(layer);
    Tensor bias = state.bias(layer);
    torch.addmm_out(weight, weight, transposedDelta, inputs[layer], one, minusRate);
    torch.addmv_out(bias, bias, transposedDelta, ones, one, minusRate);
  }

  @Override
  public float loss() {
    return squares.item_float() / (state.cell().batch() * state.cell().width());
  }
}
