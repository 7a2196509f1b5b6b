package dev.feedlight.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sizes that neither memory nor a Java array can address are refused with the numbers. */
final class ShapeTest {
  @Test
  void arrayLengthIsTheNumberOfElements() {
    assertThat(new Shape(3, 7).arrayLength()).isEqualTo(21);
    assertThat(Shape.vector(Integer.MAX_VALUE - 2).arrayLength()).isEqualTo(2147483645);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 2147483646, 2147483646",
    "65536, 32768, 2147483648",
    "65536, 65536, 4294967296", // 0 as an int
    "1000000, 2000000, 2000000000000"
  })
  void moreElementsThanAnArrayHoldsAreRefused(long rows, long columns, String elements) {
    Shape shape = new Shape(rows, columns);
    assertThatThrownBy(shape::arrayLength)
        .isInstanceOf(ShapeException.class)
        .hasMessageContainingAll(rows + " x " + columns, elements, "Java array");
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 0", "-1, 5", "4294967296, 4294967296"})
  void whatCannotBeAddressedIsRefused(long rows, long columns) {
    assertThatThrownBy(() -> new Shape(rows, columns))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining(rows + " x " + columns);
  }
}
