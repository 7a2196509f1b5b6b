package dev.feedlight.device.cuda;

import dev.feedlight.device.DeviceMemory;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Scope;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;

/**
 * What the kernels of one device share: modules and functions, tables and scratch in device memory,
 * the word by which kernels report what they refuse. Everything runs in order on one stream.
 */
final class CudaContext implements AutoCloseable {
  private static final long LEAST_SCRATCH = 1 << 16;

  private final CudaDriver driver;
  private final KernelImages images;
  private final Staging staging;
  private final DeviceMemory memory;
  private final Map<String, CUmodule> modules = new HashMap<>();
  private final Map<String, CUfunction> functions = new HashMap<>();
  private final Map<String, Integer> sharedBytes = new HashMap<>();
  private final Map<String, Long> tables = new HashMap<>();
  private Scope scope;
  private final Refusals refusals;
  private long scratch;
  private long scratchBytes;
  private final FieldScratch fieldScratch;

  CudaContext(CudaDriver driver, KernelImages images, DeviceMemory memory) {
    this.driver = driver;
    this.images = images;
    this.memory = memory;
    this.staging = new Staging(driver);
    this.fieldScratch = new FieldScratch(memory);
    this.refusals = new Refusals(() -> allocate("refusals", Refusals.bytes()), staging);
  }

  /** Copies between the host and device addresses, in the order of the stream. */
  Staging staging() {
    return staging;
  }

  /** Labels and tokens that kernels refuse. */
  Refusals refusals() {
    return refusals;
  }

  /** See {@link KernelImages#mark()}. */
  String kernels() {
    return images.mark();
  }

  /** For example {@code sm_90}. */
  String architecture() {
    return driver.architecture();
  }

  /** Shared memory that a block may have. */
  int mostSharedBytes() {
    return driver.mostSharedBytes();
  }

  /** How many the GPU has. */
  int multiprocessors() {
    return driver.multiprocessors();
  }

  /**
   * Device memory for what one operation needs while it runs: partial sums, say. All operations
   * share it, one after the other, so nothing survives from one to the next. Ask once per operation
   * when it is bound, for all that it needs together; the address stays good as long as the device
   * is open, since graphs captured before still use it when more is asked for later.
   *
   * @param bytes at least 1
   * @return an address aligned to 256 bytes
   */
  long scratch(long bytes) {
    if (bytes > scratchBytes) {
      // At least twice as much: all that was ever taken is at most twice the largest.
      long more = Math.max(bytes, Math.max(LEAST_SCRATCH, 2 * scratchBytes));
      scratch = allocate("scratch", more);
      scratchBytes = more;
    }
    return scratch;
  }

  /** Device memory for fields that pass through it. */
  FieldScratch fieldScratch() {
    return fieldScratch;
  }

  /**
   * A table that all operations read, written to device memory when it is first asked for.
   *
   * @param name one for each table
   * @param values make it
   * @return its address
   */
  long table(String name, Supplier<float[]> values) {
    return tables.computeIfAbsent(name, _ -> copied(name, MemorySegment.ofArray(values.get())));
  }

  /** The same for bytes. */
  long byteTable(String name, Supplier<byte[]> values) {
    return tables.computeIfAbsent(name, _ -> copied(name, MemorySegment.ofArray(values.get())));
  }

  private long copied(String name, MemorySegment values) {
    long address = allocate(name, values.byteSize());
    staging.write(address, values);
    return address;
  }

  private long allocate(String what, long bytes) {
    if (scope == null) {
      scope = memory.openScope("kernel scratch");
    }
    Tensor tensor = scope.allocate(what, Shape.vector(bytes), DType.U8);
    return tensor.address();
  }

  /**
   * Zeroes device memory on the stream.
   *
   * @return does it once per call
   */
  Runnable zero(long address, long bytes) {
    CUdeviceptr target = CudaDriver.pointer(address);
    return () -> driver.zero(target, bytes);
  }

  /** See {@link Launch#bind}. */
  Runnable bind(Launch launch, Arguments arguments, Operation operation) {
    CUfunction function = function(launch.module(), launch.function());
    allowShared(launch, function);
    ByteBuffer block = arguments.block(buffer -> MemorySegment.ofBuffer(buffer).address());
    return new BoundLaunch(driver, function, launch, block, arguments.count(), operation);
  }

  /**
   * Lets a kernel have the dynamic shared memory of a launch. By default it has 48 KB less what it
   * declares itself; and what it was once given stays, as earlier launches may still need it.
   */
  private void allowShared(Launch launch, CUfunction function) {
    String name = name(launch.module(), launch.function());
    if (launch.sharedBytes() > sharedBytes.getOrDefault(name, 0)) {
      driver.allowShared(function, launch.sharedBytes());
      sharedBytes.put(name, launch.sharedBytes());
    }
  }

  private static String name(String module, String function) {
    return module + "/" + function;
  }

  /** Loads the module when it is first asked for. */
  private CUfunction function(String module, String name) {
    return functions.computeIfAbsent(
        name(module, name),
        _ -> driver.function(modules.computeIfAbsent(module, this::load), module, name));
  }

  private CUmodule load(String module) {
    return driver.load(module, images.image(module), images);
  }

  /** Makes sure that the images are there, cover this GPU and are taken by its driver. */
  void requireKernels() {
    images.require();
    images.manifest().require(driver.name(), driver.architecture(), images.place());
    modules.computeIfAbsent(KernelImages.FIRST, this::load);
  }

  @Override
  public void close() {
    refusals.close();
    staging.close();
    modules.values().forEach(driver::unload);
    modules.clear();
    functions.clear();
    sharedBytes.clear();
  }
}
