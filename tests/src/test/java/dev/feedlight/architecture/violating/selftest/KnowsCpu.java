package dev.feedlight.architecture.violating.selftest;

import dev.feedlight.architecture.violating.device.cpu.KnowsReference;

interface KnowsCpu {
  KnowsReference cpu();
}
