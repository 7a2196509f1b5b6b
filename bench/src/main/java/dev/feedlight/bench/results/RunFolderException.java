package dev.feedlight.bench.results;

/**
 * The folder for the results holds measurements that this run must neither continue nor replace;
 * the message says what it holds and what to do.
 */
public final class RunFolderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Says it.
   *
   * @param message one sentence
   */
  public RunFolderException(String message) {
    super(message);
  }
}
