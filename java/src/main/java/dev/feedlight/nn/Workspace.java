package dev.feedlight.nn;

import dev.feedlight.device.Scope;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;

/**
 * Buffers of backward passes that blocks share, because no two of them are between their backward
 * pass and their update at one time (see {@link BlockPass}). The blocks of one {@link Chain} are,
 * so each place in a chain has a workspace of its own. A buffer is allocated when it is first asked
 * for, while a plan is recorded.
 */
public final class Workspace {
  /** What a buffer is for, and how large it is. */
  private record Use(String purpose, Shape shape) {}

  private final Map<Use, Tensor> tensors = new HashMap<>();
  private Scope owner;

  /** Without buffers. */
  public Workspace() {}

  /**
   * A buffer.
   *
   * @param scope owns it; blocks that are bound to another scope share nothing with those before
   * @param purpose what it is for: the same for blocks of one kind
   */
  @SuppressWarnings("ReferenceEquality") // one scope is not another of the same name
  Tensor floats(Scope scope, String purpose, Shape shape) {
    if (scope != owner) {
      tensors.clear();
      owner = scope;
    }
    return tensors.computeIfAbsent(
        new Use(purpose, shape), _ -> scope.allocate(purpose, shape, DType.F32));
  }
}
