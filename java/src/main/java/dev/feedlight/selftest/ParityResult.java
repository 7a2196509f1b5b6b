package dev.feedlight.selftest;

/**
 * How a device did on one case.
 *
 * @param parityCase the case
 * @param worstError error of the worst element: absolute, or in units in the last place where bits
 *     are compared; NaN if the case did not get so far
 * @param tolerance what was allowed at that element
 * @param reason why that much
 * @param passed whether all results agree and nothing else changed
 * @param message empty if passed, otherwise what went wrong, with the numbers
 * @param milliseconds time on the device, operands and read-back included
 */
public record ParityResult(
    ParityCase parityCase,
    double worstError,
    double tolerance,
    String reason,
    boolean passed,
    String message,
    double milliseconds) {}
