package dev.feedlight.selftest;

import dev.feedlight.device.CameraResponse;
import dev.feedlight.device.OpticalOperation;
import dev.feedlight.device.PixelMap;
import dev.feedlight.device.ReadOut;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.Transmission;
import dev.feedlight.device.TransmissionBytes;
import dev.feedlight.device.reference.SpeckleRow;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.Arrays;
import java.util.Locale;

/** Cases of {@link OpticalOperation.SpeckleProject}. */
final class ProjectionCases {
  private static final Tolerance EXACT =
      Tolerance.exact("exact integers, then correctly rounded fp32 steps in one stated order");

  // The second sample is the first one beyond 32 bits.
  private static final long PROJECTION = (1L << 32) - 1;

  private static final ReadOut BIASED = new ReadOut(1, false, 0.125f);
  private static final ReadOut UNBIASED = new ReadOut(1, true, 0.3f);
  private static final ReadOut NO_FLOOR = new ReadOut(0, true, 1);

  /** More samples, inputs and outputs than the largest tile of a GPU holds at once. */
  private static final SpeckleShape SEVERAL_TILES = new SpeckleShape(131, 784, 67);

  private ProjectionCases() {}

  static void addTo(CaseList cases) {
    for (SpeckleShape shape : SpeckleShape.ALL) {
      for (Cameras camera : shape.large() ? Cameras.EXTREMES : Arrays.asList(Cameras.values())) {
        for (SpeckleSource source : SpeckleSource.values()) {
          new Scenario(shape, camera, source).addTo(cases);
        }
      }
      new Scenario(shape, Cameras.COMPLETE, SpeckleSource.STORED).sliced().addTo(cases);
    }
    for (Cameras camera : Cameras.EXTREMES) {
      new Scenario(SEVERAL_TILES, camera, SpeckleSource.STORED).addTo(cases);
    }
    SpeckleShape shape = SpeckleShape.ALL.get(7);
    for (Cameras camera : Cameras.values()) {
      Scenario procedural = new Scenario(shape, camera, SpeckleSource.PROCEDURAL).sliced();
      procedural.with(BIASED).addTo(cases);
      procedural.with(NO_FLOOR).addTo(cases);
      for (Ternary ternary : Ternary.values()) {
        Scenario stored = new Scenario(shape, camera, SpeckleSource.STORED).sliced();
        stored.with(BIASED).with(ternary).addTo(cases);
      }
      for (SpeckleSource source : SpeckleSource.values()) {
        for (SpecklePixels pixels : SpecklePixels.UNEVEN) {
          new Scenario(shape, camera, source).sliced().with(pixels).addTo(cases);
        }
      }
    }
    for (SpecklePixels pixels : SpecklePixels.UNEVEN) {
      SpeckleShape large = SpeckleShape.ALL.getLast();
      new Scenario(large, Cameras.COMPLETE, SpeckleSource.STORED)
          .sliced()
          .with(pixels)
          .addTo(cases);
    }
  }

  /** One case. */
  private record Scenario(
      SpeckleShape shape,
      Cameras camera,
      SpeckleSource source,
      SpecklePixels pixels,
      Layout layout,
      ReadOut readOut,
      Ternary kind) {
    Scenario(SpeckleShape shape, Cameras camera, SpeckleSource source) {
      this(shape, camera, source, SpecklePixels.PLAIN, Layout.DENSE, UNBIASED, Ternary.RANDOM);
    }

    Scenario sliced() {
      return new Scenario(shape, camera, source, pixels, Layout.SLICE, readOut, kind);
    }

    Scenario with(ReadOut other) {
      return new Scenario(shape, camera, source, pixels, layout, other, kind);
    }

    Scenario with(Ternary other) {
      return new Scenario(shape, camera, source, pixels, layout, readOut, other);
    }

    Scenario with(SpecklePixels other) {
      return new Scenario(shape, camera, source, other, layout, readOut, kind);
    }

    void addTo(CaseList cases) {
      cases.add(
          OpticalOperation.SpeckleProject.class,
          shape.toString(),
          String.format(
              Locale.ROOT, "%s %s %s %s %s %s", camera, source, pixels, kind, readOut, layout),
          this::run);
    }

    private void run(Workbench bench) {
      SpeckleShape s = shape;
      byte[] t = kind.vectors(bench.values(), s);
      Tensor ternary =
          bench.bytes("ternary", layout, new Shape(s.batch(), s.inputs()), DType.S8, t);
      int[] pairs = counts(t, s);
      Tensor counts = bench.integers("counts", Layout.DENSE, new Shape(s.batch(), 2), pairs);
      Matrix scale = bench.values().uniform(1, s.batch(), 0, 2).with(0, s.batch() / 2, 0);
      Tensor rowScale = bench.floats("row scale", Layout.DENSE, scale);
      Transmission transmission = source.transmission(bench, s, pixels, layout);
      PixelMap map = pixels.map(bench, s.outputs(), Layout.DENSE);
      CameraResponse response = camera.response(meanBrightness(s), 64);
      int[] field = anchorField(bench.key(), s);
      Tensor anchorField = anchor(bench, field, transmission);
      Matrix frame = anchorFrame(field, response);
      Tensor anchorCounts = bench.floats("anchor counts", Layout.DENSE, frame);
      Shape signals = new Shape(s.batch(), s.outputs());
      Tensor signal = bench.result("signal", layout, signals, EXACT);
      StepControl control = bench.control(PROJECTION);
      long noiseKey = ~bench.key();
      bench.issue(
          ops ->
              ops.speckleProject(
                  signal,
                  ternary,
                  counts,
                  rowScale,
                  transmission,
                  map,
                  anchorField,
                  anchorCounts,
                  response,
                  readOut,
                  noiseKey,
                  control));
    }

    /** The anchor of each matrix that is mixed, as integers or as floats. */
    private Tensor anchor(Workbench bench, int[] field, Transmission transmission) {
      int parts = source.parts();
      int[] all = Arrays.copyOf(field, parts * field.length);
      if (parts == 2) {
        int[] end = anchorField(bench.key() + 1, shape);
        System.arraycopy(end, 0, all, field.length, field.length);
      }
      if (transmission.arithmetic() == DType.S8) {
        return bench.integers("anchor field", Layout.DENSE, new Shape(parts, field.length), all);
      }
      float[] values = new float[all.length];
      for (int i = 0; i < all.length; i++) {
        values[i] = all[i];
      }
      return bench.floats("anchor field", Layout.DENSE, new Matrix(parts, field.length, values));
    }
  }

  /** Mean of |T 1|^2. */
  private static double meanBrightness(SpeckleShape s) {
    return s.inputs() * TransmissionBytes.SCALE * TransmissionBytes.SCALE;
  }

  private static int[] counts(byte[] ternary, SpeckleShape s) {
    int[] counts = new int[2 * s.batch()];
    for (int i = 0; i < ternary.length; i++) {
      if (ternary[i] != 0) {
        counts[2 * (i / s.inputs()) + (ternary[i] == 1 ? 0 : 1)]++;
      }
    }
    return counts;
  }

  private static int[] anchorField(long key, SpeckleShape s) {
    int[] field = new int[2 * s.outputs()];
    for (int pixel = 0; pixel < s.outputs(); pixel++) {
      SpeckleRow row = SpeckleRow.generate(key, pixel, s.inputs());
      for (int input = 0; input < s.inputs(); input++) {
        field[pixel] += row.real()[input];
        field[s.outputs() + pixel] += row.imaginary()[input];
      }
    }
    // One pixel where the anchor interferes to nothing at all.
    field[s.outputs() / 2] = 0;
    field[s.outputs() + s.outputs() / 2] = 0;
    return field;
  }

  /** The anchor as an averaged frame would show it: without noise, and dark pixels at 0. */
  private static Matrix anchorFrame(int[] field, CameraResponse response) {
    int outputs = field.length / 2;
    Matrix frame = new Matrix(1, outputs, new float[outputs]);
    for (int pixel = 0; pixel < outputs; pixel++) {
      double real = field[pixel];
      double imaginary = field[outputs + pixel];
      double count = (real * real + imaginary * imaginary) * response.gain();
      frame.with(0, pixel, (float) Math.min(Math.rint(count), response.maxCount()));
    }
    return frame;
  }

  /** What is projected. */
  private enum Ternary {
    RANDOM,
    ALL_ZERO,
    ALL_POSITIVE,
    ALL_NEGATIVE;

    byte[] vectors(Values values, SpeckleShape s) {
      byte[] vectors = new byte[s.batch() * s.inputs()];
      switch (this) {
        case RANDOM -> vectors = values.ternary(vectors.length);
        case ALL_ZERO -> {}
        case ALL_POSITIVE -> Arrays.fill(vectors, (byte) 1);
        case ALL_NEGATIVE -> Arrays.fill(vectors, (byte) -1);
      }
      return vectors;
    }
  }
}
