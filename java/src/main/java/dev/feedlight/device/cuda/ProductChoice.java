package dev.feedlight.device.cuda;

import dev.feedlight.device.Precision;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What computes the products of dense layers of one device, and what it needs for that. */
final class ProductChoice implements AutoCloseable {
  private final Products products;
  private final Cublas cublas; // null where all are ours
  private final ProductTable table; // null where one of both has them all
  private final CudaContext context;
  private final String remark; // on the table, for the description of the device

  private ProductChoice(
      Products products, Cublas cublas, ProductTable table, CudaContext context, String remark) {
    this.products = products;
    this.cublas = cublas;
    this.table = table;
    this.context = context;
    this.remark = remark;
  }

  /** Refuses a precision that such products do not have. */
  static void require(Products products, Precision precision) {
    if (products != Products.OWN && precision != Precision.FP32) {
      throw new CudaException(
          "products by cuBLAS are in fp32, not in " + precision.label(),
          "run with --products own, or with --precision fp32");
    }
  }

  /**
   * Opens what is needed.
   *
   * @param products what was asked for
   * @param precision that {@link #require} lets pass
   * @throws CudaException if cuBLAS is not here or does not work, or if there is no table where one
   *     is needed
   */
  static ProductChoice open(
      Products products, Precision precision, CudaDriver driver, CudaContext context) {
    return switch (products) {
      case OWN -> new ProductChoice(products, null, null, context, "");
      case CUBLAS -> new ProductChoice(products, new Cublas(driver, context), null, context, "");
      case MEASURED -> {
        ProductTable table = ProductTableFile.require(origin(driver, precision));
        String remark = table.conditions().remark(conditions(driver, context));
        yield new ProductChoice(products, new Cublas(driver, context), table, context, remark);
      }
    };
  }

  /**
   * What a table holds for that is measured here.
   *
   * @throws CudaException if there is no cuBLAS
   */
  static ProductTable.Origin origin(CudaDriver driver, Precision precision) {
    String version = CudaLibrary.load(CudaLibrary.Kind.CUBLAS).version();
    return new ProductTable.Origin(driver.name(), driver.architecture(), precision, version);
  }

  /** What else a table tells that is measured now; the time is to the second. */
  static ProductTable.Conditions conditions(CudaDriver driver, CudaContext context) {
    return new ProductTable.Conditions(
        driver.version(), context.kernels(), Instant.now().truncatedTo(ChronoUnit.SECONDS));
  }

  /** What was asked for. */
  Products products() {
    return products;
  }

  /** Binds products: ours, cuBLAS's or each as measured. */
  DenseProducts over(LinearKernels own, SmallKernels small) {
    return switch (products) {
      case OWN -> own;
      case CUBLAS -> new CublasProducts(cublas, small);
      case MEASURED ->
          new MeasuredProducts(
              own, new CublasProducts(cublas, small), table, context.mostSharedBytes());
    };
  }

  /** Follows "products" in the description of a device. */
  String words(Multiplier ours) {
    return switch (products) {
      case OWN -> ours.toString();
      case CUBLAS -> " by " + cublas;
      case MEASURED ->
          " by ours or "
              + cublas
              + ", as measured (ours in "
              + table.ownCount()
              + " of "
              + table.rows().size()
              + " shapes"
              + unmeasured()
              + (remark.isEmpty() ? "" : "; " + remark)
              + ")";
    };
  }

  private String unmeasured() {
    List<String> missing = table.missing(context.mostSharedBytes());
    return missing.isEmpty() ? "" : "; not measured, so ours: " + String.join(", ", missing);
  }

  /** Follows the driver in what results depend on: libraries, and the table that chooses. */
  String libraries() {
    return switch (products) {
      case OWN -> "";
      case CUBLAS -> ", " + cublas;
      case MEASURED -> ", " + cublas + " by table " + ProductTableFile.mark(table);
    };
  }

  @Override
  public void close() {
    if (cublas != null) {
      cublas.close();
    }
  }
}
