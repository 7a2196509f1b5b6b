package dev.feedlight.architecture.violating.opu;

import dev.feedlight.architecture.violating.device.cpu.KnowsReference;

interface KnowsBackend {
  KnowsReference cpu();
}
