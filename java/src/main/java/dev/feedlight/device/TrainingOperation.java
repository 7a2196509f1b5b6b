package dev.feedlight.device;

import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * What training does beside products, losses and optics. As in {@link Operation}, results come
 * first.
 */
public sealed interface TrainingOperation extends Operation {
  /**
   * Dropout (Srivastava et al. 2014), inverted: {@code result = source * m}, where m is 0 with
   * probability {@code rate} and 1 / (1 - rate) otherwise, so that the mean is kept. Forward and
   * backward pass are the same operation: the mask is a function of its numbers and never stored.
   *
   * <p>The element in row r and column c takes word {@code c & 3} of the Philox block with counter
   * (c / 4, sample low, sample high, 0), where the sample is number {@link StepControl#PROJECTION}
   * plus r: it counts the samples of all steps, so a mask depends on the step and on the place in
   * the whole batch, not on how the batch is split. The element is dropped if the word's top 24
   * bits, as a number, are less than {@link #threshold()}. One multiplication, rounded once; NaN
   * stays NaN, dropped or not, and a dropped infinity becomes NaN, so that finite checks see both.
   *
   * @param result batch x width; in place if it is the same tensor as the source
   * @param source batch x width
   * @param rate in [0, 1)
   * @param key Philox key, another one for each block
   * @param control number of the first sample
   */
  record Dropout(Tensor result, Tensor source, float rate, long key, StepControl control)
      implements TrainingOperation {
    /**
     * How many of the 2^24 equally probable numbers are dropped.
     *
     * @return rate 2^24, rounded
     */
    public int threshold() {
      return (int) Math.round(rate * 0x1p24);
    }

    /**
     * The factor of what is kept.
     *
     * @return 1 / (1 - rate), rounded once
     */
    public float scale() {
      return (float) (1 / (1 - (double) rate));
    }

    @Override
    public List<Tensor> reads() {
      return List.of(source, control.words());
    }

    @Override
    public List<Tensor> writes() {
      return List.of(result);
    }

    @Override
    public long flops() {
      return result.shape().elements();
    }
  }

  /**
   * The norm of all gradients together, {@code norm = scale sqrt(sum of all squares)}, and the
   * factor that clips it (Pascanu et al. 2013): {@code factor = scale min(1, limit / norm)}, which
   * is {@code scale} for a norm of 0. Sums are in double precision and in an order that depends on
   * the shapes alone.
   *
   * <p>If the norm is not finite in fp32, the factor is 0 and the sticky failure is set: it names
   * the block at which the running sum, in the order of the list, stops being finite. Does nothing
   * while {@link StepControl#failure()} is set.
   *
   * @param norm 1 x 1, before clipping
   * @param factor 1 x 1
   * @param parts the gradients, at least one
   * @param scale of every gradient, positive: 1 / k for the mean over k micro-batches
   * @param limit largest norm that is let through, positive
   * @param control where a failure is kept
   */
  record GradientNorm(
      Tensor norm, Tensor factor, List<Part> parts, float scale, float limit, StepControl control)
      implements TrainingOperation {
    /** Copies the list. */
    public GradientNorm {
      parts = List.copyOf(parts);
    }

    /**
     * One gradient.
     *
     * @param gradient F32, dense
     * @param block number that names the culprit
     */
    public record Part(Tensor gradient, int block) {}

    @Override
    public List<Tensor> reads() {
      List<Tensor> tensors = new ArrayList<>(parts.stream().map(Part::gradient).toList());
      tensors.add(control.words());
      return tensors;
    }

    @Override
    public List<Tensor> writes() {
      return List.of(norm, factor, control.words());
    }

    @Override
    public long flops() {
      return parts.stream().mapToLong(part -> part.gradient.shape().elements()).sum();
    }
  }

  /**
   * One step of the optimizer on the gradient {@code factor * gradient}, which stays as it is. Does
   * nothing while {@link StepControl#failure()} is set.
   *
   * @param parameter carries the optimizer's state
   * @param gradient shape of the parameter, F32, dense
   * @param factor 1 x 1, in device memory
   * @param optimizer the rule
   * @param control learning rate and corrections
   */
  record ApplyGradient(
      Parameter parameter, Tensor gradient, Tensor factor, Optimizer optimizer, StepControl control)
      implements TrainingOperation {
    @Override
    public List<Tensor> reads() {
      List<Tensor> tensors = new ArrayList<>(List.of(gradient, factor, control.words()));
      tensors.addAll(writes());
      return tensors;
    }

    @Override
    public List<Tensor> writes() {
      List<Tensor> tensors = new ArrayList<>(List.of(parameter.value()));
      tensors.addAll(parameter.state());
      return tensors;
    }

    @Override
    public long flops() {
      return gradient.shape().elements();
    }
  }
}
