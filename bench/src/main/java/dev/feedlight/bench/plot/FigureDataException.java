package dev.feedlight.bench.plot;

/** Data that cannot be drawn as asked; the message carries the numbers. */
public final class FigureDataException extends IllegalArgumentException {
  public FigureDataException(String message) {
    super(message);
  }
}
