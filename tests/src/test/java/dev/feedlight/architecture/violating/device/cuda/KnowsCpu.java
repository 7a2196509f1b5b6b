package dev.feedlight.architecture.violating.device.cuda;

import dev.feedlight.architecture.violating.device.cpu.KnowsReference;

interface KnowsCpu {
  KnowsReference cpu();
}
