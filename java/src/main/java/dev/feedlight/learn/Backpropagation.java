package dev.feedlight.learn;

import dev.feedlight.device.MemoryNeed;
import dev.feedlight.device.Ops;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.nn.Block;
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
  public boolean passesOn(Network network, int block) {
    return block > 0;
  }

  /** The two buffers; one between two blocks. */
  @Override
  public MemoryNeed memory(Network network, long rows) {
    int buffers = Math.min(2, network.blocks().size() - 1);
    return MemoryNeed.kept(
        Math.multiplyExact(4L * buffers, Math.multiplyExact(rows, widest(network))));
  }

  private static long widest(Network network) {
    return network.blocks().stream().skip(1).mapToLong(Block::inputs).max().orElse(0);
  }

  @Override
  public Feedback bind(Context context) {
    List<Block> blocks = context.network().blocks();
    long widest = widest(context.network());
    Tensor[] buffers = new Tensor[2];
    for (int i = 0; i < Math.min(2, blocks.size() - 1); i++) {
      Shape shape = new Shape(context.error().rows(), widest);
      buffers[i] = context.scope().allocate("backpropagated gradient " + i, shape, DType.F32);
    }
    return new Bound(context, buffers);
  }

  @SuppressWarnings("ArrayRecordComponent") // two views, never compared
  private record Bound(Context context, Tensor[] buffers) implements Feedback {
    @Override
    public void issue(Ops ops, UpdateTarget target) {
      chain(ops, (block, dx) -> context.passes().get(block).update(ops, target, context.control()));
    }

    @Override
    public void issueSignals(Ops ops, SignalReceiver receiver) {
      chain(
          ops,
          (block, dx) -> {
            if (dx != null) {
              receiver.receive(block - 1, dx);
            }
          });
    }

    /** Passes gradients on from the last block to the first. */
    private void chain(Ops ops, AfterBlock after) {
      Tensor dy = context.error();
      int last = context.passes().size() - 1;
      for (int i = last; i >= 0; i--) {
        long inputs = context.network().blocks().get(i).inputs();
        Tensor dx = i == 0 ? null : buffers[(last - i) % 2].firstColumns(inputs);
        context.passes().get(i).backward(ops, dy, dx);
        after.block(i, dx);
        dy = dx;
      }
    }
  }

  /** What is done once a block has passed its gradient on; that of the first block is null. */
  private interface AfterBlock {
    void block(int block, Tensor dx);
  }
}
