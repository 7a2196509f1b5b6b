package dev.feedlight.device.cpu;

/**
 * Element types of a product; the constants are {@code dnnl_data_type_t} of dnnl_common_types.h.
 *
 * <p>Products of unsigned by signed bytes are exact for all values whose sum fits 32 bits where
 * {@link OneDnn#exactBytes()}; elsewhere (x86 without VNNI) pairs of products saturate at 16 bits,
 * so that A must lie in [0, 1]. Products of signed by signed bytes are not offered: without AMX,
 * oneDNN passes them through fp32, which is inexact above 2^24.
 */
enum MatmulTypes {
  /** fp32 times fp32 gives fp32. */
  F32(3, 3, 3, 4),
  /** bf16 times bf16 gives fp32, summed in fp32; see {@link Bf16Product}. */
  BF16BF16F32(2, 2, 3, 2),
  /** Unsigned times signed bytes give s32. */
  U8S8S32(6, 5, 4, 1);

  static final int F32_TYPE = 3;

  /** Bytes of an element of C, for all types. */
  static final int BYTES_C = 4;

  final int a;
  final int b;
  final int c;

  /** Bytes of an element of A and of B. */
  final int bytesIn;

  MatmulTypes(int a, int b, int c, int bytesIn) {
    this.a = a;
    this.b = b;
    this.c = c;
    this.bytesIn = bytesIn;
  }
}
