package dev.feedlight.bench.peers.libtorch;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Something that takes turns with others: a step and what must be set before it. */
final class Candidate {
  /** A turn repeats steps for about so long (ours). */
  private static final double TURN_MS = 20;

  /** After a rest, steps for about so long do not count: clocks and caches wake slowly (ours). */
  private static final double WAKE_MS = 10;

  private static final int MOST_STEPS = 200;

  private final String name;
  private final Runnable prepare;
  private final Runnable step;
  private final long restNanos;
  private int steps = 1;

  /**
   * Prepares turns.
   *
   * @param name of what is run
   * @param prepare before every turn
   * @param step what is timed
   * @param restMilliseconds before every turn, so that threads which still wait for the work of the
   *     turn before have gone to sleep
   */
  Candidate(String name, Runnable prepare, Runnable step, int restMilliseconds) {
    this.restNanos = TimeUnit.MILLISECONDS.toNanos(restMilliseconds);
    this.name = name;
    this.prepare = prepare;
    this.step = step;
  }

  String name() {
    return name;
  }

  /** Runs steps until so many ran and so much time went by. */
  void warmUp(int atLeast, double seconds) {
    prepare.run();
    long start = System.nanoTime();
    for (int i = 0; i < atLeast || (System.nanoTime() - start) * 1e-9 < seconds; i++) {
      step.run();
    }
  }

  /** Rests, runs steps that wake threads, clocks and caches, and times those behind them. */
  double turn() {
    prepare.run();
    long end = System.nanoTime() + restNanos;
    for (long left = restNanos; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    long start = System.nanoTime();
    do {
      step.run();
    } while ((System.nanoTime() - start) * 1e-6 < WAKE_MS);
    start = System.nanoTime();
    for (int i = 0; i < steps; i++) {
      step.run();
    }
    double milliseconds = (System.nanoTime() - start) * 1e-6 / steps;
    steps = Math.clamp(Math.round(TURN_MS / milliseconds), 1, MOST_STEPS);
    return milliseconds;
  }
}
