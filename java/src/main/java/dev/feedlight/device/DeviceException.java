package dev.feedlight.device;

/** A device cannot do what was asked: missing, out of memory, or a kernel that failed. */
public class DeviceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what failed, with the numbers and the remedy
   */
  public DeviceException(String message) {
    super(message);
  }

  /**
   * Creates the exception with its cause.
   *
   * @param message what failed, with the numbers and the remedy
   * @param cause what the platform said
   */
  public DeviceException(String message, Throwable cause) {
    super(message, cause);
  }
}
