package dev.feedlight.bench.knobs;

/**
 * What one training run came to.
 *
 * @param heldBackAccuracy on training examples kept back, fraction
 * @param testAccuracy on the test examples, fraction; never used to choose by
 * @param gradientAlignment mean over the hidden blocks, of the last probe; NaN without feedback
 * @param weightAlignment mean over the blocks where it is defined, of the last probe; NaN if none
 * @param density share of mirrors that were lit; NaN without optics
 */
record Outcome(
    double heldBackAccuracy,
    double testAccuracy,
    double gradientAlignment,
    double weightAlignment,
    double density) {}
