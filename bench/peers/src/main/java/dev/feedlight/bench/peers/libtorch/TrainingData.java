package dev.feedlight.bench.peers.libtorch;

import dev.feedlight.bench.peers.PeerCell;
import java.util.SplittableRandom;

/**
 * What every implementation starts from, on the host, row-major.
 *
 * @param cell sizes
 * @param weights per layer, outputs x inputs
 * @param feedback width x width: signal = error times its transpose
 * @param input batch x width
 * @param target batch x width
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record TrainingData(
    PeerCell cell, float[][] weights, float[] feedback, float[] input, float[] target) {

  /** Values uniform in (-1, 1). */
  static float[] values(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }
}
