package dev.feedlight.device.reference;

import dev.feedlight.device.Device;
import dev.feedlight.device.DeviceIdentity;
import dev.feedlight.device.Kernels;
import dev.feedlight.device.Machine;
import dev.feedlight.device.MemoryReport;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Precision;
import dev.feedlight.device.Scope;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/**
 * The oracle: one scalar loop per operation, in double precision except where bits are part of the
 * contract. Slow; meant for checking other devices on small problems.
 */
public final class ReferenceDevice implements Device {
  /** Most bytes that may be live by default: 4 GiB (ours; the oracle is for small problems). */
  public static final long DEFAULT_CAPACITY = 4L << 30;

  private final ReferenceMemory memory;
  private final Precision precision;
  private final Kernels kernels;
  private final Ops eager;

  private ReferenceDevice(Precision precision, long capacityBytes) {
    this.memory = new ReferenceMemory(capacityBytes);
    this.precision = precision;
    this.kernels = new ReferenceKernels(precision);
    this.eager = new Ops(kernels, operation -> kernels.prepare(operation).run());
  }

  /**
   * Opens a device of {@link #DEFAULT_CAPACITY}.
   *
   * @return the device, to be closed by the caller
   */
  public static ReferenceDevice open() {
    return open(DEFAULT_CAPACITY);
  }

  /**
   * Opens a device of {@link #DEFAULT_CAPACITY}.
   *
   * @param precision what operands of dense products are rounded to; sums stay in double precision
   * @return the device, to be closed by the caller
   */
  public static ReferenceDevice open(Precision precision) {
    return new ReferenceDevice(precision, DEFAULT_CAPACITY);
  }

  /**
   * Opens a device.
   *
   * @param capacityBytes the most bytes that may be live, at least 1
   * @return the device, to be closed by the caller
   */
  public static ReferenceDevice open(long capacityBytes) {
    if (capacityBytes < 1) {
      throw new IllegalArgumentException("capacity of " + capacityBytes + " bytes");
    }
    return new ReferenceDevice(Precision.FP32, capacityBytes);
  }

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public String description() {
    return "reference: scalar Java in double precision, "
        + precision.label()
        + " products, one thread";
  }

  @Override
  public DeviceIdentity identity() {
    return new DeviceIdentity(name(), Machine.detect().cpu(), "scalar", 1, precision, "");
  }

  @Override
  public int threads() {
    return 1;
  }

  @Override
  public Precision precision() {
    return precision;
  }

  @Override
  public Scope openScope(String name) {
    return memory.open(name);
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
    List<Runnable> steps = plan.operations().stream().map(kernels::prepare).toList();
    return () -> steps.forEach(Runnable::run);
  }

  @Override
  public void write(Tensor target, float[] source) {
    require(target, source.length, target.dtype() == DType.F32);
    Cells cells = new Cells(target);
    forEach(target, (row, column, i) -> cells.put(row, column, source[i]));
  }

  @Override
  public void write(Tensor target, int[] source) {
    require(target, source.length, target.dtype() == DType.S32);
    Cells cells = new Cells(target);
    forEach(target, (row, column, i) -> cells.put(row, column, source[i]));
  }

  @Override
  public void write(Tensor target, byte[] source) {
    require(target, source.length, target.dtype() == DType.S8 || target.dtype() == DType.U8);
    Cells cells = new Cells(target);
    forEach(target, (row, column, i) -> cells.put(row, column, (int) source[i]));
  }

  @Override
  public void read(Tensor source, float[] target) {
    require(source, target.length, source.dtype() == DType.F32);
    Cells cells = new Cells(source);
    forEach(source, (row, column, i) -> target[i] = cells.real(row, column));
  }

  @Override
  public void read(Tensor source, int[] target) {
    require(source, target.length, source.dtype() == DType.S32);
    Cells cells = new Cells(source);
    forEach(source, (row, column, i) -> target[i] = cells.integer(row, column));
  }

  @Override
  public void read(Tensor source, byte[] target) {
    require(source, target.length, source.dtype() == DType.S8 || source.dtype() == DType.U8);
    Cells cells = new Cells(source);
    forEach(source, (row, column, i) -> target[i] = (byte) cells.integer(row, column));
  }

  @Override
  public void close() {
    memory.close();
  }

  private static void require(Tensor tensor, int length, boolean typeFits) {
    if (!typeFits) {
      throw new ShapeException("host array of another element type than " + tensor);
    }
    if (length != tensor.shape().elements()) {
      throw new ShapeException(
          "host array of " + length + " values for a tensor of shape " + tensor.shape());
    }
  }

  private static void forEach(Tensor tensor, Visitor visitor) {
    int i = 0;
    for (long row = 0; row < tensor.rows(); row++) {
      for (long column = 0; column < tensor.columns(); column++) {
        visitor.visit(row, column, i++);
      }
    }
  }

  private interface Visitor {
    void visit(long row, long column, int index);
  }
}
