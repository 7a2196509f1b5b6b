package dev.feedlight.learn;

import dev.feedlight.device.Ops;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.nn.Block;
import dev.feedlight.nn.BlockPass;
import dev.feedlight.nn.Network;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/**
 * Backpropagation: each block's signal is the gradient at the next block's input. Needs two buffers
 * of the widest input, used in turn; a block is updated after its gradient has been passed on.
 */
public final class Backpropagation implements LearningRule {
  @Override
  public String name() {
    return "bp";
  }

  @Override
  public boolean trains(Network network, int block) {
    return true;
  }

  @Override
  public Feedback bind(Context context) {
    List<Block> blocks = context.network().blocks();
    long widest = blocks.stream().skip(1).mapToLong(Block::inputs).max().orElse(0);
    Tensor[] buffers = new Tensor[2];
    for (int i = 0; i < Math.min(2, blocks.size() - 1); i++) {
      Shape shape = new Shape(context.error().rows(), widest);
      buffers[i] = context.scope().allocate("backpropagated gradient " + i, shape, DType.F32);
    }
    return (ops, target) -> issue(ops, target, context, buffers);
  }

  private static void issue(Ops ops, UpdateTarget target, Context context, Tensor[] buffers) {
    Tensor dy = context.error();
    int last = context.passes().size() - 1;
    for (int i = last; i >= 0; i--) {
      BlockPass pass = context.passes().get(i);
      long inputs = context.network().blocks().get(i).inputs();
      Tensor dx = i == 0 ? null : buffers[(last - i) % 2].firstColumns(inputs);
      pass.backward(ops, dy, dx);
      pass.update(ops, target, context.control());
      dy = dx;
    }
  }
}
