package dev.feedlight.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Operation.RandomFill.Distribution;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Precision;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.device.cuda.ProductTable.Direction;
import dev.feedlight.device.cuda.ProductTable.Row;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Products go to whom the table of this GPU gives them, on the stand-ins. */
final class CudaMeasuredProductsTest {
  private static final int BATCH = 4;
  private static final int NARROW = 20;
  private static final int BROADER = 100;
  private static final int WIDE = 150;

  @TempDir private Path folder;
  @RegisterExtension private final ProductTables tables = new ProductTables(() -> folder);

  private static CudaDevice open(Products products) {
    return StandIn.with(() -> CudaDevice.open(0, Precision.FP32, products));
  }

  /**
   * Ours where the letter is o, cuBLAS where it is c, nothing where it is -: forward narrow,
   * broader, but for the same kernel, and wide; backward narrow and wide.
   */
  private static void keep(String faster) throws IOException {
    keep(faster, UnaryOperator.identity(), 1e-6);
  }

  private static void keep(
      String faster, UnaryOperator<ProductTable.Conditions> conditions, double unit)
      throws IOException {
    try (CudaDevice device = open(Products.OWN)) {
      List<Row> rows =
          Stream.of(
                  row(Direction.FORWARD, NARROW, faster.charAt(0), unit),
                  row(Direction.FORWARD, BROADER, faster.charAt(1), unit),
                  row(Direction.FORWARD, WIDE, faster.charAt(2), unit),
                  row(Direction.BACKWARD, NARROW, faster.charAt(3), unit),
                  row(Direction.BACKWARD, WIDE, faster.charAt(4), unit))
              .flatMap(Function.identity())
              .toList();
      ProductTable table =
          new ProductTable(
              device.productOrigin(), conditions.apply(device.productConditions()), rows);
      Files.writeString(ProductTableFile.writable(table.origin()), ProductTableFile.text(table));
    }
  }

  private static Stream<Row> row(Direction direction, int width, char faster, double unit) {
    return faster == '-'
        ? Stream.empty()
        : Stream.of(
            new Row(direction, BATCH, width, width, (faster == 'o' ? 1 : 3) * unit, 2 * unit));
  }

  /** A layer of one width and all that belongs to it. */
  private static final class Layer {
    final CudaDevice device;
    final Parameter weight;
    final Parameter bias;
    final Tensor x;
    final Tensor y;
    final Tensor dx;
    final StepControl control;

    Layer(CudaDevice device, Scope scope, int width) {
      this.device = device;
      this.weight =
          new Parameter(device, scope, "w", new Shape(width, width), Parameter.Group.WEIGHTS);
      this.bias = new Parameter(device, scope, "b", Shape.vector(width), Parameter.Group.WEIGHTS);
      this.x = random(scope, width, 1);
      this.y = random(scope, width, 2);
      this.dx = random(scope, width, 3);
      this.control = new StepControl(device, scope);
      device.eager().randomFill(weight.value(), Distribution.NORMAL, 1, 4);
      device.eager().randomFill(bias.value(), Distribution.NORMAL, 1, 5);
    }

    private Tensor random(Scope scope, int width, long key) {
      Tensor tensor = scope.allocate("t", new Shape(BATCH, width), DType.F32);
      device.eager().randomFill(tensor, Distribution.NORMAL, 1, key);
      return tensor;
    }

    void forward(Ops ops) {
      ops.linearForward(y, null, x, weight, bias, Activation.TANH);
    }

    void backward(Ops ops) {
      ops.linearBackwardInput(dx, y, weight, x, Activation.TANH);
    }

    void update(Ops ops) {
      UpdateTarget sgd = new UpdateTarget.Apply(Optimizer.sgd());
      ops.linearUpdate(weight, bias, x, y, null, Activation.IDENTITY, sgd, control);
    }

    int launches(BiConsumer<Layer, Ops> body) {
      Plan plan = Plan.record("plan", device.kernels(), ops -> body.accept(this, ops));
      return ((CudaKernels) device.kernels()).prepare(plan).length;
    }
  }

  /** What a product gives, eagerly; its signal is given, not computed. */
  private static float[] result(Products products, int width, boolean forward) {
    try (CudaDevice device = open(products);
        Scope scope = device.openScope("layer")) {
      Layer layer = new Layer(device, scope, width);
      float[] values = new float[BATCH * width];
      if (forward) {
        layer.forward(device.eager());
        device.read(layer.y, values);
      } else {
        layer.backward(device.eager());
        device.read(layer.dx, values);
      }
      return values;
    }
  }

  /** The two have bits of their own, so bits tell who it was; shapes are near, not measured. */
  @Test
  void eachProductIsOfWhomTheTableSays() throws IOException {
    keep("oocoo");
    int wide = WIDE + 11;
    float[] own = result(Products.OWN, wide, true);
    float[] cublas = result(Products.CUBLAS, wide, true);
    assertThat(own).isNotEqualTo(cublas);
    assertThat(result(Products.MEASURED, wide, true)).isEqualTo(cublas);
    float[] backward = result(Products.OWN, wide, false);
    assertThat(backward).isNotEqualTo(result(Products.CUBLAS, wide, false));
    assertThat(result(Products.MEASURED, wide, false)).isEqualTo(backward);
    keep("ooooc");
    assertThat(result(Products.MEASURED, wide, true)).isEqualTo(own);
    assertThat(result(Products.MEASURED, wide, false))
        .isEqualTo(result(Products.CUBLAS, wide, false));
    // Nothing speaks for a few samples forward, near as the others may be.
    keep("cc-cc");
    assertThat(result(Products.MEASURED, wide, true)).isEqualTo(own);
  }

  /** A net is one launch as far as its layers are ours; dx and its update as well. */
  @Test
  void whatIsDoneTogetherEndsWhereCublasBegins() throws IOException {
    keep("ooooo");
    assertThat(netLaunches()).isEqualTo(1);
    assertThat(backLaunches()).isEqualTo(1);
    keep("ocooc");
    // Two narrow layers with their checks are one launch, the broader one and its check two.
    assertThat(netLaunches()).isEqualTo(3);
    assertThat(backLaunches()).isEqualTo(2);
    keep("coooo");
    assertThat(netLaunches()).isEqualTo(5);
  }

  /** Layers of 20 to 20 to 90 to 90, of which the last is nearer to the broader one. */
  private static int netLaunches() {
    try (CudaDevice device = open(Products.MEASURED);
        Scope scope = device.openScope("net")) {
      Layer first = new Layer(device, scope, NARROW);
      Layer last = new Layer(device, scope, 90);
      Parameter weight =
          new Parameter(device, scope, "w", new Shape(90, NARROW), Parameter.Group.WEIGHTS);
      return first.launches(
          (layer, ops) -> {
            layer.forward(ops);
            ops.finiteCheck(layer.y, 0, layer.control);
            ops.linearForward(last.x, null, layer.y, weight, null, Activation.IDENTITY);
            ops.finiteCheck(last.x, 1, layer.control);
            last.forward(ops);
            ops.finiteCheck(last.y, 2, layer.control);
          });
    }
  }

  private static int backLaunches() {
    try (CudaDevice device = open(Products.MEASURED);
        Scope scope = device.openScope("layer")) {
      return new Layer(device, scope, WIDE)
          .launches(
              (layer, ops) -> {
                layer.backward(ops);
                layer.update(ops);
              });
    }
  }

  /** What a table decides is part of what results depend on; when it was measured is not. */
  @Test
  void theDeviceNamesItsTable() throws IOException {
    keep("ococ-");
    String first;
    try (CudaDevice device = open(Products.MEASURED)) {
      assertThat(device.description())
          .endsWith(
              "fp32 products by ours or cuBLAS 12.6.4, as measured (ours in 2 of 4 shapes; not"
                  + " measured, so ours: few samples backward, tiles forward)");
      first = device.identity().libraries();
      assertThat(first).matches("CUDA driver 12[.]6, cuBLAS 12[.]6[.]4 by table [0-9a-f]{8}");
    }
    keep("ococ-", now -> new ProductTable.Conditions("12.5", "others", now.time()), 2e-6);
    try (CudaDevice device = open(Products.MEASURED)) {
      assertThat(device.identity().libraries()).isEqualTo(first);
      assertThat(device.description())
          .endsWith(
              "; measured with other kernels and another driver, for CUDA 12.5; refresh by"
                  + " ./feedlight bench products --device cuda --out DIR)");
    }
    keep("oooc-");
    try (CudaDevice device = open(Products.MEASURED)) {
      assertThat(device.identity().libraries()).isNotEqualTo(first);
    }
  }

  @Test
  void withoutATableThatCanBeReadThereIsNoDevice() throws IOException {
    assertThatThrownBy(() -> open(Products.MEASURED))
        .isInstanceOf(CudaException.class)
        .hasMessageStartingWith(
            "products of Feedlight stand-in (CPU), sm_90, fp32, cuBLAS 12.6.4 have not been"
                + " measured: there is no "
                + folder)
        .hasMessageEndingWith(
            "; run ./feedlight bench products --device cuda --out DIR, or with --products own");
    keep("ooooo");
    Path file;
    try (Stream<Path> files = Files.list(folder)) {
      file = files.findFirst().orElseThrow();
    }
    String text = Files.readString(file);
    Files.writeString(
        file,
        ProductTableFile.text(
            ProductTableTest.table(
                new Row(Direction.FORWARD, 1, 1, 1, 1, 1),
                new Row(Direction.BACKWARD, 1, 1, 1, 1, 1))));
    assertThatThrownBy(() -> open(Products.MEASURED))
        .isInstanceOf(CudaException.class)
        .hasMessageContaining(file + " is of NVIDIA H200, sm_90, fp32, cuBLAS 12.6.4, not of");
    Files.writeString(file, text.replace("rows 5", "rows 6"));
    assertThatThrownBy(() -> open(Products.MEASURED))
        .isInstanceOf(CudaException.class)
        .hasMessageContaining(file + " cannot be understood at line 15");
    assertThatThrownBy(
            () -> StandIn.with(() -> CudaDevice.open(0, Precision.BF16, Products.MEASURED)))
        .isInstanceOf(CudaException.class)
        .hasMessageContaining("products by cuBLAS are in fp32, not in bf16");
  }

  /** What cannot be looked at may hold a table. */
  @Test
  void aFolderThatCannotBeReadIsNotOneWithoutATable() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    ProductTables.move(file);
    assertThatThrownBy(() -> open(Products.MEASURED))
        .isInstanceOf(CudaException.class)
        .hasMessageContainingAll(
            "the table of products " + file, "cannot be read", "-Dfeedlight.cuda.products=DIR");
  }
}
