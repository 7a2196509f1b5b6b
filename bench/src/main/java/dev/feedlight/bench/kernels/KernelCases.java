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

  /** Products that our kernels and cuBLAS both have, from small to large. */
  static List<KernelCase> products() {
    List<KernelCase> cases = new ArrayList<>();
    for (long width : new long[] {100, 512, 1024, 3080}) {
      for (long batch : new long[] {1, 8, 32, 128, 512}) {
        cases.addAll(DenseCases.products(batch, width));
      }
    }
    return cases;
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
