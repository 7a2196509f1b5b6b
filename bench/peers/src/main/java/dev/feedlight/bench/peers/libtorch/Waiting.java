package dev.feedlight.bench.peers.libtorch;

import java.util.Locale;
import java.util.Map;

/** How long libtorch's threads wait for more work before they sleep. */
enum Waiting {
  /**
   * OpenMP's for 10000 looks (a fraction of a millisecond), so that they take no core from
   * OpenBLAS's for long; OpenBLAS's for 2^22 cycles (2 ms at 2 GHz). Both are longer than what lies
   * between the kernels of a small step and shorter than the rest between turns (ours).
   */
  BRIEF(5),

  /** As the libraries do by themselves: up to tens of milliseconds, hence the longer rest. */
  LIBRARY(200);

  private final int restMilliseconds;

  Waiting(int restMilliseconds) {
    this.restMilliseconds = restMilliseconds;
  }

  /** Variables that must be set before a process starts. */
  Map<String, String> environment() {
    return switch (this) {
      case BRIEF -> Map.of("GOMP_SPINCOUNT", "10000", "OPENBLAS_THREAD_TIMEOUT", "22");
      case LIBRARY -> Map.of();
    };
  }

  /** Rest between turns after which nobody waits any more; ours sleep after 0.04 ms. */
  int restMilliseconds() {
    return restMilliseconds;
  }

  /** As on the command line and in a result line's setting. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
