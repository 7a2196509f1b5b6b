package dev.feedlight.device;

/** Activation functions, applied element by element. */
public enum Activation {
  /** f(z) = z. */
  IDENTITY,
  /** f(z) = max(z, 0); f'(0) = 0. */
  RELU,
  /** f(z) = tanh z. */
  TANH,
  /** f(z) = 1 / (1 + exp(-z)). */
  SIGMOID,
  /** f(z) = z Phi(z), the exact form with erf (Hendrycks and Gimpel 2016). */
  GELU;

  /**
   * Whether f' must be computed from the pre-activation z. For the others it follows from f(z), so
   * that z need not be kept.
   *
   * @return true for {@link #GELU}
   */
  public boolean gradientNeedsPreActivation() {
    return this == GELU;
  }
}
