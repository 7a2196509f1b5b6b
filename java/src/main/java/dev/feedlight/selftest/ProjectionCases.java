package dev.feedlight.selftest;

import dev.feedlight.device.CameraResponse;
import dev.feedlight.device.Operation;
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

/** Cases of {@link Operation.SpeckleProject}. */
final class ProjectionCases {
  private static final Tolerance EXACT =
      Tolerance.exact("exact integers, then correctly rounded fp32 steps in one stated order");

  // The second sample is the first one beyond 32 bits.
  private static final long PROJECTION = (1L << 32) - 1;

  private static final ReadOut BIASED = new ReadOut(1, false, 0.125f);
  private static final ReadOut UNBIASED = new ReadOut(1, true, 0.3f);
  private static final ReadOut NO_FLOOR = new ReadOut(0, true, 1);

  private ProjectionCases() {}

  static void addTo(CaseList cases) {
    for (SpeckleShape shape : SpeckleShape.ALL) {
      for (Cameras camera : shape.large() ? Cameras.EXTREMES : Arrays.asList(Cameras.values())) {
        for (SpeckleSource source : SpeckleSource.values()) {
          add(cases, shape, camera, source, Layout.DENSE, UNBIASED, Ternary.RANDOM);
        }
      }
      add(
          cases,
          shape,
          Cameras.COMPLETE,
          SpeckleSource.STORED,
          Layout.SLICE,
          UNBIASED,
          Ternary.RANDOM);
    }
    SpeckleShape shape = SpeckleShape.ALL.get(7);
    for (Cameras camera : Cameras.values()) {
      SpeckleSource procedural = SpeckleSource.PROCEDURAL;
      add(cases, shape, camera, procedural, Layout.SLICE, BIASED, Ternary.RANDOM);
      add(cases, shape, camera, procedural, Layout.SLICE, NO_FLOOR, Ternary.RANDOM);
      for (Ternary ternary : Ternary.values()) {
        add(cases, shape, camera, SpeckleSource.STORED, Layout.SLICE, BIASED, ternary);
      }
    }
  }

  private static void add(
      CaseList cases,
      SpeckleShape s,
      Cameras camera,
      SpeckleSource source,
      Layout layout,
      ReadOut readOut,
      Ternary kind) {
    cases.add(
        Operation.SpeckleProject.class,
        s.toString(),
        String.format(Locale.ROOT, "%s %s %s %s %s", camera, source, kind, readOut, layout),
        bench -> {
          byte[] t = kind.vectors(bench.values(), s);
          Tensor ternary =
              bench.bytes("ternary", layout, new Shape(s.batch(), s.inputs()), DType.S8, t);
          int[] pairs = counts(t, s);
          Tensor counts = bench.integers("counts", Layout.DENSE, new Shape(s.batch(), 2), pairs);
          Matrix scale = bench.values().uniform(1, s.batch(), 0, 2).with(0, s.batch() / 2, 0);
          Tensor rowScale = bench.floats("row scale", Layout.DENSE, scale);
          Transmission transmission = source.transmission(bench, s, layout);
          CameraResponse response = camera.response(meanBrightness(s), 64);
          int[] field = anchorField(bench.key(), s);
          Shape fields = Shape.vector(field.length);
          Tensor anchorField = bench.integers("anchor field", Layout.DENSE, fields, field);
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
                      anchorField,
                      anchorCounts,
                      response,
                      readOut,
                      noiseKey,
                      control));
        });
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
