package dev.feedlight.architecture.violating.device.reference;

import dev.feedlight.architecture.violating.device.cpu.KnowsReference;

/** Stands for the oracle, too. */
public interface KnowsCpu {
  /** Returns what it must not know. */
  KnowsReference cpu();
}
