package dev.feedlight.architecture.violating.data;

import dev.feedlight.architecture.violating.device.Seam;

interface KnowsDevice {
  Seam device();
}
