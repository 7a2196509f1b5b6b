package dev.feedlight.device.cuda;

import dev.feedlight.device.DeviceException;

/**
 * The CUDA driver, a GPU or a kernel failed. The message names what was asked for, the driver's
 * code and what would help; of a kernel also its geometry, the architecture and the shapes.
 */
public final class CudaException extends DeviceException {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final int code;

  /**
   * Creates the exception.
   *
   * @param reason what failed, with the numbers
   * @param remedy what would help; empty if nothing is known
   * @param code of the driver, 0 where it was not the driver
   * @param cause what the platform said, or null
   */
  CudaException(String reason, String remedy, int code, Throwable cause) {
    super(remedy.isEmpty() ? reason : reason + "; " + remedy, cause);
    this.reason = reason;
    this.code = code;
  }

  /**
   * Creates the exception where the driver did not fail.
   *
   * @param reason what failed, with the numbers
   * @param remedy what would help
   */
  CudaException(String reason, String remedy) {
    this(reason, remedy, 0, null);
  }

  /** The same failure again, with a stack trace of its own. */
  CudaException(CudaException before) {
    super(before.getMessage(), before);
    this.reason = before.reason;
    this.code = before.code;
  }

  /**
   * What failed, without the remedy.
   *
   * @return the first part of the message
   */
  public String reason() {
    return reason;
  }

  /**
   * The driver's code.
   *
   * @return a CUresult, or 0 where the failure is not the driver's
   */
  public int code() {
    return code;
  }
}
