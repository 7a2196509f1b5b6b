package dev.feedlight.data.text;

import dev.feedlight.data.BatchOrder;
import dev.feedlight.data.DataException;
import dev.feedlight.data.Examples;
import dev.feedlight.io.Sha256;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Objects;

/**
 * The examples of a language model: windows of {@code context} tokens over a row of tokens, each
 * with the token that follows as its target. Windows are read where the tokens lie; none is stored.
 *
 * <p>With stride 1 there are as many windows as tokens, less the context. That is what the paper's
 * numbers imply: 1.2e6 tokens, a context of 24 and two epochs are 5.76e7 token projections, 800 a
 * second for its 20 hours. Immutable; may be read by several threads at once.
 */
public final class TokenWindows implements Examples {
  private final String name;
  private final int[] tokens;
  private final int vocabulary;
  private final int context;
  private final int stride;
  private final long size;

  /**
   * Looks at tokens through windows.
   *
   * @param name what messages and results call them
   * @param tokens numbers in {@code [0, vocabulary)}; not copied, so they must not be changed
   * @param vocabulary number of different tokens
   * @param context tokens of a window, at least 1
   * @param stride tokens from one window to the next, at least 1
   * @throws ShortTextException if there are fewer than {@code context + 1} tokens
   * @throws DataException if context or stride are below 1, or a token is outside of the vocabulary
   */
  public TokenWindows(String name, int[] tokens, int vocabulary, int context, int stride) {
    this.name = Objects.requireNonNull(name, "name");
    this.tokens = tokens;
    this.vocabulary = vocabulary;
    this.context = context;
    this.stride = stride;
    if (context < 1 || stride < 1) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "windows of %d tokens at a stride of %d; each must be at least 1",
              context,
              stride));
    }
    if (tokens.length <= context) {
      throw new ShortTextException(
          String.format(
              Locale.ROOT,
              "%s has %d tokens; a context of %d needs %d: take more text or a shorter context",
              name,
              tokens.length,
              context,
              context + 1L));
    }
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] < 0 || tokens[i] >= vocabulary) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "%s: token %d is %d, outside of the vocabulary of %d",
                name,
                i,
                tokens[i],
                vocabulary));
      }
    }
    this.size = (tokens.length - context - 1L) / stride + 1;
  }

  /**
   * The name that messages and results use.
   *
   * @return for example {@code Shakespeare, training}
   */
  @Override
  public String name() {
    return name;
  }

  /**
   * The number of windows.
   *
   * @return at least 1
   */
  @Override
  public long size() {
    return size;
  }

  /**
   * The number of tokens that the windows lie over.
   *
   * @return more than the context
   */
  public int tokens() {
    return tokens.length;
  }

  /**
   * The number of different tokens.
   *
   * @return what targets are classes of
   */
  public int vocabulary() {
    return vocabulary;
  }

  /**
   * The tokens of a window.
   *
   * @return at least 1
   */
  public int context() {
    return context;
  }

  /**
   * The way from one window to the next.
   *
   * @return tokens, at least 1
   */
  public int stride() {
    return stride;
  }

  /**
   * Token projections of a training: DFA projects the error of every token of every window.
   *
   * @param epochs how often all windows are seen
   * @return windows x context x epochs
   */
  public long projections(int epochs) {
    return Math.multiplyExact(Math.multiplyExact(size, context), epochs);
  }

  /**
   * Copies windows in their own order.
   *
   * @param first the first window
   * @param inputs receives whole windows, {@code rows x context}, row-major; its length says how
   *     many
   * @param targets receives for each input the token after it; as long as {@code inputs}
   * @throws IllegalArgumentException if the lengths are unequal or no multiple of the context
   * @throws IndexOutOfBoundsException if a window is out of range; nothing is copied then
   */
  public void consecutive(long first, int[] inputs, int[] targets) {
    int rows = rows(inputs, targets);
    Objects.checkFromIndexSize(first, rows, size);
    for (int row = 0; row < rows; row++) {
      copy(first + row, inputs, targets, row);
    }
  }

  /**
   * Copies windows in the order of an epoch, which any position can be asked of: training that goes
   * on elsewhere, or later, sees the same batches.
   *
   * @param order of {@link #size()} windows
   * @param position in the order, of the first row
   * @param inputs as for {@link #consecutive}
   * @param targets as for {@link #consecutive}
   * @throws IllegalArgumentException if the order has another size, or as for {@link #consecutive}
   * @throws IndexOutOfBoundsException if a position is out of range; nothing is copied then
   */
  public void ordered(BatchOrder order, long position, int[] inputs, int[] targets) {
    if (order.size() != size) {
      throw new IllegalArgumentException(
          "an order of " + order.size() + " examples for the " + size + " windows of " + name);
    }
    long[] windows = new long[rows(inputs, targets)];
    order.examples(position, windows);
    for (int row = 0; row < windows.length; row++) {
      copy(windows[row], inputs, targets, row);
    }
  }

  private int rows(int[] inputs, int[] targets) {
    if (inputs.length != targets.length || inputs.length % context != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "room for %d inputs and %d targets; both must be the same multiple of the context %d",
              inputs.length,
              targets.length,
              context));
    }
    return inputs.length / context;
  }

  private void copy(long window, int[] inputs, int[] targets, int row) {
    int start = Math.toIntExact(window * stride);
    System.arraycopy(tokens, start, inputs, row * context, context);
    System.arraycopy(tokens, start + 1, targets, row * context, context);
  }

  /**
   * Tells whether two sets of windows hold the same examples in the same order.
   *
   * @return SHA-256 over vocabulary, context, stride and all tokens, 64 hexadecimal digits
   */
  public String sha256() {
    MessageDigest digest = Sha256.begin();
    String head =
        "windows of "
            + context
            + " at "
            + stride
            + ", vocabulary "
            + vocabulary
            + ", tokens "
            + tokens.length
            + "\n";
    digest.update(head.getBytes(StandardCharsets.US_ASCII));
    ByteBuffer chunk = ByteBuffer.allocate(1 << 13).order(ByteOrder.LITTLE_ENDIAN);
    for (int token : tokens) {
      chunk.putInt(token);
      if (!chunk.hasRemaining()) {
        digest.update(chunk.flip());
        chunk.clear();
      }
    }
    digest.update(chunk.flip());
    return Sha256.end(digest);
  }
}
