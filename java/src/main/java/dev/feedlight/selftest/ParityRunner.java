package dev.feedlight.selftest;

import dev.feedlight.device.Device;
import dev.feedlight.device.Precision;
import dev.feedlight.device.reference.ReferenceDevice;
import java.util.List;
import java.util.Locale;

/** Holds a device against the oracle. */
public final class ParityRunner {
  private ParityRunner() {}

  /**
   * Runs a case on a device and on the oracle of its precision and compares all results.
   *
   * @param device the device in question
   * @param parityCase the case
   * @return the verdict; whatever the device throws becomes a failed one
   */
  public static ParityResult run(Device device, ParityCase parityCase) {
    return run(device, parityCase, expected(parityCase, device.precision()));
  }

  /**
   * What the oracle says.
   *
   * @param parityCase the case
   * @param precision what the oracle rounds operands of dense products to
   * @return its results
   */
  public static List<Output> expected(ParityCase parityCase, Precision precision) {
    try (ReferenceDevice oracle = ReferenceDevice.open(precision)) {
      return parityCase.run(oracle);
    }
  }

  /**
   * Runs a case on a device and compares all results.
   *
   * @param device the device in question
   * @param parityCase the case
   * @param expected what the oracle said, to be used for several devices
   * @return the verdict; whatever the device throws becomes a failed one
   */
  public static ParityResult run(Device device, ParityCase parityCase, List<Output> expected) {
    long start = System.nanoTime();
    List<Output> actual;
    try {
      actual = parityCase.run(device);
    } catch (RuntimeException e) {
      return failure(parityCase, e.toString(), millisecondsSince(start));
    }
    double milliseconds = millisecondsSince(start);
    long left = device.memory().scopes().getOrDefault(Workbench.SCOPE, 0L);
    if (left != 0) {
      return failure(parityCase, left + " bytes are live in a closed scope", milliseconds);
    }
    return compare(parityCase, expected, actual, milliseconds);
  }

  private static ParityResult compare(
      ParityCase parityCase, List<Output> expected, List<Output> actual, double milliseconds) {
    Comparison worst = null;
    Output worstOutput = null;
    for (int i = 0; i < expected.size(); i++) {
      Comparison comparison = expected.get(i).compare(actual.get(i));
      if (worst == null || comparison.isWorseThan(worst)) {
        worst = comparison;
        worstOutput = expected.get(i);
      }
    }
    return new ParityResult(
        parityCase,
        worst.error(),
        worst.bound(),
        worstOutput.tolerance().reason(),
        worst.passed(),
        worst.passed() ? "" : describe(parityCase, worstOutput, worst),
        milliseconds);
  }

  private static String describe(ParityCase parityCase, Output output, Comparison worst) {
    long columns = output.shape().columns();
    return String.format(
        Locale.ROOT,
        "%s: %s[%d, %d] of %s is %s, expected %s: error %.3g, allowed %.3g (%s); seed %d",
        parityCase.name(),
        output.name(),
        worst.index() / columns,
        worst.index() % columns,
        output.shape(),
        worst.actual(),
        worst.expected(),
        worst.error(),
        worst.bound(),
        output.tolerance().reason(),
        parityCase.seed());
  }

  private static ParityResult failure(ParityCase parityCase, String message, double milliseconds) {
    return new ParityResult(
        parityCase,
        Double.NaN,
        Double.NaN,
        "",
        false,
        String.format(
            Locale.ROOT, "%s: %s; seed %d", parityCase.name(), message, parityCase.seed()),
        milliseconds);
  }

  private static double millisecondsSince(long start) {
    return (System.nanoTime() - start) / 1e6;
  }
}
