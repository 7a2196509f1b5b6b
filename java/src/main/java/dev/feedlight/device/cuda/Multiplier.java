package dev.feedlight.device.cuda;

import dev.feedlight.device.Precision;

/**
 * The instructions that our own products of dense layers are made of. Chosen once, when a device is
 * opened, from its precision and its architecture; nothing falls back.
 */
enum Multiplier {
  /** Fused multiply-add of fp32; everywhere. */
  FMA(""),
  /** Tensor cores warp by warp, operands fp32 in memory and rounded on the way; from sm_80 on. */
  MMA(" by mma.sync"),
  /**
   * Tensor cores by warpgroups, operands bf16 in memory and brought by bulk copies; sm_90 alone.
   * Operands have copies in bf16, see {@link Bf16Copies}.
   */
  WGMMA(" by wgmma, with bf16 copies of the weights");

  /** The architecture whose machine code has wgmma. */
  static final String HOPPER = "sm_90";

  private final String words;

  Multiplier(String words) {
    this.words = words;
  }

  /**
   * Chooses.
   *
   * @param precision what operands are rounded to
   * @param architecture for example {@code sm_90}
   */
  static Multiplier of(Precision precision, String architecture) {
    return switch (precision) {
      case FP32 -> FMA;
      case TF32 -> MMA;
      case BF16 -> architecture.equals(HOPPER) ? WGMMA : MMA;
    };
  }

  /** Follows "products" in the description of a device. */
  @Override
  public String toString() {
    return words;
  }
}
