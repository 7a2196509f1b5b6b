package dev.feedlight.bench.cli;

import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.device.Precision;
import dev.feedlight.device.cuda.Products;
import java.util.List;
import picocli.CommandLine.Option;

/** Where a command runs. */
final class DeviceOptions {
  static final String THREADS = "--threads";
  static final String PRECISION = "--precision";
  static final String PRODUCTS = "--products";

  /** More threads than any processor has. */
  private static final int MOST_THREADS = 4096;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "auto",
      description =
          "auto, cpu or cuda; auto says what it takes and why. Default: ${DEFAULT-VALUE}.")
  private String device;

  @Option(
      names = THREADS,
      paramLabel = "N",
      description = "Threads of the processor. Default: one per core.")
  private Integer threads;

  @Option(
      names = PRECISION,
      paramLabel = "NAME",
      defaultValue = "fp32",
      description =
          "fp32, tf32 (GPUs only) or bf16: what operands of dense products are rounded to; all else"
              + " is fp32. Default: ${DEFAULT-VALUE}.")
  private String precision;

  @Option(
      names = PRODUCTS,
      paramLabel = "WHOSE",
      defaultValue = "own",
      description =
          "own, cublas or measured: what computes products of dense layers on a GPU; cublas needs"
              + " libcublas.so.12 or libcublas.so.13; measured takes whichever was faster at the"
              + " nearest shape that bench products has measured on this GPU, and needs cuBLAS and"
              + " that measurement. cublas and measured are for fp32 only. Default:"
              + " ${DEFAULT-VALUE}.")
  private String products;

  String name() {
    return Arguments.oneOf("--device", DeviceChoice.NAMES, device);
  }

  int threads() {
    if (threads == null) {
      return DeviceChoice.ALL_CORES;
    }
    if (threads > MOST_THREADS) {
      throw new UsageException(THREADS + " must be at most " + MOST_THREADS + ", not " + threads);
    }
    return (int) Arguments.atLeast(THREADS, 1, threads);
  }

  Precision precision() {
    List<Precision> all = List.of(Precision.values());
    List<String> labels = all.stream().map(Precision::label).toList();
    return all.get(labels.indexOf(Arguments.oneOf(PRECISION, labels, precision)));
  }

  Products products() {
    List<Products> all = List.of(Products.values());
    List<String> names = all.stream().map(Products::toString).toList();
    return all.get(names.indexOf(Arguments.oneOf(PRODUCTS, names, products)));
  }

  /** Refuses another precision and other products where they would have no effect. */
  void requirePlainProducts(String because) {
    if (precision() != Precision.FP32) {
      throw new UsageException(PRECISION + " " + because);
    }
    requireOwnProducts(because);
  }

  /** Refuses other products where they would have no effect. */
  void requireOwnProducts(String because) {
    if (products() != Products.OWN) {
      throw new UsageException(PRODUCTS + " " + because);
    }
  }

  /** Refuses more threads than one, and takes one where nothing is said of them. */
  void requireOneThread(String because) {
    if (threads() > 1) {
      throw new UsageException(THREADS + " must be 1 " + because + ", not " + threads);
    }
    threads = 1;
  }

  DeviceChoice open() {
    return DeviceChoice.open(name(), threads(), precision(), products());
  }
}
