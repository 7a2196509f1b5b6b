package dev.feedlight.device;

import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps an operation from writing what it still reads, or the same bytes twice. Only what {@link
 * #inPlace} lists may be both read and written, as the very same view.
 */
final class Aliases {
  private Aliases() {}

  /**
   * Refuses overlapping operands.
   *
   * @param operation with operands of the right shapes and types
   * @throws ShapeException if a result overlaps another result, or an operand that it may not
   *     replace
   */
  static void check(Operation operation) {
    List<Tensor> writes = operation.writes();
    List<Tensor> reads = new ArrayList<>(operation.reads());
    // One occurrence each: a second one is another operand that happens to be the same view.
    inPlace(operation).forEach(reads::remove);
    for (int i = 0; i < writes.size(); i++) {
      Tensor written = writes.get(i);
      refuseOverlap(operation, written, "written", writes.subList(i + 1, writes.size()));
      refuseOverlap(operation, written, "read", reads);
    }
  }

  /** Results that stand where an operand stood; each is among the operation's reads. */
  private static List<Tensor> inPlace(Operation operation) {
    return switch (operation) {
      case Operation.ActivationGradient gradient ->
          gradient.dz().equals(gradient.dy()) ? gradient.writes() : List.of();
      case Operation.LinearUpdate update -> update.target().reads(update.weight(), update.bias());
      case Operation.FiniteCheck check -> check.writes();
      case OpticalOperation.SubtractBatchMean mean -> mean.writes();
      case TrainingOperation.Dropout dropout ->
          dropout.result().equals(dropout.source()) ? dropout.writes() : List.of();
      case TrainingOperation.GradientNorm norm -> List.of(norm.control().words());
      case TrainingOperation.ApplyGradient apply -> apply.writes();
      case TransformerOperation.LayerNormUpdate update ->
          update.target().reads(update.gain(), update.bias());
      case TransformerOperation.EmbeddingUpdate update ->
          update.target().reads(update.tokenTable(), update.positionTable());
      case TransformerOperation.ResidualAdd add ->
          add.reads().stream().filter(add.sum()::equals).distinct().toList();
      default -> List.of();
    };
  }

  private static void refuseOverlap(
      Operation operation, Tensor written, String use, List<Tensor> others) {
    for (Tensor other : others) {
      if (written.overlaps(other)) {
        throw new ShapeException(
            operation.kernel()
                + ": the result "
                + place(written)
                + " and "
                + place(other)
                + ", also "
                + use
                + ", overlap in "
                + written.storage().owner());
      }
    }
  }

  private static String place(Tensor tensor) {
    return tensor + " at byte " + tensor.byteOffset();
  }
}
