package dev.feedlight.bench.fig4;

/**
 * The folder for the results holds measurements that this run must neither continue nor replace;
 * the message says what it holds and what to do.
 */
public final class RunFolderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RunFolderException(String message) {
    super(message);
  }
}
