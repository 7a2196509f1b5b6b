package dev.feedlight.architecture.violating.learn;

@SuppressWarnings("NonFinalStaticField") // what this class is for
final class HasStaticState {
  static int steps = 0;

  private HasStaticState() {}
}
