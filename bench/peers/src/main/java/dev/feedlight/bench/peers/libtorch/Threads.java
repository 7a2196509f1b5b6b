package dev.feedlight.bench.peers.libtorch;

import java.util.ArrayList;
import java.util.List;

/**
 * How many threads libtorch uses; both numbers can be changed between steps.
 *
 * @param openMp of its own element-wise kernels
 * @param openBlas of its matrix products
 */
record Threads(int openMp, int openBlas) {
  /** Every pair of one thread and all. */
  static List<Threads> choices(int cores) {
    List<Integer> counts = cores == 1 ? List.of(1) : List.of(1, cores);
    List<Threads> choices = new ArrayList<>();
    for (int openMp : counts) {
      for (int openBlas : counts) {
        choices.add(new Threads(openMp, openBlas));
      }
    }
    return choices;
  }

  /** As in a result line's setting. */
  String label() {
    return "openmp=" + openMp + " openblas=" + openBlas;
  }
}
