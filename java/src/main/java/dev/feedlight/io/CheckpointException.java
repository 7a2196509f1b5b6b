package dev.feedlight.io;

/** A checkpoint that cannot be written, is damaged, or does not fit what it is loaded into. */
public final class CheckpointException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Says what is wrong.
   *
   * @param message names the checkpoint, the file and the numbers
   */
  public CheckpointException(String message) {
    super(message);
  }

  /**
   * Says what is wrong and why.
   *
   * @param message names the checkpoint, the file and the numbers
   * @param cause what was met
   */
  public CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }

  /** What was being done, and what the system said. */
  static CheckpointException of(String what, Exception cause) {
    String said = cause.getMessage() == null ? "" : ": " + cause.getMessage();
    return new CheckpointException(what + ": " + cause.getClass().getSimpleName() + said, cause);
  }
}
