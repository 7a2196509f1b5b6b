package dev.feedlight.architecture.violating.tensor;

import dev.feedlight.architecture.violating.device.Seam;

interface KnowsDevice {
  Seam device();
}
