package dev.feedlight.device.cpu;

import dev.feedlight.device.DeviceException;

/**
 * A failure of the oneDNN library or of bringing it into the process: the message names the failing
 * call, oneDNN's status and the shape, or says which platform, file or property is at fault.
 */
final class OneDnnException extends DeviceException {
  private static final long serialVersionUID = 1;

  OneDnnException(String message) {
    super(message);
  }

  OneDnnException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * @param status a {@code dnnl_status_t} other than success
   * @param subject the shape or object the call was about; may be empty
   */
  static OneDnnException of(String call, int status, Object subject) {
    String about = String.valueOf(subject);
    return new OneDnnException(
        call + " failed: " + statusName(status) + (about.isEmpty() ? "" : " for " + about));
  }

  /** Name of a {@code dnnl_status_t}; values from oneDNN 3.13's dnnl_common_types.h. */
  static String statusName(int status) {
    return switch (status) {
      case 0 -> "dnnl_success";
      case 1 -> "dnnl_out_of_memory";
      case 2 -> "dnnl_invalid_arguments";
      case 3 -> "dnnl_unimplemented";
      case 4 -> "dnnl_last_impl_reached";
      case 5 -> "dnnl_runtime_error";
      case 6 -> "dnnl_not_required";
      case 7 -> "dnnl_invalid_graph";
      case 8 -> "dnnl_invalid_graph_op";
      case 9 -> "dnnl_invalid_shape";
      case 10 -> "dnnl_invalid_data_type";
      default -> "dnnl_status_t " + status;
    };
  }
}
