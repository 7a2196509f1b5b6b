package dev.feedlight.bench.kernels;

import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.device.Precision;
import dev.feedlight.device.cuda.CudaDevice;
import dev.feedlight.device.cuda.Products;

/**
 * One GPU opened twice in fp32, for products by our kernels and for those by cuBLAS.
 *
 * @param ownChoice with products by our kernels
 * @param cublasChoice with products by cuBLAS
 */
public record ProductDevices(DeviceChoice ownChoice, DeviceChoice cublasChoice)
    implements AutoCloseable {
  /**
   * Opens both.
   *
   * @return to be closed by the caller
   * @throws dev.feedlight.bench.device.UnavailableDeviceException if there is no GPU or no cuBLAS;
   *     the message says what would help
   */
  public static ProductDevices open() {
    DeviceChoice own = DeviceChoice.open("cuda", 1, Precision.FP32, Products.OWN);
    try {
      return new ProductDevices(own, DeviceChoice.open("cuda", 1, Precision.FP32, Products.CUBLAS));
    } catch (RuntimeException e) {
      own.close();
      throw e;
    }
  }

  CudaDevice own() {
    return (CudaDevice) ownChoice.device();
  }

  CudaDevice cublas() {
    return (CudaDevice) cublasChoice.device();
  }

  @Override
  public void close() {
    try {
      ownChoice.close();
    } finally {
      cublasChoice.close();
    }
  }
}
