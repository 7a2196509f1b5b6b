package dev.feedlight.architecture.violating.learn;

final class UsesStandardOutput {
  private UsesStandardOutput() {}

  static void report(double loss) {
    System.out.println(loss);
  }
}
