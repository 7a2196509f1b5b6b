package dev.feedlight.device.cuda;

import java.util.ArrayList;
import java.util.List;

/**
 * The part of a projection that is computed at a time: some samples at some outputs.
 *
 * @param firstSample row of the first pattern
 * @param samples how many
 * @param firstOutput first output
 * @param outputs how many
 */
record OpticPatch(long firstSample, long samples, long firstOutput, long outputs) {
  /** All of it. */
  static OpticPatch whole(long samples, long outputs) {
    return new OpticPatch(0, samples, 0, outputs);
  }

  /** Cuts a projection into patches of at most so many samples and outputs. */
  static List<OpticPatch> cover(long samples, long outputs, long mostSamples, long mostOutputs) {
    List<OpticPatch> patches = new ArrayList<>();
    for (long sample = 0; sample < samples; sample += mostSamples) {
      long some = Math.min(mostSamples, samples - sample);
      for (long output = 0; output < outputs; output += mostOutputs) {
        patches.add(new OpticPatch(sample, some, output, Math.min(mostOutputs, outputs - output)));
      }
    }
    return patches;
  }

  /** One value of each sample and output. */
  long elements() {
    return samples * outputs;
  }
}
