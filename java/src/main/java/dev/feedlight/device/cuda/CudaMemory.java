package dev.feedlight.device.cuda;

import dev.feedlight.device.DeviceMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Memory of one GPU, an allocation of the driver for each tensor. */
final class CudaMemory extends DeviceMemory {
  private final CudaDriver driver;

  CudaMemory(CudaDriver driver, long capacity) {
    super(capacity);
    this.driver = driver;
  }

  @Override
  protected Region region() {
    List<Long> addresses = new ArrayList<>();
    return new Region() {
      @Override
      public long allocate(long bytes) {
        driver.enter();
        OptionalLong address = driver.allocate(bytes);
        if (address.isEmpty()) {
          throw new OutOfMemoryError(driver.freeBytes() + " bytes are free on " + driver.name());
        }
        addresses.add(address.getAsLong());
        return address.getAsLong();
      }

      @Override
      public void free() {
        driver.enterToFree();
        addresses.forEach(driver::free);
        addresses.clear();
      }
    };
  }
}
