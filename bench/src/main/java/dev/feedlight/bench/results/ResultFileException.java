package dev.feedlight.bench.results;

import java.io.IOException;
import java.nio.file.Path;

/** A line of a result file that cannot be read, with the file and the line's number. */
public final class ResultFileException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final int lineNumber;

  ResultFileException(Path file, int lineNumber, String reason, Throwable cause) {
    super(file + ", line " + lineNumber + ": " + reason, cause);
    this.file = file.toString();
    this.lineNumber = lineNumber;
  }

  /** The file as it was named by the caller. */
  public Path file() {
    return Path.of(file);
  }

  /** The bad line, counted from 1. */
  public int lineNumber() {
    return lineNumber;
  }
}
