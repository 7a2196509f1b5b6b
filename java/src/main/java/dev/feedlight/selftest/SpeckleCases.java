package dev.feedlight.selftest;

import dev.feedlight.device.OpticalOperation;
import dev.feedlight.device.PixelMap;
import dev.feedlight.device.Transmission;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.Arrays;

/** Cases of the operations that make the transmission matrix and the field behind it. */
final class SpeckleCases {
  private static final Tolerance EXACT =
      Tolerance.exact("sums of integers; mixtures in one stated order of fp32 roundings");

  private SpeckleCases() {}

  static void addTo(CaseList cases) {
    for (SpeckleShape shape : SpeckleShape.ALL) {
      for (Layout layout : Layout.values()) {
        addGenerate(cases, shape, layout, SpecklePixels.PLAIN);
        addGenerate(cases, shape, layout, SpecklePixels.SELECTED);
        for (DType dtype : new DType[] {DType.S8, DType.U8}) {
          for (SpeckleSource source : SpeckleSource.values()) {
            addField(cases, shape, layout, dtype, source, SpecklePixels.PLAIN);
          }
        }
      }
      for (SpeckleSource source : SpeckleSource.values()) {
        addField(cases, shape, Layout.SLICE, DType.S8, source, SpecklePixels.SELECTED);
      }
      addGaussian(cases, shape, Layout.DENSE, SpecklePixels.PLAIN);
      addGaussian(cases, shape, Layout.SLICE, SpecklePixels.SELECTED);
      for (int mirrors : new int[] {1, 7, 200}) {
        addMacropixels(cases, shape, Layout.DENSE, SpecklePixels.PLAIN, mirrors);
        addMacropixels(cases, shape, Layout.SLICE, SpecklePixels.SELECTED, mirrors);
      }
    }
  }

  private static void addGenerate(
      CaseList cases, SpeckleShape s, Layout layout, SpecklePixels pixels) {
    cases.add(
        OpticalOperation.SpeckleGenerate.class,
        matrix(s),
        pixels + " " + layout,
        bench -> {
          Shape shape = new Shape(2L * s.outputs(), s.inputs());
          Tensor entries =
              bench.result("entries", layout, shape, DType.S8, Tolerance.exact("a table of bytes"));
          PixelMap map = pixels.map(bench, s.outputs(), layout);
          long key = bench.key();
          bench.issue(ops -> ops.speckleGenerate(entries, map, key));
        });
  }

  private static String matrix(SpeckleShape s) {
    return s.outputs() + " x " + s.inputs() + " of batch " + s.batch();
  }

  private static void addGaussian(
      CaseList cases, SpeckleShape s, Layout layout, SpecklePixels pixels) {
    cases.add(
        OpticalOperation.GaussianGenerate.class,
        matrix(s),
        pixels + " " + layout,
        bench -> {
          Shape shape = new Shape(2L * s.outputs(), s.inputs());
          Tensor entries =
              bench.result(
                  "entries",
                  layout,
                  shape,
                  Tolerance.bounded(
                      "logarithm, sine and cosine in double precision within a few of its units,"
                          + " then one rounding of a number below 5",
                      () -> {
                        double[] bounds = new double[(int) shape.elements()];
                        Arrays.fill(bounds, 5 * Rounding.UNIT);
                        return bounds;
                      }));
          PixelMap map = pixels.map(bench, s.outputs(), layout);
          long key = bench.key();
          bench.issue(ops -> ops.gaussianGenerate(entries, map, key));
        });
  }

  private static void addMacropixels(
      CaseList cases, SpeckleShape s, Layout layout, SpecklePixels pixels, int mirrors) {
    cases.add(
        OpticalOperation.MacropixelGenerate.class,
        matrix(s),
        mirrors + " mirrors " + pixels + " " + layout,
        bench -> {
          Shape shape = new Shape(2L * s.outputs(), s.inputs());
          Tensor entries = bench.result("entries", layout, shape, EXACT);
          PixelMap map = pixels.map(bench, s.outputs(), layout);
          long key = bench.key();
          bench.issue(ops -> ops.macropixelGenerate(entries, map, key, mirrors));
        });
  }

  private static void addField(
      CaseList cases,
      SpeckleShape s,
      Layout layout,
      DType dtype,
      SpeckleSource source,
      SpecklePixels pixels) {
    cases.add(
        OpticalOperation.SpeckleField.class,
        s.toString(),
        source + " " + dtype + " " + pixels + " " + layout,
        bench -> {
          int n = s.batch() * s.inputs();
          byte[] bytes = dtype == DType.S8 ? bench.values().ternary(n) : bench.values().binary(n);
          Shape patterns = new Shape(s.batch(), s.inputs());
          Tensor pattern = bench.bytes("pattern", layout, patterns, dtype, bytes);
          Transmission transmission = source.transmission(bench, s, pixels, layout);
          PixelMap map = pixels.map(bench, s.outputs(), layout);
          Shape fields = new Shape(s.batch(), 2L * s.outputs());
          Tensor field = bench.result("field", layout, fields, transmission.fieldType(), EXACT);
          bench.issue(ops -> ops.speckleField(field, pattern, transmission, map));
        });
  }
}
