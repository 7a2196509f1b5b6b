package dev.feedlight.device.cpu;

/** Chooses the loops once: with the Vector API where its module is there, otherwise without. */
final class LoopsProvider {
  private LoopsProvider() {}

  /**
   * What was chosen.
   *
   * @param loops the loops
   * @param note one line for the log: what was chosen, why, and what would change it
   */
  record Choice(Loops loops, String note) {}

  static Choice choose() {
    return new Choice(new PlainLoops(), "plain loops");
  }
}
