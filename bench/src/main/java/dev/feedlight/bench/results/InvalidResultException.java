package dev.feedlight.bench.results;

/** A result line whose values contradict the contract; the message names the key and the value. */
public final class InvalidResultException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public InvalidResultException(String message) {
    super(message);
  }
}
