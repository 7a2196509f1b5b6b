package dev.feedlight;

/**
 * What a call of {@link DfaEngine#train} did.
 *
 * @param steps steps taken
 * @param finalLoss mean loss of the last epoch
 * @param seconds measured time
 * @param modelledOpticalSeconds time the optics would have taken for the projections, after the
 *     settings' clock; 0 without optics. A model, not a measurement
 */
public record TrainingResult(
    long steps, double finalLoss, double seconds, double modelledOpticalSeconds) {}
