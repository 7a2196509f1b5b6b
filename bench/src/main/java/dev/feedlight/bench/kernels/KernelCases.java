package dev.feedlight.bench.kernels;

import java.util.ArrayList;
import java.util.List;

/** The kernels that are measured, in the order of the table. */
final class KernelCases {
  private KernelCases() {}

  /** The sizes that the project's goals name, and for the rest such as fill a large GPU. */
  static List<KernelCase> paper() {
    List<KernelCase> cases = new ArrayList<>();
    cases.addAll(DenseCases.square(512, 3080));
    cases.addAll(DenseCases.square(1, 3080));
    cases.addAll(DenseCases.square(32, 100));
    cases.add(DenseCases.net(97, 32, 100));
    cases.addAll(SmallCases.elementwise(4096, 3080));
    cases.addAll(SmallCases.transformer(16, 512, 12, 768, 16384));
    cases.addAll(OpticsCases.around(512, 4096, 4096));
    cases.addAll(OpticsCases.stored(512, 4096, 4096));
    cases.addAll(OpticsCases.procedural(64, 65536, 65536));
    cases.addAll(OpticsCases.structured(64, 1 << 20, 1 << 20));
    return cases;
  }

  /**
   * Products that our kernels and cuBLAS both have: the widths of Fig. 4 and powers of two near
   * them, the first and the last layer of a net for images, the layers of a small GPT. Of what each
   * of our kernels serves there are some: up to 8 samples, narrow, and the others from 16 on.
   */
  static List<ProductCase> products() {
    List<Long> batches = List.of(1L, 8L, 16L, 32L, 64L, 128L, 512L);
    List<ProductCase> cases =
        new ArrayList<>(
            ProductCase.squares(
                batches, List.of(100L, 200L, 500L, 512L, 1000L, 1024L, 2000L, 3080L)));
    for (long batch : batches) {
      cases.addAll(ProductCase.both(batch, 784, 1024));
      cases.addAll(ProductCase.both(batch, 1024, 10));
    }
    for (long tokens : new long[] {512, 4096}) {
      cases.addAll(ProductCase.both(tokens, 768, 768));
      cases.addAll(ProductCase.both(tokens, 768, 3072));
      cases.addAll(ProductCase.both(tokens, 3072, 768));
    }
    return cases;
  }

  /** Such products, tiny: whether they run. */
  static List<ProductCase> fewProducts() {
    return ProductCase.both(3, 20, 20);
  }

  /** Everything once, tiny: whether it runs. */
  static List<KernelCase> smoke() {
    List<KernelCase> cases = new ArrayList<>();
    cases.addAll(DenseCases.square(3, 20));
    cases.add(DenseCases.net(3, 5, 12));
    cases.addAll(SmallCases.elementwise(4, 20));
    cases.addAll(SmallCases.transformer(2, 4, 2, 8, 16));
    cases.addAll(OpticsCases.around(4, 24, 20));
    cases.addAll(OpticsCases.stored(4, 24, 20));
    cases.addAll(OpticsCases.procedural(4, 24, 20));
    cases.addAll(OpticsCases.structured(4, 24, 20));
    return cases;
  }
}
