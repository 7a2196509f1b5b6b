package dev.feedlight.architecture.violating.device;

import dev.feedlight.architecture.violating.device.cpu.KnowsReference;

interface KnowsBackend {
  KnowsReference backend();
}
