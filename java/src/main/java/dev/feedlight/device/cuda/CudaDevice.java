package dev.feedlight.device.cuda;

import dev.feedlight.device.Device;
import dev.feedlight.device.DeviceException;
import dev.feedlight.device.DeviceIdentity;
import dev.feedlight.device.EagerCache;
import dev.feedlight.device.HostCopy;
import dev.feedlight.device.Kernels;
import dev.feedlight.device.MemoryReport;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Plan;
import dev.feedlight.device.PlanFusion;
import dev.feedlight.device.Precision;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.Turn;
import dev.feedlight.device.VendorNormals;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Storage;
import dev.feedlight.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import jcuda.driver.CUevent;

/**
 * An NVIDIA GPU by way of the CUDA driver: kernels of the .cu files, plans as CUDA graphs. Needs
 * the driver of the GPU and nothing of the CUDA toolkit, unless cuRAND or cuBLAS is asked for.
 *
 * <p>System properties: {@code feedlight.cuda.driver} is the path of a {@code libcuda.so.1} to use
 * instead of the system's, {@code feedlight.cuda.curand} and {@code feedlight.cuda.cublas} paths of
 * those libraries, {@code feedlight.cuda.images} a folder of kernel images to use instead of those
 * in the jar, {@code feedlight.cuda.products} the folder of measured tables of products.
 */
public final class CudaDevice implements Device {
  private final Precision precision;
  private final Multiplier multiplier;
  private final CudaDriver driver;
  private final CudaMemory memory;
  private final CudaContext context;
  private final ProductChoice products;
  private final CudaKernels kernels;
  private final Graphs graphs;
  private final EagerCache bound;
  private final Ops eager;
  private final Turn turn = new Turn();
  private Curand curand; // made when it is first asked for
  private boolean closed;

  private CudaDevice(CudaDriver driver, Precision precision, Products products, long capacity) {
    this.precision = precision;
    this.multiplier = Multiplier.of(precision, driver.architecture());
    this.driver = driver;
    this.memory = new CudaMemory(driver, capacity);
    this.context = new CudaContext(driver, KernelImages.find(), memory);
    context.requireKernels();
    this.products = ProductChoice.open(products, precision, driver, context);
    this.kernels = new CudaKernels(context, precision, multiplier, memory, this.products);
    this.graphs = new Graphs(driver);
    this.bound = new EagerCache(kernels::prepare);
    this.eager = new Ops(kernels, this::runAtOnce);
  }

  /**
   * Opens GPU 0.
   *
   * @return an open device
   * @throws CudaException if there is no driver, no GPU or no kernels for it; the message says what
   *     would help
   */
  public static CudaDevice open() {
    return open(0, Precision.FP32);
  }

  /**
   * Opens a GPU with a precision and all of its memory.
   *
   * @param ordinal number of the GPU, from 0
   * @param precision what operands of dense products are rounded to
   * @return an open device
   * @throws DeviceException if that is not to be had; the message says what would help
   */
  public static CudaDevice open(int ordinal, Precision precision) {
    return open(ordinal, precision, Long.MAX_VALUE);
  }

  /**
   * Opens a GPU and says what computes products of dense layers.
   *
   * @param ordinal number of the GPU, from 0
   * @param precision what operands of dense products are rounded to
   * @param products what computes them
   * @return an open device
   * @throws DeviceException if that is not to be had; the message says what would help
   */
  public static CudaDevice open(int ordinal, Precision precision, Products products) {
    return open(ordinal, precision, products, Long.MAX_VALUE);
  }

  /**
   * Opens a GPU with limits.
   *
   * @param ordinal number of the GPU, from 0
   * @param precision what operands of dense products are rounded to
   * @param capacityBytes most bytes that may be live, at least 1; no more than the GPU has
   * @return an open device
   * @throws DeviceException if that is not to be had; the message says what would help
   */
  public static CudaDevice open(int ordinal, Precision precision, long capacityBytes) {
    return open(ordinal, precision, Products.OWN, capacityBytes);
  }

  private static CudaDevice open(
      int ordinal, Precision precision, Products products, long capacityBytes) {
    Objects.requireNonNull(precision, "precision");
    Objects.requireNonNull(products, "products");
    if (capacityBytes < 1) {
      throw new DeviceException("a capacity of " + capacityBytes + " bytes is too small");
    }
    CudaDriver.requireGpus();
    ProductChoice.require(products, precision);
    CudaDriver driver = CudaDriver.open(ordinal);
    try {
      new ProductTiles(precision).require(driver.major(), driver.architecture());
      return new CudaDevice(
          driver, precision, products, Math.min(capacityBytes, driver.memoryBytes()));
    } catch (RuntimeException e) {
      driver.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public String description() {
    return "cuda: "
        + driver.name()
        + ", "
        + driver.architecture()
        + ", driver for CUDA "
        + driver.version()
        + ", "
        + precision.label()
        + " products"
        + products.words(multiplier);
  }

  @Override
  public DeviceIdentity identity() {
    return new DeviceIdentity(
        name(),
        driver.name(),
        driver.architecture(),
        threads(),
        precision,
        "CUDA driver " + driver.version() + products.libraries());
  }

  /**
   * What computes the products of dense layers.
   *
   * @return what it was opened with
   */
  public Products products() {
    return products.products();
  }

  /**
   * What a table of products holds for that is measured here.
   *
   * @return this GPU, this precision and the cuBLAS that is here
   * @throws CudaException if there is no cuBLAS
   */
  public ProductTable.Origin productOrigin() {
    return ProductChoice.origin(driver, precision);
  }

  /**
   * What else a table of products tells that is measured now.
   *
   * @return driver, kernels and time, to the second
   */
  public ProductTable.Conditions productConditions() {
    return ProductChoice.conditions(driver, context);
  }

  /**
   * Which kernels this device takes where it has a choice.
   *
   * @return by {@code dense_products}, {@code projections} and {@code narrow_nets}, in words
   */
  public Map<String, String> choices() {
    Map<String, String> choices = new LinkedHashMap<>();
    String dense = products.words(multiplier);
    choices.put("dense_products", precision.label() + (dense.isEmpty() ? " by FMA" : dense));
    choices.put("projections", OpticMatrix.words(driver.architecture()));
    choices.put("narrow_nets", NarrowLayers.words(precision, products.products()));
    return choices;
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

  /** The plan as a CUDA graph; what changes from step to step is in the control block. */
  @Override
  public Runnable prepare(Plan plan) {
    Plan fused = PlanFusion.fuse(plan);
    return replayed(
        fused,
        () -> {
          Runnable[] launches = context.fieldScratch().keptFor(() -> kernels.prepare(fused));
          return kernels.around(fused, graphs.capture(fused.name(), launches));
        });
  }

  /** The plan as a graph of other launches than this device would take; for {@link CudaLab}. */
  Runnable prepare(Plan plan, Function<CudaContext, Runnable[]> launches) {
    return replayed(
        plan,
        () -> {
          Runnable graph = graphs.capture(plan.name(), launches.apply(context));
          List<Tensor> written =
              plan.operations().stream().flatMap(one -> one.writes().stream()).toList();
          return () -> {
            graph.run();
            written.forEach(kernels::written);
          };
        });
  }

  private Runnable replayed(Plan fused, Supplier<Runnable> bind) {
    Storage[] storages = fused.storages().toArray(Storage[]::new);
    StepControl control = CudaKernels.updateControl(fused);
    List<Refusals.Numbers> numbers = Refusals.of(fused.operations());
    Runnable replay =
        turn.take(
            () -> {
              driver.enter();
              return bind.get();
            });
    Supplier<Void> all =
        () -> {
          // Launches have bound addresses: of a freed storage this throws.
          for (Storage storage : storages) {
            storage.address();
          }
          driver.enter();
          replay.run();
          context.refusals().expect(numbers, control);
          return null;
        };
    return () -> turn.take(all);
  }

  /** By events; work that fails leaves the first one to the context. */
  @Override
  public double seconds(Runnable work) {
    CUevent begin = turn.take(this::mark);
    work.run();
    return turn.take(() -> driver.seconds(begin, mark()));
  }

  private CUevent mark() {
    driver.enter();
    return driver.mark();
  }

  /** Those of cuRAND. */
  @Override
  public VendorNormals vendorNormals() {
    return turn.take(
        () -> {
          if (curand == null) {
            driver.enter();
            curand = new Curand(driver, turn);
          }
          return curand;
        });
  }

  /** A copy within the GPU by its driver, of tensors of one size that are dense. */
  Runnable copy(Tensor to, Tensor from) {
    return entered(() -> driver.copyWithin(to.address(), from.address(), from.bytes()));
  }

  /** Work for this device's stream from outside, in this device's turn. */
  Runnable entered(Runnable work) {
    return () ->
        turn.take(
            () -> {
              driver.enter();
              work.run();
              return null;
            });
  }

  /** A cuBLAS of its own on this device's stream, to be closed by the caller. */
  Cublas openCublas() {
    return turn.take(
        () -> {
          driver.enter();
          return new Cublas(driver, context);
        });
  }

  /** Where fields pass through memory; for tests of how they are cut. */
  FieldScratch fieldScratch() {
    return context.fieldScratch();
  }

  /** How often the host has waited for the GPU; for tests. */
  long waits() {
    return driver.waits();
  }

  /** Binds a launch of this device; for tests of what fails. */
  Runnable bind(Launch launch, Arguments arguments, Operation operation) {
    driver.enter();
    return launch.bind(context, arguments, operation);
  }

  private void runAtOnce(Operation operation) {
    turn.take(
        () -> {
          driver.enter();
          bound.run(operation);
          context.refusals().expect(Refusals.of(List.of(operation)), null);
          context.refusals().ask();
          driver.synchronize(operation);
          context.refusals().check();
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

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if a replay before met a label or token out of range
   */
  @Override
  public void read(Tensor source, float[] target) {
    copy(MemorySegment.ofArray(target), target.length, source, false, DType.F32);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if a replay before met a label or token out of range
   */
  @Override
  public void read(Tensor source, int[] target) {
    copy(MemorySegment.ofArray(target), target.length, source, false, DType.S32);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if a replay before met a label or token out of range
   */
  @Override
  public void read(Tensor source, byte[] target) {
    copy(MemorySegment.ofArray(target), target.length, source, false, DType.S8, DType.U8);
  }

  private void copy(
      MemorySegment host, int elements, Tensor tensor, boolean toDevice, DType... types) {
    HostCopy.check(tensor, elements, types);
    turn.take(
        () -> {
          driver.enter();
          HostCopy.Rows rows = HostCopy.rows(tensor);
          if (toDevice) {
            context.staging().write(rows, host);
            kernels.written(tensor);
          } else {
            context.refusals().ask();
            context.staging().read(rows, host);
            context.refusals().check();
          }
          return null;
        });
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      driver.enterToFree();
      bound.clear();
      try {
        graphs.close();
        if (curand != null) {
          curand.close();
        }
        products.close();
        context.close();
        memory.close();
      } finally {
        driver.close();
      }
    }
  }
}
