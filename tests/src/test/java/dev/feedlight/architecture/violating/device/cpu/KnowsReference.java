package dev.feedlight.architecture.violating.device.cpu;

import dev.feedlight.architecture.violating.device.reference.KnowsCpu;

/** Stands for the CPU backend, too. */
public interface KnowsReference {
  /** Returns what it must not know. */
  KnowsCpu reference();
}
