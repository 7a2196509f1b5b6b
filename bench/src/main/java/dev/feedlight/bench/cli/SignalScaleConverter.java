package dev.feedlight.bench.cli;

import dev.feedlight.learn.SignalScale;
import java.math.BigDecimal;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code norm} and {@code calibrated}, both with {@code :GAIN} behind them or without. */
final class SignalScaleConverter implements ITypeConverter<SignalScale> {
  @Override
  public SignalScale convert(String text) {
    String[] parts = text.split(":", 2);
    try {
      return switch (parts[0]) {
        case "norm" -> new SignalScale.ErrorNorm(gain(parts));
        case "calibrated" -> new SignalScale.Calibrated(gain(parts));
        default -> throw new IllegalArgumentException("there is no such scale");
      };
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(
          "'"
              + text
              + "' is neither norm nor calibrated, with :GAIN or without ("
              + e.getMessage()
              + ")");
    }
  }

  private static float gain(String[] parts) {
    if (parts.length == 1) {
      return 1;
    }
    try {
      return Float.parseFloat(parts[1]);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + parts[1] + "' is not a number", e);
    }
  }

  /** The inverse, for reports. */
  static String text(SignalScale scale) {
    return switch (scale) {
      case SignalScale.ErrorNorm(float gain) -> "norm" + suffix(gain);
      case SignalScale.Calibrated(float gain) -> "calibrated" + suffix(gain);
    };
  }

  private static String suffix(float gain) {
    return gain == 1 ? "" : ":" + new BigDecimal(Float.toString(gain)).stripTrailingZeros();
  }
}
