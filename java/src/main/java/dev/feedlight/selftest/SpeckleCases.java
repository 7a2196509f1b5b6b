package dev.feedlight.selftest;

import dev.feedlight.device.Operation;
import dev.feedlight.device.Transmission;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;

/** Cases of {@link Operation.SpeckleGenerate} and {@link Operation.SpeckleField}. */
final class SpeckleCases {
  private static final Tolerance EXACT = Tolerance.exact("sums of integers");

  private SpeckleCases() {}

  static void addTo(CaseList cases) {
    for (SpeckleShape shape : SpeckleShape.ALL) {
      for (Layout layout : Layout.values()) {
        addGenerate(cases, shape, layout);
        for (DType dtype : new DType[] {DType.S8, DType.U8}) {
          for (SpeckleSource source : SpeckleSource.values()) {
            addField(cases, shape, layout, dtype, source);
          }
        }
      }
    }
  }

  private static void addGenerate(CaseList cases, SpeckleShape s, Layout layout) {
    cases.add(
        Operation.SpeckleGenerate.class,
        s.outputs() + " x " + s.inputs() + " of batch " + s.batch(),
        layout.toString(),
        bench -> {
          Shape shape = new Shape(2L * s.outputs(), s.inputs());
          Tensor entries =
              bench.result("entries", layout, shape, DType.S8, Tolerance.exact("a table of bytes"));
          long key = bench.key();
          bench.issue(ops -> ops.speckleGenerate(entries, key));
        });
  }

  private static void addField(
      CaseList cases, SpeckleShape s, Layout layout, DType dtype, SpeckleSource source) {
    cases.add(
        Operation.SpeckleField.class,
        s.toString(),
        source + " " + dtype + " " + layout,
        bench -> {
          int n = s.batch() * s.inputs();
          byte[] bytes = dtype == DType.S8 ? bench.values().ternary(n) : bench.values().binary(n);
          Shape patterns = new Shape(s.batch(), s.inputs());
          Tensor pattern = bench.bytes("pattern", layout, patterns, dtype, bytes);
          Transmission transmission = source.transmission(bench, s, layout);
          Shape fields = new Shape(s.batch(), 2L * s.outputs());
          Tensor field = bench.result("field", layout, fields, DType.S32, EXACT);
          bench.issue(ops -> ops.speckleField(field, pattern, transmission));
        });
  }
}
