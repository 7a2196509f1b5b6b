package dev.feedlight.device.cuda;

import dev.feedlight.device.Operation;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.TransformerOperation;
import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The words by which kernels tell the host of numbers out of range, one for each {@link Kind}: 0,
 * or 2^31 - 1 less the first row of such a number. The host looks when it reads results, so that
 * replays need not wait; until then updates are skipped by the failure of their {@link
 * StepControl}.
 */
final class Refusals implements AutoCloseable {
  /** What can be out of range. */
  enum Kind {
    /** Labels of a loss. */
    LABELS(0),
    /** Tokens of an embedding. */
    TOKENS(1);

    private final int word;

    Kind(int word) {
      this.word = word;
    }
  }

  private static final int BYTES = Integer.BYTES * Kind.values().length;

  private final LongSupplier place;
  private final Staging staging;
  private final int[] words = new int[Kind.values().length];

  /** Of everything that ran since the last look, each once. */
  private final List<Numbers> expected = new ArrayList<>();

  /** Those by which it skips updates. */
  private final List<StepControl> controls = new ArrayList<>();

  private Staging.Mailbox mailbox;
  private long address;

  /**
   * Takes no memory until an operation with numbers is bound.
   *
   * @param place makes {@link #bytes()} of device memory
   */
  Refusals(LongSupplier place, Staging staging) {
    this.place = place;
    this.staging = staging;
  }

  /** Size of the words. */
  static long bytes() {
    return BYTES;
  }

  /** Where the word of a kind is. */
  long address(Kind kind) {
    if (address == 0) {
      address = place.getAsLong();
      clear();
    }
    return address + (long) Integer.BYTES * kind.word;
  }

  /**
   * Operands that must lie in a range.
   *
   * @param kind which word reports them
   * @param what one of them is called
   * @param numbers S32, one per row, contiguous
   * @param limit one past the largest
   */
  record Numbers(Kind kind, String what, Tensor numbers, long limit) {
    /** Those of an operation; null for operations without. */
    static Numbers of(Operation operation) {
      return switch (operation) {
        case Operation.SoftmaxCrossEntropy op ->
            new Numbers(Kind.LABELS, "label", op.labels(), op.logits().columns());
        case TransformerOperation.EmbeddingForward op -> tokens(op.tokens(), op.tokenTable());
        case TransformerOperation.EmbeddingUpdate op -> tokens(op.tokens(), op.tokenTable());
        default -> null;
      };
    }

    private static Numbers tokens(Tensor tokens, Parameter table) {
      return new Numbers(Kind.TOKENS, "token", tokens, table.shape().rows());
    }

    private String range() {
      return " does not lie in [0, " + limit + ")";
    }
  }

  /** Numbers of those operations that have any, each kind once. */
  static List<Numbers> of(List<Operation> operations) {
    Map<Kind, Numbers> first = new EnumMap<>(Kind.class);
    for (Operation operation : operations) {
      Numbers numbers = Numbers.of(operation);
      if (numbers != null) {
        first.putIfAbsent(numbers.kind, numbers);
      }
    }
    return List.copyOf(first.values());
  }

  /**
   * Operations with these numbers are under way.
   *
   * @param control of updates that a refusal skips, or null
   */
  void expect(List<Numbers> numbers, StepControl control) {
    for (int i = 0; i < numbers.size(); i++) {
      if (!expected.contains(numbers.get(i))) {
        expected.add(numbers.get(i));
      }
    }
    if (!numbers.isEmpty() && control != null && !controls.contains(control)) {
      controls.add(control);
    }
  }

  /**
   * Before something is read: asks for the words on the way, so that they cost no wait of their
   * own.
   */
  void ask() {
    if (!expected.isEmpty()) {
      if (mailbox == null) {
        mailbox = staging.mailbox(BYTES);
      }
      mailbox.ask(address);
    }
  }

  /**
   * After the wait that followed {@link #ask()}: looks at the answer.
   *
   * @throws ShapeException if an operation met a number out of range
   */
  void check() {
    if (expected.isEmpty()) {
      return;
    }
    MemorySegment.copy(mailbox.answer(), 0, MemorySegment.ofArray(words), 0, BYTES);
    List<Numbers> seen = List.copyOf(expected);
    List<StepControl> skipped = List.copyOf(controls);
    expected.clear();
    controls.clear();
    for (Kind kind : Kind.values()) {
      int word = words[kind.word];
      if (word != 0) {
        clear();
        skipped.forEach(this::updateAgain);
        List<Numbers> suspects = seen.stream().filter(n -> n.kind == kind).toList();
        throw new ShapeException(refusal(suspects, Integer.MAX_VALUE - word));
      }
    }
  }

  /** The batch may have been replaced or freed since: then the number is not known. */
  private String refusal(List<Numbers> suspects, int row) {
    for (Numbers numbers : suspects) {
      if (row < numbers.numbers.shape().elements() && !freed(numbers.numbers)) {
        int number = readInt(numbers.numbers.address() + (long) Integer.BYTES * row);
        if (number < 0 || number >= numbers.limit) {
          return numbers.what + " " + number + " of row " + row + numbers.range();
        }
      }
    }
    Numbers last = suspects.getLast();
    return "the " + last.what + " of row " + row + last.range();
  }

  /** Another failure, one that was there before, stays. */
  private void updateAgain(StepControl control) {
    if (freed(control.words())) {
      return;
    }
    long failure = control.words().address() + StepControl.FAILURE;
    if (readInt(failure) == StepControl.REFUSED) {
      staging.write(failure, MemorySegment.ofArray(new int[1]));
    }
  }

  private static boolean freed(Tensor tensor) {
    try {
      tensor.address();
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  private int readInt(long at) {
    int[] number = new int[1];
    staging.read(at, MemorySegment.ofArray(number));
    return number[0];
  }

  @Override
  public void close() {
    if (mailbox != null) {
      mailbox.close();
      mailbox = null;
    }
  }

  private void clear() {
    Arrays.fill(words, 0);
    staging.write(address, MemorySegment.ofArray(words));
  }
}
