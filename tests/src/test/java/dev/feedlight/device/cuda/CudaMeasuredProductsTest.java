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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Products go to whom the table of this GPU gives them, on the stand-ins. */
final class CudaMeasuredProductsTest {
  private static final int BATCH = 4;
  private static final int NARROW = 20;
  private static final int WIDE = 150;

  @TempDir private Path folder;
  private String before;

  @BeforeEach
  void tablesOfThisTest() {
    StandIn.require();
    before = System.getProperty(ProductTableFile.FOLDER_PROPERTY);
    System.setProperty(ProductTableFile.FOLDER_PROPERTY, folder.toString());
  }

  @AfterEach
  void tablesAsBefore() {
    if (before == null) {
      System.clearProperty(ProductTableFile.FOLDER_PROPERTY);
    } else {
      System.setProperty(ProductTableFile.FOLDER_PROPERTY, before);
    }
  }

  private static CudaDevice open(Products products) {
    return StandIn.with(() -> CudaDevice.open(0, Precision.FP32, products));
  }

  /** Ours where the letter is o, cuBLAS where it is c: forward and backward, narrow and wide. */
  private static void keep(String faster) throws IOException {
    try (CudaDevice device = open(Products.OWN)) {
      ProductTable table =
          new ProductTable(
              device.productOrigin(),
              device.productConditions(),
              List.of(
                  row(Direction.FORWARD, NARROW, faster.charAt(0)),
                  row(Direction.FORWARD, WIDE, faster.charAt(1)),
                  row(Direction.BACKWARD, NARROW, faster.charAt(2)),
                  row(Direction.BACKWARD, WIDE, faster.charAt(3))));
      Files.writeString(ProductTableFile.of(table.origin()), ProductTableFile.text(table));
    }
  }

  private static Row row(Direction direction, int width, char faster) {
    return new Row(direction, BATCH, width, width, faster == 'o' ? 1e-6 : 3e-6, 2e-6);
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
    keep("ocoo");
    int wide = WIDE + 11;
    float[] own = result(Products.OWN, wide, true);
    float[] cublas = result(Products.CUBLAS, wide, true);
    assertThat(own).isNotEqualTo(cublas);
    assertThat(result(Products.MEASURED, wide, true)).isEqualTo(cublas);
    float[] backward = result(Products.OWN, wide, false);
    assertThat(backward).isNotEqualTo(result(Products.CUBLAS, wide, false));
    assertThat(result(Products.MEASURED, wide, false)).isEqualTo(backward);
    keep("oooc");
    assertThat(result(Products.MEASURED, wide, true)).isEqualTo(own);
    assertThat(result(Products.MEASURED, wide, false))
        .isEqualTo(result(Products.CUBLAS, wide, false));
  }

  /** A net is one launch as far as its layers are ours; dx and its update as well. */
  @Test
  void whatIsDoneTogetherEndsWhereCublasBegins() throws IOException {
    keep("oooo");
    assertThat(netLaunches()).isEqualTo(1);
    assertThat(backLaunches()).isEqualTo(1);
    keep("ococ");
    // Two narrow layers with their checks are one launch, the wide one and its check two.
    assertThat(netLaunches()).isEqualTo(3);
    assertThat(backLaunches()).isEqualTo(2);
    keep("cooo");
    assertThat(netLaunches()).isEqualTo(5);
  }

  /** Layers of 20 to 20 to 90 to 90, of which the last is nearer to the wide one in the table. */
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

  /** A table is part of what results depend on. */
  @Test
  void theDeviceNamesItsTable() throws IOException {
    keep("ococ");
    String first;
    try (CudaDevice device = open(Products.MEASURED)) {
      assertThat(device.description())
          .endsWith("fp32 products by ours or cuBLAS 12.6.4, as measured (ours in 2 of 4 shapes)");
      first = device.identity().libraries();
      assertThat(first).matches("CUDA driver 12[.]6, cuBLAS 12[.]6[.]4 by table [0-9a-f]{8}");
    }
    keep("oooc");
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
    keep("oooo");
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
    Files.writeString(file, text.replace("rows 4", "rows 5"));
    assertThatThrownBy(() -> open(Products.MEASURED))
        .isInstanceOf(CudaException.class)
        .hasMessageContaining(file + " cannot be understood at line 14");
    assertThatThrownBy(
            () -> StandIn.with(() -> CudaDevice.open(0, Precision.BF16, Products.MEASURED)))
        .isInstanceOf(CudaException.class)
        .hasMessageContaining("products by cuBLAS are in fp32, not in bf16");
  }
}
