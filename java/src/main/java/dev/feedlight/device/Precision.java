package dev.feedlight.device;

import java.util.Locale;

/**
 * What the operands of dense products are rounded to: those of {@link Operation.LinearForward},
 * {@link Operation.LinearBackwardInput} and {@link Operation.LinearUpdate}, with them the random
 * matrix of direct feedback. An option of the device. Sums are fp32, and so is everything else:
 * weights, activations, biases, gradients and the optimizer's state; the masked signal of an update
 * is rounded after the mask, and its bias takes it as it is. Optics do not know it.
 */
public enum Precision {
  /** Operands as they are. */
  FP32,
  /**
   * Operands rounded to the nearest {@link Tf32}: 10 bits behind the point, ties away from zero.
   * Tensor cores of NVIDIA GPUs have it from sm_80 on; the processor does not.
   */
  TF32,
  /** Operands rounded to the nearest {@link Bf16}. Tensor cores have it from sm_80 on. */
  BF16;

  /**
   * The name in result files and on the command line.
   *
   * @return {@code fp32}, {@code tf32} or {@code bf16}
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * What a value counts as where it is multiplied.
   *
   * @param value a float, or what would be stored as one
   * @return for {@link #FP32} the value, otherwise its float, rounded
   */
  public double operand(double value) {
    return switch (this) {
      case FP32 -> value;
      case TF32 -> Tf32.round((float) value);
      case BF16 -> Bf16.round((float) value);
    };
  }
}
