package dev.feedlight.device.cuda;

import dev.feedlight.device.Operation;
import dev.feedlight.device.StepControl;
import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.function.LongSupplier;

/**
 * The word by which a loss tells the host of a label out of range: 0, or 2^31 - 1 less the first
 * row of such a label. The host looks when it reads results, so that replays need not wait; until
 * then updates are skipped by the failure of their {@link StepControl}.
 */
final class Refusals implements AutoCloseable {
  private final LongSupplier place;
  private final Staging staging;
  private Staging.Mailbox mailbox;
  private final int[] word = new int[1];
  private long address;
  private Operation.SoftmaxCrossEntropy expected;
  private StepControl skipped;

  /**
   * Takes no memory until a loss is bound.
   *
   * @param place makes 4 bytes of device memory
   */
  Refusals(LongSupplier place, Staging staging) {
    this.place = place;
    this.staging = staging;
  }

  /** Where the word is. */
  long address() {
    if (address == 0) {
      address = place.getAsLong();
      clear();
    }
    return address;
  }

  /**
   * A loss is under way.
   *
   * @param operation the loss
   * @param control of updates that a refusal skips, or null
   */
  void expect(Operation.SoftmaxCrossEntropy operation, StepControl control) {
    expected = operation;
    skipped = control;
  }

  /**
   * Before something is read: asks for the word on the way, so that it costs no wait of its own.
   */
  void ask() {
    if (expected != null) {
      if (mailbox == null) {
        mailbox = staging.mailbox(Integer.BYTES);
      }
      mailbox.ask(address);
    }
  }

  /**
   * After the wait that followed {@link #ask()}: looks at the answer.
   *
   * @throws ShapeException if a loss met a label out of range
   */
  void check() {
    if (expected == null) {
      return;
    }
    Operation.SoftmaxCrossEntropy operation = expected;
    expected = null;
    MemorySegment.copy(mailbox.answer(), 0, MemorySegment.ofArray(word), 0, Integer.BYTES);
    if (word[0] != 0) {
      int row = Integer.MAX_VALUE - word[0];
      clear();
      updateAgain();
      throw new ShapeException(refusal(operation, row));
    }
  }

  /** The batch may have been replaced since: then the label that was refused is not known. */
  private String refusal(Operation.SoftmaxCrossEntropy operation, int row) {
    long classes = operation.logits().columns();
    Tensor labels = operation.labels();
    String range = " does not lie in [0, " + classes + ")";
    if (row < labels.columns()) {
      staging.read(labels.address() + (long) Integer.BYTES * row, MemorySegment.ofArray(word));
      if (word[0] < 0 || word[0] >= classes) {
        return "label " + word[0] + " of row " + row + range;
      }
    }
    return "the label of row " + row + range;
  }

  /** Another failure, one that was there before, stays. */
  private void updateAgain() {
    if (skipped == null) {
      return;
    }
    long failure = skipped.words().address() + StepControl.FAILURE;
    staging.read(failure, MemorySegment.ofArray(word));
    if (word[0] == StepControl.REFUSED) {
      word[0] = 0;
      staging.write(failure, MemorySegment.ofArray(word));
    }
  }

  @Override
  public void close() {
    if (mailbox != null) {
      mailbox.close();
      mailbox = null;
    }
  }

  private void clear() {
    word[0] = 0;
    staging.write(address, MemorySegment.ofArray(word));
  }
}
