package dev.feedlight.bench.device;

import dev.feedlight.device.DeviceException;

/** A device was asked for that this build or this machine does not have. */
public final class UnavailableDeviceException extends DeviceException {
  private static final long serialVersionUID = 1L;

  UnavailableDeviceException(String message) {
    super(message);
  }

  UnavailableDeviceException(String message, DeviceException cause) {
    super(message, cause);
  }
}
