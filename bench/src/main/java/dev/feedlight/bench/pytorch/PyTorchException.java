package dev.feedlight.bench.pytorch;

/** PyTorch's side could not be measured. */
public final class PyTorchException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean missing;

  PyTorchException(String message, boolean missing) {
    super(message);
    this.missing = missing;
  }

  /** Whether something has to be installed or named, rather than mended. */
  public boolean missing() {
    return missing;
  }
}
