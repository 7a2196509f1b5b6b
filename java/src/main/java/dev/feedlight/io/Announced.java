package dev.feedlight.io;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which of the announced tensors is being written, and how far it has got. */
final class Announced {
  private final List<TensorInfo> tensors;
  private int current;
  private long written;

  /** Refuses equal names and more dimensions than readers take. */
  Announced(List<TensorInfo> tensors) {
    this.tensors = List.copyOf(tensors);
    Set<String> names = new HashSet<>();
    for (TensorInfo tensor : this.tensors) {
      if (!names.add(tensor.name())) {
        throw new IllegalArgumentException(
            "the tensor \"" + tensor.name() + "\" is announced twice");
      }
      if (tensor.extents().size() > TensorInfo.MAX_DIMENSIONS) {
        throw new IllegalArgumentException(
            tensor + " has more than " + TensorInfo.MAX_DIMENSIONS + " dimensions");
      }
    }
  }

  List<TensorInfo> tensors() {
    return tensors;
  }

  /** How many tensors are written in full. */
  int done() {
    return current;
  }

  /** Refuses what is not due. */
  void require(String name, int count, StoredType... types) {
    if (current == tensors.size()) {
      throw new IllegalStateException("all tensors are written, " + name + " is one too many");
    }
    TensorInfo due = tensors.get(current);
    if (!due.name().equals(name) || !Arrays.asList(types).contains(due.type())) {
      throw new IllegalStateException(
          due + " is due, not " + name + " of type " + Arrays.toString(types));
    }
    if (count > due.elements() - written) {
      throw new IllegalStateException(
          due + " has " + (due.elements() - written) + " elements left, not " + count);
    }
  }

  /** Counts elements of the current tensor; true if it is complete, and the next one is due. */
  boolean advance(int count) {
    written += count;
    if (written < tensors.get(current).elements()) {
      return false;
    }
    current++;
    written = 0;
    return true;
  }

  /** Whether the current tensor has no elements. */
  boolean nextIsEmpty() {
    return current < tensors.size() && tensors.get(current).elements() == 0;
  }

  void requireDone() {
    if (current < tensors.size()) {
      TensorInfo due = tensors.get(current);
      throw new IllegalStateException(
          due + " has " + written + " of " + due.elements() + " elements");
    }
  }
}
