package dev.feedlight.learn;

/**
 * How well a block's feedback stands in for the true gradient, measured by {@link AlignmentProbe}.
 *
 * <p>Gradient alignment is the cosine, sample by sample, between the gradient of the loss at the
 * block's output as backpropagation computes it and what the block receives in its place, both
 * before the activation's derivative; a sample whose gradient or signal has a norm below 1e-8
 * counts as 0. The last block is trained by its exact gradient: 1 by definition, not measured.
 *
 * <p>Weight alignment (Refinetti et al. 2021, "Align, then memorise") is the cosine between the
 * entries of the block's weight W_l and those of {@code F_l F_(l-1)^T}; for the last block, between
 * W_L and {@code F_(L-1)^T}. F is the {@link FeedbackMatrix}.
 *
 * @param block number of the block, from 0
 * @param name of the block
 * @param gradientMean mean cosine over the batch, -1 to 1; NaN if a value is not finite
 * @param gradientStd standard deviation of the cosine over the batch (of these samples, not an
 *     estimate for others), 0 for one sample
 * @param normRatio norm of the batch's signal over that of its gradient; NaN if the latter is below
 *     1e-8
 * @param weight weight alignment, -1 to 1; NaN where it is not defined: for the first block, for
 *     rules and projections without a feedback matrix, for blocks that are no dense layer, and for
 *     the last block if the gradient at its input is what is projected
 */
public record BlockAlignment(
    int block,
    String name,
    double gradientMean,
    double gradientStd,
    double normRatio,
    double weight) {}
