package dev.feedlight.bench.peers.libtorch;

import java.util.Locale;
import java.util.Map;

/** How long libtorch's threads wait for more work before they sleep. */
enum Waiting {
  /**
   * OpenMP's not at all, so that they take no core from OpenBLAS's between two element-wise
   * kernels; OpenBLAS's 2^22 cycles (2 ms at 2 GHz), longer than what lies between the products of
   * a small step and shorter than the rest between turns (both ours).
   */
  BRIEF(Map.of("GOMP_SPINCOUNT", "10000", "OPENBLAS_THREAD_TIMEOUT", "22"), 5),

  /** As the libraries do by themselves: up to tens of milliseconds, hence the longer rest. */
  LIBRARY(Map.of(), 200);

  private final Map<String, String> environment;
  private final int restMilliseconds;

  Waiting(Map<String, String> environment, int restMilliseconds) {
    this.environment = environment;
    this.restMilliseconds = restMilliseconds;
  }

  /** Variables that must be set before a process starts. */
  Map<String, String> environment() {
    return environment;
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
