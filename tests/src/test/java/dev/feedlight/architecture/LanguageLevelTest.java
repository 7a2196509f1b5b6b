package dev.feedlight.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Record patterns and the unnamed variable pass the compiler, Error Prone and the formatter. An
 * older JVM under any of the three rejects this file.
 */
final class LanguageLevelTest {
  private sealed interface Signal permits Digital, Optical {}

  private record Digital(int bits, Scale scale) implements Signal {}

  private record Optical(Scale scale) implements Signal {}

  private record Scale(double factor) {}

  private static double factorOf(Signal signal) {
    return switch (signal) {
      case Digital(_, Scale(var factor)) -> factor;
      case Optical(Scale(var factor)) when factor > 0 -> factor;
      case Optical _ -> 1;
    };
  }

  @Test
  void recordPatternsMatchNestedComponents() {
    assertThat(factorOf(new Digital(8, new Scale(0.5)))).isEqualTo(0.5);
    assertThat(factorOf(new Optical(new Scale(0.25)))).isEqualTo(0.25);
    assertThat(factorOf(new Optical(new Scale(-1)))).isEqualTo(1);
  }
}
