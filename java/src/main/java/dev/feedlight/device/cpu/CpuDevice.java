package dev.feedlight.device.cpu;

import dev.feedlight.device.Device;
import dev.feedlight.device.DeviceException;
import dev.feedlight.device.DeviceIdentity;
import dev.feedlight.device.HostCopy;
import dev.feedlight.device.Kernels;
import dev.feedlight.device.Machine;
import dev.feedlight.device.MemoryReport;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Plan;
import dev.feedlight.device.PlanFusion;
import dev.feedlight.device.Precision;
import dev.feedlight.device.Scope;
import dev.feedlight.device.Turn;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Storage;
import dev.feedlight.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processor: products by oneDNN, one single-threaded primitive per Java thread; everything else
 * in Java, by the Vector API where it is there. Needs nothing but the jar.
 */
public final class CpuDevice implements Device {
  private static final Logger LOG = LoggerFactory.getLogger(CpuDevice.class);

  private final int threads;
  private final Precision precision;
  private final CpuMemory memory;
  private final Workers workers;
  private final OneDnn oneDnn;
  private final CpuKernels kernels;
  private final LoopsProvider.Choice loops;
  private final Ops eager;
  private final Turn turn = new Turn();
  private DeviceIdentity identity;
  private boolean closed;

  private CpuDevice(int threads, Precision precision, long capacity) {
    this.threads = threads;
    this.precision = precision;
    this.memory = new CpuMemory(capacity);
    this.oneDnn = openOneDnn(threads, precision);
    this.workers = new Workers(threads);
    this.loops = LoopsProvider.choose();
    if (loops.loops() instanceof PlainLoops) {
      LOG.warn("{}", loops.note());
    }
    this.kernels = new CpuKernels(workers, oneDnn, loops.loops(), memory, precision);
    this.eager = new Ops(kernels, this::runAtOnce);
  }

  /**
   * Opens the processor with one thread per available core and all physical memory.
   *
   * @return an open device
   * @throws DeviceException if oneDNN cannot be loaded; the message says what would help
   */
  public static CpuDevice open() {
    return open(Runtime.getRuntime().availableProcessors());
  }

  /**
   * Opens the processor with a number of threads.
   *
   * @param threads at least 1; results depend on it in the last bits
   * @return an open device
   */
  public static CpuDevice open(int threads) {
    return open(threads, physicalMemory());
  }

  /**
   * Opens the processor with a number of threads and a precision.
   *
   * @param threads at least 1
   * @param precision what operands of dense products are rounded to
   * @return an open device
   * @throws DeviceException if oneDNN has no products of that precision for this processor; there
   *     is no fallback
   */
  public static CpuDevice open(int threads, Precision precision) {
    return open(threads, precision, physicalMemory());
  }

  /**
   * Opens the processor with limits.
   *
   * @param threads at least 1
   * @param capacityBytes most bytes that may be live, at least 1
   * @return an open device
   */
  public static CpuDevice open(int threads, long capacityBytes) {
    return open(threads, Precision.FP32, capacityBytes);
  }

  private static CpuDevice open(int threads, Precision precision, long capacityBytes) {
    Objects.requireNonNull(precision, "precision");
    if (threads < 1) {
      throw new DeviceException("a processor device needs at least 1 thread, not " + threads);
    }
    if (precision == Precision.TF32) {
      throw CpuContext.noTf32();
    }
    if (capacityBytes < 1) {
      throw new DeviceException("a capacity of " + capacityBytes + " bytes is too small");
    }
    return new CpuDevice(threads, precision, capacityBytes);
  }

  private static OneDnn openOneDnn(int threads, Precision precision) {
    OneDnn oneDnn = OneDnn.open(threads);
    if (precision == Precision.BF16) {
      try {
        oneDnn.requireBf16();
      } catch (RuntimeException e) {
        oneDnn.close();
        throw e;
      }
    }
    return oneDnn;
  }

  private static long physicalMemory() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : Long.MAX_VALUE;
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public String description() {
    boolean emulated = precision == Precision.BF16 && !oneDnn.nativeBf16();
    return String.format(
        Locale.ROOT,
        "cpu: %d thread%s, oneDNN %s (%s), %s products%s, %s",
        threads,
        threads == 1 ? "" : "s",
        oneDnn.version(),
        oneDnn.isa(),
        precision.label(),
        emulated ? " emulated by fp32 instructions" : "",
        loops.note());
  }

  /** Made once: Linux takes milliseconds to tell the model, and every checkpoint asks. */
  @Override
  public DeviceIdentity identity() {
    if (identity == null) {
      String loop = loops.loops() instanceof PlainLoops ? "plain loops" : loops.note();
      identity =
          new DeviceIdentity(
              name(),
              Machine.detect().cpu(),
              oneDnn.isa() + ", " + loop,
              threads,
              precision,
              "oneDNN " + oneDnn.version());
    }
    return identity;
  }

  @Override
  public int threads() {
    return threads;
  }

  @Override
  public Precision precision() {
    return precision;
  }

  @Override
  public Scope openScope(String name) {
    return memory.openScope(name);
  }

  @Override
  public MemoryReport memory() {
    return memory.report();
  }

  @Override
  public Kernels kernels() {
    return kernels;
  }

  @Override
  public Ops eager() {
    return eager;
  }

  @Override
  public Runnable prepare(Plan plan) {
    Plan fused = PlanFusion.fuse(plan);
    Runnable[] steps = turn.take(() -> kernels.prepare(fused));
    Storage[] storages = plan.storages().toArray(Storage[]::new);
    Supplier<Void> all =
        () -> {
          // Steps have bound addresses: of a freed storage this throws.
          for (Storage storage : storages) {
            storage.address();
          }
          for (Runnable step : steps) {
            step.run();
          }
          return null;
        };
    return () -> turn.take(all);
  }

  private void runAtOnce(Operation operation) {
    turn.take(
        () -> {
          kernels.runOnce(operation);
          return null;
        });
  }

  @Override
  public void write(Tensor target, float[] source) {
    copy(MemorySegment.ofArray(source), source.length, target, true, DType.F32);
  }

  @Override
  public void write(Tensor target, int[] source) {
    copy(MemorySegment.ofArray(source), source.length, target, true, DType.S32);
  }

  @Override
  public void write(Tensor target, byte[] source) {
    copy(MemorySegment.ofArray(source), source.length, target, true, DType.S8, DType.U8);
  }

  @Override
  public void read(Tensor source, float[] target) {
    copy(MemorySegment.ofArray(target), target.length, source, false, DType.F32);
  }

  @Override
  public void read(Tensor source, int[] target) {
    copy(MemorySegment.ofArray(target), target.length, source, false, DType.S32);
  }

  @Override
  public void read(Tensor source, byte[] target) {
    copy(MemorySegment.ofArray(target), target.length, source, false, DType.S8, DType.U8);
  }

  private static void copy(
      MemorySegment host, int elements, Tensor tensor, boolean toDevice, DType... types) {
    HostCopy.check(tensor, elements, types);
    HostCopy.pieces(
        tensor,
        host,
        (address, part) -> {
          MemorySegment device = CpuAddress.ALL.asSlice(address, part.byteSize());
          if (toDevice) {
            device.copyFrom(part);
          } else {
            part.copyFrom(device);
          }
        });
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      workers.close();
      kernels.close();
      oneDnn.close();
      memory.close();
    }
  }
}
