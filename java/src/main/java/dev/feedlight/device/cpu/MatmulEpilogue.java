package dev.feedlight.device.cpu;

/**
 * What is done to a product P (plus bias) before it is stored; for fp32 results, except {@link
 * #NONE}. There is no ReLU, because oneDNN's turns NaN into 0 and so hides it, and no C + P: for
 * fp32 dnnl_sgemm is faster, and bytes' products would pass through fp32, which is inexact above
 * 2^24. The constants are {@code dnnl_alg_kind_t} of dnnl_types.h.
 */
enum MatmulEpilogue {
  /** C = P. */
  NONE(0),
  /** C = tanh P. */
  TANH(0x21),
  /** C = 1 / (1 + exp(-P)). */
  SIGMOID(0x29),
  /** C = P Phi(P), with erf. */
  GELU(0x31);

  /** Algorithm of an element-wise function; 0 where there is none. */
  final int eltwise;

  MatmulEpilogue(int eltwise) {
    this.eltwise = eltwise;
  }
}
