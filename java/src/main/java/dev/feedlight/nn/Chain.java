package dev.feedlight.nn;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Blocks in a row as one: a single feedback signal enters at the end, and goes on inside. */
public final class Chain implements Block {
  private final String name;
  private final Workspace workspace;
  private final List<Block> blocks;

  /**
   * Joins blocks.
   *
   * @param name unique within the network
   * @param workspace for the gradients between the blocks, shared with other chains
   * @param blocks first to last, at least one; widths fit, names differ; no two of them share a
   *     workspace
   */
  public Chain(String name, Workspace workspace, List<Block> blocks) {
    if (blocks.isEmpty()) {
      throw new IllegalArgumentException("chain " + name + " needs at least one block");
    }
    this.name = name;
    this.workspace = workspace;
    this.blocks = List.copyOf(blocks);
    Network.requireFit(this.blocks);
  }

  @Override
  public String name() {
    return name;
  }

  /**
   * The parts.
   *
   * @return first to last
   */
  public List<Block> blocks() {
    return blocks;
  }

  @Override
  public long inputs() {
    return blocks.getFirst().inputs();
  }

  @Override
  public DType inputType() {
    return blocks.getFirst().inputType();
  }

  @Override
  public long outputs() {
    return blocks.getLast().outputs();
  }

  @Override
  public List<Parameter> parameters() {
    return blocks.stream().flatMap(block -> block.parameters().stream()).toList();
  }

  @Override
  public BlockPass bind(Scope scope, Tensor x) {
    List<BlockPass> passes = new ArrayList<>();
    Tensor input = x;
    for (Block block : blocks) {
      BlockPass pass = block.bind(scope, input);
      passes.add(pass);
      input = pass.output();
    }
    return new Pass(scope, List.copyOf(passes));
  }

  private final class Pass implements BlockPass {
    private final Scope scope;
    private final List<BlockPass> passes;

    Pass(Scope scope, List<BlockPass> passes) {
      this.scope = scope;
      this.passes = passes;
    }

    @Override
    public Tensor output() {
      return passes.getLast().output();
    }

    @Override
    public void forward(Ops ops, StepControl control) {
      passes.forEach(pass -> pass.forward(ops, control));
    }

    @Override
    public void infer(Ops ops) {
      passes.forEach(pass -> pass.infer(ops));
    }

    @Override
    public void backward(Ops ops, Tensor dy, Tensor dx) {
      Tensor signal = dx == null && passes.size() > 1 ? unspoilt(ops, dy) : dy;
      for (int i = passes.size() - 1; i >= 0; i--) {
        Tensor next = i == 0 ? dx : between(i, blocks.get(i).inputs(), signal.rows());
        passes.get(i).backward(ops, signal, next);
        signal = next;
      }
    }

    /** The caller may only have its signal read, but the last block passes one on. */
    private Tensor unspoilt(Ops ops, Tensor dy) {
      if (keepsSignal()) {
        return dy;
      }
      Tensor copy = between(passes.size(), dy.columns(), dy.rows());
      ops.activationGradient(copy, dy, null, Activation.IDENTITY);
      return copy;
    }

    private Tensor between(int number, long columns, long rows) {
      return workspace.floats(scope, "gradient before part " + number, new Shape(rows, columns));
    }

    @Override
    public boolean keepsSignal() {
      return passes.getLast().keepsSignal();
    }

    @Override
    public void update(Ops ops, UpdateTarget target, StepControl control) {
      passes.forEach(pass -> pass.update(ops, target, control));
    }
  }
}
