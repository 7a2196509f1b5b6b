package dev.feedlight.device.cpu;

/**
 * Chooses the loops once: with the Vector API where its module is there, otherwise without. No
 * class that needs the module is loaded unless it is there.
 */
final class LoopsProvider {
  private static final String MODULE = "jdk.incubator.vector";

  private LoopsProvider() {}

  /**
   * What was chosen.
   *
   * @param loops the loops
   * @param note one line for the log: what was chosen, why, and what would change it
   */
  record Choice(Loops loops, String note) {}

  /** The faster loops that this JVM can run. */
  static Choice choose() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return new Choice(
          new PlainLoops(),
          "plain loops, several times slower: this JVM has no module "
              + MODULE
              + "; start it with --add-modules "
              + MODULE);
    }
    return WithModule.choose();
  }

  /** A class of its own, so that the vector classes are linked only when it is used. */
  private static final class WithModule {
    static Choice choose() {
      return new Choice(
          new VectorLoops(), "vector loops, " + VectorMemory.FLOATS.vectorBitSize() + " bits wide");
    }
  }
}
