package dev.feedlight.device.cuda;

import dev.feedlight.device.Operation;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalLong;
import jcuda.Pointer;
import jcuda.driver.CUDA_MEMCPY2D;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUmemorytype;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;

/**
 * One GPU by way of the driver: a context of its own and one stream. Every call of the driver is in
 * this class, and every code but that of a launch becomes a {@link CudaException}.
 */
final class CudaDriver implements AutoCloseable {
  /** The work on the stream finishes after the host goes on. */
  private static final int NON_BLOCKING = 1;

  /** Of CUDA 12.0: JCuda's library calls the functions of that generation. */
  private static final int OLDEST_DRIVER = 12_000;

  private static final String CLOSE_IT = "the device must be closed and opened again";

  private final String name;
  private final int major;
  private final String architecture;
  private final int version;
  private final long memoryBytes;
  private final int mostSharedBytes;
  private final int multiprocessors;
  private final CUcontext context = new CUcontext();
  private final CUstream stream = new CUstream();
  private Object underWay = "nothing";
  private long waits;
  private CudaException broken;

  private CudaDriver(CUdevice device, String name) {
    this.name = name;
    this.major = major(device);
    this.architecture = architecture(device);
    this.version = driverVersion();
    long[] bytes = new long[1];
    require(JCudaDriver.cuDeviceTotalMem(bytes, device), "asking " + name + " for its memory");
    this.memoryBytes = bytes[0];
    this.mostSharedBytes =
        attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN);
    this.multiprocessors =
        attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
    require(JCudaDriver.cuCtxCreate(context, 0, device), "creating a context on " + name);
    try {
      require(JCudaDriver.cuStreamCreate(stream, NON_BLOCKING), "creating a stream on " + name);
    } catch (CudaException e) {
      JCudaDriver.cuCtxDestroy(context);
      throw e;
    }
  }

  /**
   * Loads the driver, once for the process.
   *
   * @return number of GPUs, at least 1
   * @throws CudaException if there is no driver or no GPU; the message says what would help
   */
  static int requireGpus() {
    JCudaNatives.require();
    int code = JCudaDriver.cuInit(0);
    if (code == CUresult.CUDA_ERROR_NO_DEVICE) {
      throw new CudaException(
          "the NVIDIA driver is here but sees no GPU",
          "check nvidia-smi and CUDA_VISIBLE_DEVICES, or run with --device cpu",
          code,
          null);
    }
    require(code, "starting the NVIDIA driver");
    if (driverVersion() < OLDEST_DRIVER) {
      throw new CudaException(
          "the NVIDIA driver is too old: it is for CUDA "
              + driverText()
              + ", and "
              + text(OLDEST_DRIVER)
              + " or newer is needed",
          "update it (R525 or newer), or run with --device cpu");
    }
    int[] count = new int[1];
    require(JCudaDriver.cuDeviceGetCount(count), "counting GPUs");
    if (count[0] < 1) {
      throw new CudaException(
          "the NVIDIA driver counts 0 GPUs",
          "check CUDA_VISIBLE_DEVICES, or run with --device cpu");
    }
    return count[0];
  }

  /** Opens a GPU by its number and makes it current. */
  static CudaDriver open(int ordinal) {
    int count = requireGpus();
    if (ordinal < 0 || ordinal >= count) {
      throw new CudaException(
          "there is no GPU " + ordinal + ", there are " + count, "count from 0");
    }
    CUdevice device = device(ordinal);
    return new CudaDriver(device, name(device));
  }

  private static CUdevice device(int ordinal) {
    CUdevice device = new CUdevice();
    require(JCudaDriver.cuDeviceGet(device, ordinal), "opening GPU " + ordinal);
    return device;
  }

  private static String name(CUdevice device) {
    byte[] text = new byte[256];
    require(JCudaDriver.cuDeviceGetName(text, text.length, device), "asking a GPU for its name");
    int end = 0;
    while (end < text.length && text[end] != 0) {
      end++;
    }
    return new String(text, 0, end, StandardCharsets.UTF_8).strip();
  }

  private static String architecture(CUdevice device) {
    int minor = attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
    return "sm_" + major(device) + minor;
  }

  private static int major(CUdevice device) {
    return attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR);
  }

  private static int attribute(CUdevice device, int attribute) {
    int[] value = new int[1];
    require(
        JCudaDriver.cuDeviceGetAttribute(value, attribute, device),
        "asking a GPU for attribute " + attribute);
    return value[0];
  }

  /**
   * What can be known of a GPU without opening it.
   *
   * @param name as its driver calls it
   * @param architecture for example {@code sm_90}
   */
  record Gpu(String name, String architecture) {
    @Override
    public String toString() {
      return name + " (" + architecture + ")";
    }
  }

  /** Looks at a GPU by its number. */
  static Gpu gpu(int ordinal) {
    CUdevice device = device(ordinal);
    return new Gpu(name(device), architecture(device));
  }

  private static int driverVersion() {
    int[] version = new int[1];
    require(JCudaDriver.cuDriverGetVersion(version), "asking the NVIDIA driver for its version");
    return version[0];
  }

  /** The newest CUDA that the driver knows, for example {@code 12.6}. */
  static String driverText() {
    return text(driverVersion());
  }

  private static String text(int version) {
    return String.format(Locale.ROOT, "%d.%d", version / 1000, version % 1000 / 10);
  }

  String name() {
    return name;
  }

  /** The one stream, for libraries that launch by themselves. */
  CUstream stream() {
    return stream;
  }

  /** First number of the architecture: 9 of {@code sm_90}. */
  int major() {
    return major;
  }

  String architecture() {
    return architecture;
  }

  String version() {
    return text(version);
  }

  /** Shared memory that a block may have if its kernel asks for it. */
  int mostSharedBytes() {
    return mostSharedBytes;
  }

  /** How many blocks run truly at once, apart from those that share one. */
  int multiprocessors() {
    return multiprocessors;
  }

  /** All memory of the GPU. */
  long memoryBytes() {
    return memoryBytes;
  }

  /**
   * Makes the context that of the calling thread: whoever comes from outside begins so.
   *
   * @throws CudaException if a kernel failed before: then nothing works in the context any more
   */
  void enter() {
    if (broken != null) {
      throw new CudaException(
          name + " failed before: " + broken.reason(), CLOSE_IT, broken.code(), broken);
    }
    check(JCudaDriver.cuCtxSetCurrent(context), "entering the context of a GPU");
  }

  /** The same for giving back, which goes on in a context where a kernel failed. */
  void enterToFree() {
    JCudaDriver.cuCtxSetCurrent(context);
  }

  /**
   * Takes device memory.
   *
   * @return its address, aligned to 256 bytes; empty if the GPU has not so much
   */
  OptionalLong allocate(long bytes) {
    Address address = new Address();
    int code = JCudaDriver.cuMemAlloc(address, bytes);
    if (code == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
      return OptionalLong.empty();
    }
    check(code, "allocating " + bytes + " bytes");
    return OptionalLong.of(address.value());
  }

  /** Gives memory back; in a broken context it goes with the context. */
  void free(long address) {
    int code = JCudaDriver.cuMemFree(pointer(address));
    if (broken == null) {
      check(code, "freeing device memory");
    }
  }

  /** Bytes that nobody uses at the moment. */
  long freeBytes() {
    long[] free = new long[1];
    check(JCudaDriver.cuMemGetInfo(free, new long[1]), "asking for free memory");
    return free[0];
  }

  /** A device address as JCuda takes it. */
  static CUdeviceptr pointer(long address) {
    return new CUdeviceptr().withByteOffset(address);
  }

  /** Reads the address that the driver wrote. */
  private static final class Address extends CUdeviceptr {
    private static final long serialVersionUID = 1L;

    long value() {
      return getNativePointer() + getByteOffset();
    }
  }

  /** Memory of the host that the GPU copies from and to by itself. */
  Pointer allocateHost(long bytes) {
    Pointer pointer = new Pointer();
    check(JCudaDriver.cuMemAllocHost(pointer, bytes), "allocating " + bytes + " pinned bytes");
    return pointer;
  }

  void freeHost(Pointer pointer) {
    int code = JCudaDriver.cuMemFreeHost(pointer);
    if (broken == null) {
      check(code, "freeing pinned memory");
    }
  }

  void copyIn(long address, Pointer host, long bytes) {
    check(
        JCudaDriver.cuMemcpyHtoDAsync(pointer(address), host, bytes, stream), "copying to the GPU");
  }

  void copyOut(Pointer host, long address, long bytes) {
    check(
        JCudaDriver.cuMemcpyDtoHAsync(host, pointer(address), bytes, stream),
        "copying from the GPU");
  }

  /** Rows that lie together on the host, to rows of the GPU that start {@code pitch} apart. */
  void copyRowsIn(long address, long pitch, Pointer host, long bytes, long rows) {
    CUDA_MEMCPY2D copy = new CUDA_MEMCPY2D();
    copy.srcMemoryType = CUmemorytype.CU_MEMORYTYPE_HOST;
    copy.srcHost = host;
    copy.srcPitch = bytes;
    copy.dstMemoryType = CUmemorytype.CU_MEMORYTYPE_DEVICE;
    copy.dstDevice = pointer(address);
    copy.dstPitch = pitch;
    copyRows(copy, bytes, rows, "copying rows to the GPU");
  }

  /** The other way. */
  void copyRowsOut(Pointer host, long address, long pitch, long bytes, long rows) {
    CUDA_MEMCPY2D copy = new CUDA_MEMCPY2D();
    copy.srcMemoryType = CUmemorytype.CU_MEMORYTYPE_DEVICE;
    copy.srcDevice = pointer(address);
    copy.srcPitch = pitch;
    copy.dstMemoryType = CUmemorytype.CU_MEMORYTYPE_HOST;
    copy.dstHost = host;
    copy.dstPitch = bytes;
    copyRows(copy, bytes, rows, "copying rows from the GPU");
  }

  private void copyRows(CUDA_MEMCPY2D copy, long bytes, long rows, String what) {
    copy.WidthInBytes = bytes;
    copy.Height = rows;
    check(JCudaDriver.cuMemcpy2DAsync(copy, stream), what);
  }

  /** From one place of the GPU to another. */
  void copyWithin(long to, long from, long bytes) {
    check(
        JCudaDriver.cuMemcpyDtoDAsync(pointer(to), pointer(from), bytes, stream),
        "copying within the GPU");
  }

  void zero(CUdeviceptr target, long bytes) {
    check(JCudaDriver.cuMemsetD8Async(target, (byte) 0, bytes, stream), "zeroing device memory");
  }

  /** Waits for all work of the stream; what failed there is told here. */
  void synchronize() {
    waits++;
    check(JCudaDriver.cuStreamSynchronize(stream), "waiting for the GPU");
    underWay = "nothing";
  }

  /** The same, when one operation alone can have failed. */
  void synchronize(Operation operation) {
    waits++;
    int code = JCudaDriver.cuStreamSynchronize(stream);
    if (code != CUresult.CUDA_SUCCESS) {
      throw failure(code, "a kernel", operation);
    }
  }

  /** A moment of the stream: when the GPU has done all that came before. */
  CUevent mark() {
    CUevent event = new CUevent();
    check(JCudaDriver.cuEventCreate(event, 0), "making an event");
    check(JCudaDriver.cuEventRecord(event, stream), "recording an event");
    return event;
  }

  /** Seconds from one mark to a later one, for which this waits; both are gone then. */
  double seconds(CUevent from, CUevent to) {
    waits++;
    float[] milliseconds = new float[1];
    check(JCudaDriver.cuEventSynchronize(to), "waiting for an event");
    check(JCudaDriver.cuEventElapsedTime(milliseconds, from, to), "asking for the time of events");
    JCudaDriver.cuEventDestroy(from);
    JCudaDriver.cuEventDestroy(to);
    return milliseconds[0] * 1e-3;
  }

  /** How often the host has waited. */
  long waits() {
    return waits;
  }

  CUmodule load(String module, byte[] image, KernelImages images) {
    CUmodule loaded = new CUmodule();
    // The driver reads text up to a zero byte.
    int code = JCudaDriver.cuModuleLoadData(loaded, Arrays.copyOf(image, image.length + 1));
    if (code != CUresult.CUDA_SUCCESS) {
      throw new CudaException(
          "the driver (CUDA "
              + version()
              + ") refuses "
              + module
              + ".fatbin of "
              + images.place()
              + " for "
              + name
              + ", "
              + architecture
              + ": "
              + text("", code),
          loadRemedy(images.manifest().cuda()),
          code,
          null);
    }
    return loaded;
  }

  /** A driver takes what compilers of its own generation made, and older ones'. */
  private String loadRemedy(String builtBy) {
    int end = builtBy.indexOf('.');
    int built =
        1000 * Integer.parseInt(builtBy.substring(0, end))
            + 10 * Integer.parseInt(builtBy.substring(end + 1));
    return version < built
        ? "the kernels were built by CUDA "
            + builtBy
            + ": update the NVIDIA driver to one for it, or run with --device cpu"
        : "rebuild the kernels for this architecture, or run with --device cpu";
  }

  void unload(CUmodule module) {
    JCudaDriver.cuModuleUnload(module);
  }

  CUfunction function(CUmodule module, String moduleName, String name) {
    CUfunction function = new CUfunction();
    check(
        JCudaDriver.cuModuleGetFunction(function, module, name),
        "looking for " + name + " in " + moduleName + ".fatbin");
    return function;
  }

  /** Sets how much dynamic shared memory later launches may have, also where that is less. */
  void allowShared(CUfunction function, int bytes) {
    check(
        JCudaDriver.cuFuncSetAttribute(
            function, CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, bytes),
        "asking for " + bytes + " bytes of shared memory per block on " + architecture);
  }

  /** Launches a kernel and returns the driver's code. */
  int launch(CUfunction function, Launch launch, Pointer arguments) {
    Extent grid = launch.grid();
    Extent block = launch.block();
    underWay = launch;
    return JCudaDriver.cuLaunchKernel(
        function,
        grid.x(),
        grid.y(),
        grid.z(),
        block.x(),
        block.y(),
        block.z(),
        launch.sharedBytes(),
        stream,
        arguments,
        null);
  }

  /**
   * Records what the work launches instead of running it.
   *
   * @param name of the plan, for messages
   * @param work launches kernels and zeroes memory, nothing else
   * @return what replays it
   */
  CUgraphExec capture(String name, Runnable work) {
    CUgraph graph = new CUgraph();
    // Other threads may go on with other devices meanwhile.
    check(
        JCudaDriver.cuStreamBeginCapture(
            stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL),
        "capturing plan " + name);
    try {
      work.run();
    } catch (RuntimeException e) {
      // The stream must not stay in its state of capture; that this one failed is known.
      if (JCudaDriver.cuStreamEndCapture(stream, graph) == CUresult.CUDA_SUCCESS) {
        JCudaDriver.cuGraphDestroy(graph);
      }
      throw e;
    }
    check(JCudaDriver.cuStreamEndCapture(stream, graph), "capturing plan " + name);
    CUgraphExec executable = new CUgraphExec();
    try {
      check(
          JCudaDriver.cuGraphInstantiate(executable, graph, 0L), "making a graph of plan " + name);
    } finally {
      JCudaDriver.cuGraphDestroy(graph);
    }
    return executable;
  }

  void launch(CUgraphExec graph, String plan) {
    underWay = plan;
    int code = JCudaDriver.cuGraphLaunch(graph, stream);
    if (code != CUresult.CUDA_SUCCESS) {
      check(code, "launching plan " + plan);
    }
  }

  void destroy(CUgraphExec graph) {
    JCudaDriver.cuGraphExecDestroy(graph);
  }

  /** What a launch that failed is told by. */
  CudaException failure(int code, String what, Operation operation) {
    return told(
        code,
        what
            + " failed on "
            + name
            + ", "
            + architecture
            + ", in "
            + operation.kernel()
            + " from "
            + operation.reads()
            + " to "
            + operation.writes()
            + ": "
            + text("", code));
  }

  /** A failure that sticks is kept: it is the reason of all that come. */
  private CudaException told(int code, String reason) {
    CudaException failure = new CudaException(reason, sticky(code) ? CLOSE_IT : "", code, null);
    if (sticky(code) && broken == null) {
      broken = failure;
    }
    return failure;
  }

  /** Of calls that need no context. */
  private static void require(int code, String what) {
    if (code != CUresult.CUDA_SUCCESS) {
      throw new CudaException(text(what + ": ", code), "", code, null);
    }
  }

  /** Of calls in the context; failures of kernels before are told here too. */
  private void check(int code, String what) {
    if (code != CUresult.CUDA_SUCCESS) {
      throw told(
          code, text(what + ": ", code) + (sticky(code) ? "; under way was " + underWay : ""));
    }
  }

  /** Codes after which every call in the context fails. */
  private static boolean sticky(int code) {
    return code >= CUresult.CUDA_ERROR_ILLEGAL_ADDRESS && code < CUresult.CUDA_ERROR_NOT_PERMITTED;
  }

  private static String text(String before, int code) {
    return before + CUresult.stringFor(code) + " (" + code + ")";
  }

  @Override
  public void close() {
    // A context in which a kernel failed says so again at every call: let it go all the same.
    JCudaDriver.cuStreamDestroy(stream);
    JCudaDriver.cuCtxDestroy(context);
  }
}
