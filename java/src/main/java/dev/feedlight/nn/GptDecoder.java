package dev.feedlight.nn;

import dev.feedlight.device.Device;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Scope;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A GPT that predicts: logits of a sequence that grows token by token. Queries, keys and values of
 * the tokens so far are kept in every layer, so that one more token costs one row of each product
 * and attention over the context, not the whole forward pass.
 *
 * <p>The sequence is the last {@code context} tokens. Once it is full, each further token moves all
 * others to other positions, whose embeddings are learned: nothing that was kept holds any more,
 * and a forward pass makes it anew. So what a sequence gives never depends on how it came about,
 * but for rounding.
 *
 * <p>The network may be trained meanwhile; begin with {@link #restart} then.
 */
public final class GptDecoder implements AutoCloseable {
  /** A block at the token that comes next. */
  @FunctionalInterface
  private interface NextToken {
    void infer(Ops ops, long position);
  }

  private final Device device;
  private final GptShape shape;
  private final Scope scope;
  private final Embedding embedding;
  private final Tensor tokens;
  private final Tensor logits;
  private final Runnable forward;
  private final List<AttentionBlock> attention = new ArrayList<>();
  private final List<AttentionBlock.Pass> attentionPasses = new ArrayList<>();
  private final Tensor embedded;
  private final List<NextToken> next = new ArrayList<>();
  private final Tensor nextLogits;
  private final int[] sequence;
  private int length;

  /**
   * Allocates what a forward pass of one sequence needs, and that of one token.
   *
   * @param device where the network lives
   * @param network a GPT of that shape, by {@link GptNetwork}; stays the caller's
   * @param shape its extents
   */
  public GptDecoder(Device device, Network network, GptShape shape) {
    if (network.parameterCount() != shape.parameters()) {
      throw new ShapeException(
          "a network of "
              + network.parameterCount()
              + " parameters is no GPT of "
              + shape.parameters());
    }
    this.device = device;
    this.shape = shape;
    this.sequence = new int[Math.toIntExact(shape.context())];
    this.scope = device.openScope("decoder");
    try {
      this.tokens = scope.allocate("tokens", new Shape(shape.context(), 1), DType.S32);
      List<Block> blocks = parts(network.blocks());
      this.embedding = (Embedding) blocks.getFirst();
      List<BlockPass> passes = new ArrayList<>();
      this.embedded = scope.allocate("token", new Shape(1, shape.width()), DType.F32);
      Tensor x = tokens;
      Tensor row = embedded;
      for (Block block : blocks) {
        BlockPass pass = block.bind(scope, x);
        passes.add(pass);
        x = pass.output();
        row = continued(block, pass, row);
      }
      this.logits = x;
      this.nextLogits = row;
      this.forward =
          device.prepare(
              Plan.record(
                  "sequence", device.kernels(), ops -> passes.forEach(pass -> pass.infer(ops))));
    } catch (RuntimeException | Error e) {
      scope.close();
      throw e;
    }
  }

  private static List<Block> parts(List<Block> blocks) {
    List<Block> parts = new ArrayList<>();
    for (Block block : blocks) {
      if (block instanceof Chain chain) {
        parts.addAll(parts(chain.blocks()));
      } else {
        parts.add(block);
      }
    }
    return parts;
  }

  /** Binds a block to the token that comes next; returns its output. */
  private Tensor continued(Block block, BlockPass pass, Tensor x) {
    if (block == embedding) {
      return x;
    }
    if (block instanceof AttentionBlock one && pass instanceof AttentionBlock.Pass whole) {
      attention.add(one);
      attentionPasses.add(whole);
      AttentionBlock.Continuation more = one.continued(scope, x, whole);
      next.add(more::infer);
      return more.output();
    }
    BlockPass one = block.bind(scope, x);
    next.add((ops, _) -> one.infer(ops));
    return one.output();
  }

  /**
   * The network's extents.
   *
   * @return among them the context and the vocabulary
   */
  public GptShape shape() {
    return shape;
  }

  /** Forgets the sequence. */
  public void restart() {
    length = 0;
  }

  /**
   * Appends tokens to the sequence. One is appended to what is kept; several, or one that moves the
   * others, by a forward pass.
   *
   * @param more one or more; of more than the context the last ones count
   * @return logits of the token that follows, one for each of the vocabulary
   * @throws ShapeException if a token lies outside the vocabulary, or there is none
   */
  public float[] append(int... more) {
    if (more.length == 0) {
      throw new ShapeException("there is no token to go on from: give at least one");
    }
    requireTokens(more);
    if (more.length == 1 && length < sequence.length) {
      sequence[length] = more[0];
      embedding.embed(device.eager(), embedded, more[0], length);
      for (NextToken block : next) {
        block.infer(device.eager(), length);
      }
      length++;
      return read(nextLogits);
    }
    int added = Math.min(more.length, sequence.length);
    int kept = Math.min(length, sequence.length - added);
    System.arraycopy(sequence, length - kept, sequence, 0, kept);
    System.arraycopy(more, more.length - added, sequence, kept, added);
    length = kept + added;
    run();
    return read(logits.rowRange(length - 1, 1));
  }

  /** Behind the sequence stand tokens that it does not see. */
  private void run() {
    Arrays.fill(sequence, length, sequence.length, 0);
    device.write(tokens, sequence);
    forward.run();
  }

  private float[] read(Tensor tensor) {
    float[] values = new float[tensor.shape().arrayLength()];
    device.read(tensor, values);
    return values;
  }

  private void requireTokens(int[] given) {
    for (int i = 0; i < given.length; i++) {
      if (given[i] < 0 || given[i] >= shape.vocabulary()) {
        throw new ShapeException(
            "token "
                + given[i]
                + " at place "
                + i
                + " does not lie in [0, "
                + shape.vocabulary()
                + ")");
      }
    }
  }

  /** Begins with these tokens, which must fit the context. */
  private void begin(int[] given) {
    if (given.length == 0 || given.length > sequence.length) {
      throw new ShapeException(
          given.length
              + " tokens are no sequence of a model whose context is "
              + sequence.length
              + ": give 1 to "
              + sequence.length);
    }
    requireTokens(given);
    System.arraycopy(given, 0, sequence, 0, given.length);
    length = given.length;
    run();
  }

  /**
   * Begins with these tokens and gives all logits.
   *
   * @param given 1 to as many as the context
   * @return for each token those of the one that follows it
   * @throws ShapeException if a token lies outside the vocabulary, or there are none or too many
   */
  public float[][] logits(int... given) {
    begin(given);
    float[] all = read(logits.rowRange(0, length));
    int columns = (int) logits.columns();
    float[][] rows = new float[length][];
    for (int i = 0; i < length; i++) {
      rows[i] = Arrays.copyOfRange(all, i * columns, (i + 1) * columns);
    }
    return rows;
  }

  /**
   * Begins with these tokens and gives a layer's attention.
   *
   * @param layer from 0
   * @param given 1 to as many as the context
   * @return in row i how much token i takes from each, a mean over the heads; rows sum to 1, and no
   *     token takes from those after it
   * @throws ShapeException if there is no such layer, a token lies outside the vocabulary, or there
   *     are none or too many
   */
  public double[][] attention(int layer, int... given) {
    if (layer < 0 || layer >= attention.size()) {
      throw new ShapeException(
          "there is no layer " + layer + " among " + attention.size() + ", which begin with 0");
    }
    begin(given);
    float[] qkv = read(attentionPasses.get(layer).qkv().rowRange(0, length));
    return attention.get(layer).probabilities(qkv, length);
  }

  /** Frees the buffers; the network stays. */
  @Override
  public void close() {
    scope.close();
  }
}
