package dev.feedlight.device.reference;

import dev.feedlight.device.StepControl;

/** The words of {@link StepControl} as a kernel reads them. */
final class ControlWords {
  private final Cells words;

  ControlWords(StepControl control) {
    this.words = new Cells(control.words());
  }

  float real(int byteOffset) {
    return Float.intBitsToFloat(integer(byteOffset));
  }

  int integer(int byteOffset) {
    return words.integer(0, byteOffset / 4);
  }

  long wide(int byteOffset) {
    return Integer.toUnsignedLong(integer(byteOffset)) | (long) integer(byteOffset + 4) << 32;
  }

  boolean failed() {
    return integer(StepControl.FAILURE) != 0;
  }

  /** Keeps the first failure only. */
  void fail(int block) {
    if (!failed()) {
      long step = wide(StepControl.STEP);
      words.put(0, StepControl.FAILURE / 4, block + 1);
      words.put(0, StepControl.FAILURE_STEP / 4, (int) step);
      words.put(0, StepControl.FAILURE_STEP / 4 + 1, (int) (step >>> 32));
    }
  }
}
