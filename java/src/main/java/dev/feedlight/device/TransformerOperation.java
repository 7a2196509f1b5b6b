package dev.feedlight.device;

import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a Transformer needs beside dense products. Samples are tokens: a batch of sequences has one
 * row per token, the tokens of a sequence one after the other. As in {@link Operation}, results
 * come first.
 */
public sealed interface TransformerOperation extends Operation {
  /** What is added to a row's variance before its root is taken: 1e-5, as in GPT-2. */
  float EPSILON = 1e-5f;

  /**
   * Layer normalisation (Ba et al. 2016): {@code y = residual + (x - mean) rstd gain + bias} with
   * the mean of each row and {@code rstd = 1 / sqrt(variance + EPSILON)}, the variance that of the
   * row itself (divided by its width).
   *
   * @param y rows x width
   * @param mean 1 x rows, kept for the backward pass
   * @param rstd 1 x rows, kept for the backward pass
   * @param x rows x width
   * @param residual rows x width, what y is added to; null for nothing
   * @param gain 1 x width; null for 1, and no bias then
   * @param bias 1 x width; null for 0, and no gain then
   */
  record LayerNormForward(
      Tensor y, Tensor mean, Tensor rstd, Tensor x, Tensor residual, Parameter gain, Parameter bias)
      implements TransformerOperation {
    @Override
    public List<Tensor> reads() {
      return present(x, residual, value(gain), value(bias));
    }

    @Override
    public List<Tensor> writes() {
      return List.of(y, mean, rstd);
    }

    @Override
    public long flops() {
      return x.shape().elements();
    }
  }

  /**
   * The gradient at the input: with {@code h = (x - mean) rstd} and {@code g = dy gain}, {@code dx
   * = residual + rstd (g - mean(g) - h mean(g h))}, means over the row.
   *
   * @param dx rows x width
   * @param dy rows x width
   * @param residual rows x width, what reaches x past the normalisation; null for nothing
   * @param x rows x width, as in the forward pass
   * @param mean 1 x rows
   * @param rstd 1 x rows
   * @param gain 1 x width; null for 1
   */
  record LayerNormBackward(
      Tensor dx, Tensor dy, Tensor residual, Tensor x, Tensor mean, Tensor rstd, Parameter gain)
      implements TransformerOperation {
    @Override
    public List<Tensor> reads() {
      return present(dy, residual, x, mean, rstd, value(gain));
    }

    @Override
    public List<Tensor> writes() {
      return List.of(dx);
    }

    @Override
    public long flops() {
      return x.shape().elements();
    }
  }

  /**
   * The gradients of gain and bias, column sums of {@code dy (x - mean) rstd} and of {@code dy}, go
   * straight into the target. Does nothing while {@link StepControl#failure()} is set.
   *
   * @param gain 1 x width
   * @param bias 1 x width
   * @param x rows x width, as in the forward pass
   * @param mean 1 x rows
   * @param rstd 1 x rows
   * @param dy rows x width
   * @param target optimizer or gradient
   * @param control learning rate and corrections
   */
  record LayerNormUpdate(
      Parameter gain,
      Parameter bias,
      Tensor x,
      Tensor mean,
      Tensor rstd,
      Tensor dy,
      UpdateTarget target,
      StepControl control)
      implements TransformerOperation {
    @Override
    public List<Tensor> reads() {
      List<Tensor> tensors = new ArrayList<>(List.of(x, mean, rstd, dy, control.words()));
      tensors.addAll(target.reads(gain, bias));
      return tensors;
    }

    @Override
    public List<Tensor> writes() {
      return target.writes(gain, bias);
    }

    @Override
    public long flops() {
      return 2 * x.shape().elements();
    }
  }

  /**
   * Scaled dot-product attention (Vaswani et al. 2017) of each sequence and head: {@code y = P V},
   * where the rows of P are the softmax of those of {@code Q K^T / sqrt(head width)} over the
   * tokens that the mask lets through. The probabilities are never stored: the backward pass makes
   * them again from the log-sum-exp of each row (Dao et al. 2022).
   *
   * @param y tokens x width
   * @param logSumExp tokens x heads: of the scaled products of each row
   * @param qkv tokens x 3 width: queries, keys and values side by side, each with its heads side by
   *     side, as GPT-2's one product for all three gives them
   * @param layout heads, context, mask; tokens are whole sequences, width is whole heads
   */
  record AttentionForward(Tensor y, Tensor logSumExp, Tensor qkv, AttentionLayout layout)
      implements TransformerOperation {
    @Override
    public List<Tensor> reads() {
      return List.of(qkv);
    }

    @Override
    public List<Tensor> writes() {
      return List.of(y, logSumExp);
    }

    /** Two products. */
    @Override
    public long flops() {
      return 2 * products(y, layout);
    }
  }

  /**
   * What {@link AttentionForward} gives for the last token of each sequence alone, which sees all
   * of them under every mask. That is what a language model needs of each further token, once
   * queries, keys and values of those before it are there.
   *
   * @param y sequences x width
   * @param qkv tokens x 3 width, as in the forward pass
   * @param layout heads, context; tokens are whole sequences, width is whole heads
   */
  record AttentionDecode(Tensor y, Tensor qkv, AttentionLayout layout)
      implements TransformerOperation {
    @Override
    public List<Tensor> reads() {
      return List.of(qkv);
    }

    @Override
    public List<Tensor> writes() {
      return List.of(y);
    }

    /** Two products of one query for each sequence. */
    @Override
    public long flops() {
      return 4 * y.shape().elements() * layout.context();
    }
  }

  /**
   * The gradient at queries, keys and values: with {@code dP = dy V^T} and {@code dS = P (dP - sum
   * of dy y over the head) / sqrt(head width)}, {@code dQ = dS K, dK = dS^T Q, dV = P^T dy}.
   *
   * @param dqkv tokens x 3 width, in the order of qkv
   * @param dy tokens x width
   * @param y tokens x width, what the forward pass gave
   * @param logSumExp tokens x heads, what the forward pass gave
   * @param qkv tokens x 3 width
   * @param layout as in the forward pass
   */
  record AttentionBackward(
      Tensor dqkv, Tensor dy, Tensor y, Tensor logSumExp, Tensor qkv, AttentionLayout layout)
      implements TransformerOperation {
    @Override
    public List<Tensor> reads() {
      return List.of(dy, y, logSumExp, qkv);
    }

    @Override
    public List<Tensor> writes() {
      return List.of(dqkv);
    }

    /** Five products, one of them the forward pass's. */
    @Override
    public long flops() {
      return 5 * products(y, layout);
    }
  }

  /**
   * Rows of two tables: {@code y[r] = tokenTable[tokens[r]] + positionTable[r mod context]}.
   *
   * @param y tokens x width
   * @param tokens S32, tokens x 1, each in [0, vocabulary); a number outside is refused when the
   *     operation runs, before anything is written for its row
   * @param tokenTable vocabulary x width
   * @param positionTable context x width; tokens are whole sequences
   */
  record EmbeddingForward(Tensor y, Tensor tokens, Parameter tokenTable, Parameter positionTable)
      implements TransformerOperation {
    @Override
    public List<Tensor> reads() {
      return List.of(tokens, tokenTable.value(), positionTable.value());
    }

    @Override
    public List<Tensor> writes() {
      return List.of(y);
    }

    @Override
    public long flops() {
      return y.shape().elements();
    }
  }

  /**
   * The gradients of both tables go straight into the target: row t of the token table gets the sum
   * of the rows of dy whose token is t, row p of the position table of those at position p, each in
   * ascending order. Every row is updated, that of a token which does not occur with a gradient of
   * 0. Does nothing while {@link StepControl#failure()} is set.
   *
   * @param tokenTable vocabulary x width
   * @param positionTable context x width
   * @param tokens S32, tokens x 1, as in the forward pass
   * @param dy tokens x width
   * @param target optimizer or gradient
   * @param control learning rate and corrections
   */
  record EmbeddingUpdate(
      Parameter tokenTable,
      Parameter positionTable,
      Tensor tokens,
      Tensor dy,
      UpdateTarget target,
      StepControl control)
      implements TransformerOperation {
    @Override
    public List<Tensor> reads() {
      List<Tensor> tensors = new ArrayList<>(List.of(tokens, dy, control.words()));
      tensors.addAll(target.reads(tokenTable, positionTable));
      return tensors;
    }

    @Override
    public List<Tensor> writes() {
      return target.writes(tokenTable, positionTable);
    }

    @Override
    public long flops() {
      return 2 * dy.shape().elements();
    }
  }

  /**
   * {@code sum = x + y}, element by element; in place if the sum is the same tensor as one of them.
   *
   * @param sum rows x width
   * @param x rows x width
   * @param y rows x width
   */
  record ResidualAdd(Tensor sum, Tensor x, Tensor y) implements TransformerOperation {
    @Override
    public List<Tensor> reads() {
      return List.of(x, y);
    }

    @Override
    public List<Tensor> writes() {
      return List.of(sum);
    }

    @Override
    public long flops() {
      return sum.shape().elements();
    }
  }

  /** Multiplications and additions of one product over the pairs that the mask lets through. */
  private static long products(Tensor y, AttentionLayout layout) {
    return 2 * y.rows() / layout.context() * layout.pairs() * y.columns();
  }

  private static Tensor value(Parameter parameter) {
    return parameter == null ? null : parameter.value();
  }

  private static List<Tensor> present(Tensor... tensors) {
    return Stream.of(tensors).filter(Objects::nonNull).toList();
  }
}
