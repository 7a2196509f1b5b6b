package dev.feedlight.device.cpu;

import dev.feedlight.device.StepControl;

/** The failure of a control block, by the address of its words. */
final class StickyFailure {
  private StickyFailure() {}

  static boolean isSet(long control) {
    return CpuAddress.getInt(control + StepControl.FAILURE) != 0;
  }

  /** Keeps the first failure only. */
  static void set(long control, int block) {
    if (isSet(control)) {
      return;
    }
    CpuAddress.setInt(control + StepControl.FAILURE, block + 1);
    for (int word = 0; word < 2; word++) {
      CpuAddress.setInt(
          control + StepControl.FAILURE_STEP,
          word,
          CpuAddress.getInt(control + StepControl.STEP, word));
    }
  }
}
