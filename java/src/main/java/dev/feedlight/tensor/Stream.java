package dev.feedlight.tensor;

/**
 * What a random stream is for. Numbers are part of the reproducibility contract: never reuse one.
 */
public enum Stream {
  /** Initial weights; index = parameter number. */
  WEIGHTS(1),
  /** The digital feedback matrix of DFA. */
  FEEDBACK_MATRIX(2),
  /** The transmission matrix of the scattering medium. */
  TRANSMISSION(3),
  /** Camera noise. */
  CAMERA(4),
  /** Stochastic ternarization. */
  TERNARIZER(5),
  /** Order of the examples. */
  DATA_ORDER(6),
  /** Synthetic data. */
  SYNTHETIC_DATA(7),
  /** Defects of the camera's pixels. */
  SENSOR(8),
  /** Masks of dropout; index = block number. */
  DROPOUT(9),
  /** Which passages of a text are kept back. */
  DATA_SPLIT(10),
  /** Which tokens a language model writes; counter = number of the token. */
  SAMPLING(11);

  private final int number;

  Stream(int number) {
    this.number = number;
  }

  /**
   * The stable number of this purpose.
   *
   * @return the number that enters the key derivation
   */
  public int number() {
    return number;
  }
}
