package dev.feedlight.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.device.cpu.CpuDevice;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Rounding to TensorFloat-32 against its definition: the nearest of all, ties away from zero. */
final class Tf32Test {
  private static final int DROPPED = 13;

  @Test
  void everythingGoesToTheNearestAndTiesAwayFromZero() {
    SplittableRandom random = new SplittableRandom(3);
    int[] dropped = {0, 1, 0x234, 0xFFF, 0x1000, 0x1001, 0x1FFF};
    for (int i = 0; i < 200_000; i++) {
      // Both signs, all exponents but the last, whose upper neighbour is no number.
      int upper = random.nextInt(0x7F7F_FFFF >>> DROPPED) | (random.nextInt(2) << 18);
      float value = Float.intBitsToFloat((upper << DROPPED) | dropped[i % dropped.length]);
      double down = Float.intBitsToFloat(upper << DROPPED);
      double up = Float.intBitsToFloat((upper + 1) << DROPPED);
      double expected = Math.abs(value - down) < Math.abs(up - value) ? down : up;
      assertThat((double) Tf32.round(value)).as("%s", value).isEqualTo(expected);
      assertThat(Tf32.round((float) expected)).isEqualTo((float) expected);
    }
  }

  @Test
  void infinitiesStayNanStaysAndTooLargeBecomesInfinite() {
    assertThat(Tf32.round(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Tf32.round(Float.NEGATIVE_INFINITY)).isEqualTo(Float.NEGATIVE_INFINITY);
    for (int nan : new int[] {0x7F800001, 0x7FC00000, 0x7FBFFFFF, 0x7FFFFFFF, -1, 0xFF800001}) {
      assertThat(Tf32.round(Float.intBitsToFloat(nan))).as("%x", nan).isNaN();
    }
    float middle = Float.intBitsToFloat(0x7F7FF000);
    assertThat(Tf32.round(Math.nextDown(middle))).isEqualTo(Float.intBitsToFloat(0x7F7FE000));
    assertThat(Tf32.round(middle)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Float.floatToRawIntBits(Tf32.round(-0f))).isEqualTo(Float.floatToRawIntBits(-0f));
  }

  @Test
  void itIsAPrecisionThatTheProcessorRefuses() {
    assertThat(Precision.TF32.operand(1 / 3.0)).isEqualTo(0.333251953125);
    assertThat(Precision.TF32.operand(1 + 0x1p-11)).isEqualTo(1 + 0x1p-10);
    assertThat(Precision.TF32.label()).isEqualTo("tf32");
    assertThatThrownBy(() -> CpuDevice.open(1, Precision.TF32))
        .isInstanceOf(DeviceException.class)
        .hasMessage(
            "the processor has no tf32 products, GPUs from sm_80 on do; take fp32 or bf16, or run"
                + " with --device cuda");
  }
}
