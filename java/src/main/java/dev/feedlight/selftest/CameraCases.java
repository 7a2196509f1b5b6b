package dev.feedlight.selftest;

import dev.feedlight.device.CameraResponse;
import dev.feedlight.device.OpticalOperation;
import dev.feedlight.device.PixelMap;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Cases of {@link OpticalOperation.CameraExpose}. */
final class CameraCases {
  private static final Tolerance EXACT =
      Tolerance.exact("correctly rounded fp32 steps in one stated order, noise from a table");

  // The second row is the first one beyond 32 bits.
  private static final long PROJECTION = (1L << 32) - 1;

  private static final List<Shape> SHAPES =
      List.of(
          new Shape(1, 1),
          new Shape(2, 7),
          new Shape(3, 16),
          new Shape(5, 17),
          new Shape(2, 255),
          new Shape(17, 1021));

  private CameraCases() {}

  static void addTo(CaseList cases) {
    for (Cameras camera : Cameras.values()) {
      for (Shape shape : SHAPES) {
        for (Layout layout : Layout.values()) {
          add(cases, camera, shape, layout, 3000, 0);
          add(cases, camera, shape, layout, 3000, 0, DType.F32, SpecklePixels.PLAIN);
        }
        for (SpecklePixels pixels : SpecklePixels.values()) {
          add(cases, camera, shape, Layout.SLICE, 3000, 3, DType.S32, pixels);
        }
      }
      for (int frame : new int[] {1, 2, 3, 4, 9}) {
        add(cases, camera, SHAPES.get(3), Layout.DENSE, 3000, frame);
      }
      // Fields of nothing but dark pixels, and as large as integers are.
      add(cases, camera, SHAPES.get(3), Layout.DENSE, 0, 1);
      add(cases, camera, SHAPES.get(3), Layout.DENSE, Integer.MAX_VALUE, 2);
    }
  }

  private static void add(
      CaseList cases, Cameras camera, Shape shape, Layout layout, int amplitude, int frame) {
    add(cases, camera, shape, layout, amplitude, frame, DType.S32, SpecklePixels.PLAIN);
  }

  private static void add(
      CaseList cases,
      Cameras camera,
      Shape shape,
      Layout layout,
      int amplitude,
      int frame,
      DType fieldType,
      SpecklePixels pixels) {
    cases.add(
        OpticalOperation.CameraExpose.class,
        shape.toString(),
        String.format(
            Locale.ROOT,
            "%s amplitude %d frame %d %s %s %s",
            camera,
            amplitude,
            frame,
            fieldType,
            pixels,
            layout),
        bench -> {
          Shape fields = new Shape(shape.rows(), 2 * shape.columns());
          int[] values = new int[(int) fields.elements()];
          if (amplitude > 0) {
            values = bench.values().integers(values.length, amplitude);
          }
          // The square of the most negative integer would be the only one to overflow.
          int[] field = Arrays.stream(values).map(v -> Math.max(v, -Integer.MAX_VALUE)).toArray();
          Tensor in =
              fieldType == DType.S32
                  ? bench.integers("field", layout, fields, field)
                  : bench.floats("field", layout, fractions(fields, field));
          PixelMap map = pixels.map(bench, (int) shape.columns(), Layout.DENSE);
          Tensor counts = bench.result("counts", layout, shape, EXACT);
          double brightness = Math.max(1, (double) amplitude * amplitude / 2);
          CameraResponse response = camera.response(brightness, 128);
          long key = bench.key();
          bench.issue(ops -> ops.cameraExpose(counts, in, response, map, key, PROJECTION, frame));
        });
  }

  /** Fields that are not integers. */
  private static Matrix fractions(Shape shape, int[] field) {
    float[] values = new float[field.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = field[i] * 1.001f;
    }
    return new Matrix((int) shape.rows(), (int) shape.columns(), values);
  }
}
