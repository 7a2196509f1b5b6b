package dev.feedlight.architecture.violating.io;

import dev.feedlight.architecture.violating.device.Seam;

interface KnowsDevice {
  Seam device();
}
