package dev.feedlight.bench.cli;

import dev.feedlight.device.TernaryRule;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads {@code rms:1.0}, {@code max:0.1}, {@code absolute:0.1}, {@code sign}, {@code stochastic}.
 */
final class TernaryRuleConverter implements ITypeConverter<TernaryRule> {
  @Override
  public TernaryRule convert(String text) {
    String[] parts = text.split(":", 2);
    try {
      return switch (parts[0]) {
        case "rms" -> new TernaryRule.RelativeToRms(number(parts));
        case "max" -> new TernaryRule.RelativeToMax(number(parts));
        case "absolute" -> new TernaryRule.Absolute(number(parts));
        case "sign" -> bare(parts, new TernaryRule.Sign());
        case "stochastic" -> bare(parts, new TernaryRule.Stochastic());
        default -> throw new IllegalArgumentException("there is no such rule");
      };
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(
          "'"
              + text
              + "' is none of rms:NUMBER, max:NUMBER, absolute:NUMBER, sign, stochastic ("
              + e.getMessage()
              + ")");
    }
  }

  private static float number(String[] parts) {
    if (parts.length == 1) {
      throw new IllegalArgumentException("the number is missing");
    }
    try {
      return Float.parseFloat(parts[1]);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + parts[1] + "' is not a number", e);
    }
  }

  private static TernaryRule bare(String[] parts, TernaryRule rule) {
    if (parts.length > 1) {
      throw new IllegalArgumentException(parts[0] + " takes no number");
    }
    return rule;
  }

  /** The inverse, for reports. */
  static String text(TernaryRule rule) {
    return switch (rule) {
      case TernaryRule.RelativeToRms(float factor) -> "rms:" + factor;
      case TernaryRule.RelativeToMax(float fraction) -> "max:" + fraction;
      case TernaryRule.Absolute(float threshold) -> "absolute:" + threshold;
      case TernaryRule.Sign() -> "sign";
      case TernaryRule.Stochastic() -> "stochastic";
    };
  }
}
