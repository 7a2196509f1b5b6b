package dev.feedlight.bench.fig4;

/**
 * A cell that was not measured.
 *
 * @param cell which
 * @param reason why
 * @param detail one clause with the numbers
 */
record Missing(Cell cell, Reason reason, String detail) {
  /** Why a cell was not measured. */
  enum Reason {
    /** The time allowed was over. */
    TIME_LIMIT("time limit"),
    /** The machine has not the memory. */
    MEMORY("does not fit"),
    /** It was tried. */
    FAILED("failed");

    private final String words;

    Reason(String words) {
      this.words = words;
    }

    /** As people read it. */
    @Override
    public String toString() {
      return words;
    }
  }

  static Missing forMemory(Cell cell, long needed, long free) {
    return new Missing(
        cell,
        Reason.MEMORY,
        "needs about "
            + Amounts.memory(needed)
            + " of memory, "
            + Amounts.memory(free)
            + " are free");
  }

  static Missing forTime(Cell cell, double needed, double left) {
    return new Missing(
        cell,
        Reason.TIME_LIMIT,
        "its place needs about "
            + Amounts.duration(needed)
            + ", "
            + Amounts.duration(Math.max(0, left))
            + " were left");
  }

  /** One line. */
  String line() {
    return cell.label() + ": not measured, " + reason + ": " + detail;
  }
}
