package dev.feedlight.device.cpu;

import dev.feedlight.device.Bf16;

/** Rounding to bf16. */
final class PlainBf16 {
  private PlainBf16() {}

  static void round(long target, long source, long n) {
    for (long i = 0; i < n; i++) {
      CpuAddress.setShort(target, i, Bf16.bits(CpuAddress.getFloat(source, i)));
    }
  }
}
