package dev.feedlight.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Rounding to bfloat16 against its definition: the nearest of all, ties to the even one. */
final class Bf16Test {
  private static final float LARGEST = Float.intBitsToFloat(0x7F7F0000);

  @Test
  void everyBfloat16IsItself() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = Float.intBitsToFloat(bits << 16);
      if (Float.isNaN(value)) {
        assertThat(Bf16.round(value)).isNaN();
      } else {
        assertThat(Bf16.bits(value)).isEqualTo((short) bits);
        assertThat(Float.floatToRawIntBits(Bf16.round(value))).isEqualTo(bits << 16);
      }
    }
  }

  @Test
  void everythingBetweenGoesToTheNearestAndTiesToTheEven() {
    SplittableRandom random = new SplittableRandom(3);
    int[] dropped = {1, 0x1234, 0x7FFF, 0x8000, 0x8001, 0xFFFF};
    for (int i = 0; i < 200_000; i++) {
      // Both signs, all exponents but the last, whose upper neighbour is no number.
      int upper = random.nextInt(0x7F7F) | (random.nextInt(2) << 15);
      int lower = dropped[i % dropped.length];
      float value = Float.intBitsToFloat((upper << 16) | lower);
      double down = Float.intBitsToFloat(upper << 16);
      double up = Float.intBitsToFloat((upper + 1) << 16);
      double below = Math.abs(value - down);
      double above = Math.abs(up - value);
      boolean even = (upper & 1) == 0;
      double expected = below < above || (below == above && even) ? down : up;
      assertThat((double) Bf16.round(value)).as("%s", value).isEqualTo(expected);
    }
  }

  @Test
  void infinitiesStayNanStaysAndTooLargeBecomesInfinite() {
    assertThat(Bf16.round(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Bf16.round(Float.NEGATIVE_INFINITY)).isEqualTo(Float.NEGATIVE_INFINITY);
    // Payloads from one bit to all, quiet and signalling: a carry would make some an infinity or 0.
    for (int nan : new int[] {0x7F800001, 0x7FC00000, 0x7FBFFFFF, 0x7FFFFFFF, -1, 0xFF800001}) {
      assertThat(Bf16.round(Float.intBitsToFloat(nan))).as("%x", nan).isNaN();
    }
    float middle = Float.intBitsToFloat(0x7F7F8000);
    assertThat(Bf16.round(Math.nextDown(middle))).isEqualTo(LARGEST);
    assertThat(Bf16.round(middle)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Bf16.round(-Float.MAX_VALUE)).isEqualTo(Float.NEGATIVE_INFINITY);
  }

  @Test
  void operandsAreRoundedInBf16Only() {
    double third = 1 / 3.0;
    assertThat(Precision.FP32.operand(third)).isEqualTo(third);
    assertThat(Precision.BF16.operand(third)).isEqualTo(0.333984375);
    assertThat(Precision.BF16.label()).isEqualTo("bf16");
    assertThat(Precision.FP32.label()).isEqualTo("fp32");
  }
}
