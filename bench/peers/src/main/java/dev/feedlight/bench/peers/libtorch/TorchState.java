package dev.feedlight.bench.peers.libtorch;

import dev.feedlight.bench.peers.PeerCell;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Weights, data and feedback of one cell in libtorch's memory, shared by its steps. */
final class TorchState implements AutoCloseable {
  private final PointerScope scope = new PointerScope();
  private final TrainingData data;
  private final Tensor[] weights;
  private final Tensor[] biases;
  private final Tensor input;
  private final Tensor target;
  private final Tensor feedback;

  TorchState(TrainingData data) {
    this.data = data;
    int width = cell().width();
    weights = new Tensor[cell().depth() + 1];
    biases = new Tensor[weights.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = matrix(width, width, data.weights()[i]);
      biases[i] = torch.zeros(width);
    }
    input = matrix(cell().batch(), width, data.input());
    target = matrix(cell().batch(), width, data.target());
    feedback = matrix(width, width, data.feedback());
  }

  private static Tensor matrix(long rows, long columns, float[] values) {
    Tensor tensor = torch.empty(rows, columns);
    tensor.data_ptr_float().put(values);
    return tensor;
  }

  PeerCell cell() {
    return data.cell();
  }

  /** Weight matrices and biases. */
  int layers() {
    return weights.length;
  }

  /** Outputs x inputs. */
  Tensor weight(int layer) {
    return weights[layer];
  }

  Tensor bias(int layer) {
    return biases[layer];
  }

  Tensor input() {
    return input;
  }

  Tensor target() {
    return target;
  }

  /** Width x width: signal = error times its transpose. */
  Tensor feedback() {
    return feedback;
  }

  /** Back to the weights that training starts from. */
  void reset() {
    for (int i = 0; i < weights.length; i++) {
      weights[i].data_ptr_float().put(data.weights()[i]);
      biases[i].data_ptr_float().put(new float[cell().width()]);
    }
  }

  /** Frees the tensors. */
  @Override
  public void close() {
    scope.close();
  }
}
