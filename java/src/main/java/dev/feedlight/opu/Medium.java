package dev.feedlight.opu;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.PixelMap;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StructuredTransmission;
import dev.feedlight.device.Transmission;
import dev.feedlight.device.TransmissionBytes;
import dev.feedlight.device.VendorNormals;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Philox;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Stream;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The scattering medium behind mirrors: one transmission matrix, or two between which it drifts.
 *
 * @param transmission what kernels take
 * @param weights of the two matrices, 1 x 2; null if the medium does not drift
 * @param scale root mean square of the modulus of an entry
 */
record Medium(Transmission transmission, Tensor weights, double scale) {
  /**
   * What is asked of a medium.
   *
   * @param matrix kind
   * @param drift over time
   * @param inputs columns
   * @param mirrors per input
   * @param region pixels of the camera's region, whichever of them are read
   * @param seed of the unit
   */
  record Request(
      TransmissionMatrix matrix, Drift drift, long inputs, long mirrors, long region, long seed) {
    Request {
      if (mirrors > 1
          && matrix != TransmissionMatrix.STORED
          && matrix != TransmissionMatrix.PROCEDURAL) {
        throw new IllegalArgumentException(
            "macropixels are sums of the signed bytes of a stored or procedural matrix; a "
                + matrix
                + " one has none");
      }
    }

    /**
     * Makes the medium on a device.
     *
     * @param scope owns the entries of a matrix that is kept
     * @param outputs rows
     * @param pixels their numbers
     */
    Medium create(Device device, Scope scope, long outputs, PixelMap pixels) {
      return medium(device, scope, number -> part(device, scope, outputs, pixels, number));
    }

    private Medium medium(Device device, Scope scope, IntFunction<Transmission> parts) {
      Transmission start = parts.apply(0);
      if (!drift.drifts()) {
        return new Medium(start, null, scale());
      }
      Tensor weights = scope.allocate("drift weights", Shape.vector(2), DType.F32);
      device.write(weights, drift.weights(0));
      Transmission end = parts.apply(1);
      return new Medium(new Transmission.Drifting(start, end, weights), weights, scale());
    }

    /**
     * Makes the medium of pixels that were selected from a region: rows of the region's, as every
     * kind gives them to a pixel's number.
     *
     * @param scope owns the entries of a matrix that is kept
     * @param region the medium of all pixels of the region
     * @param numbers of the selected pixels, ascending
     * @param pixels the same on the device
     */
    Medium select(Device device, Scope scope, Medium region, int[] numbers, PixelMap pixels) {
      if (matrix != TransmissionMatrix.CURAND) {
        return create(device, scope, numbers.length, pixels);
      }
      List<Transmission> rows = new ArrayList<>();
      for (Transmission part : region.parts()) {
        Tensor all = part.tensors().getFirst();
        Tensor kept = entries(scope, numbers.length, DType.F32);
        copyRows(device, all, 0, kept, 0, numbers);
        copyRows(device, all, part.outputs(), kept, numbers.length, numbers);
        rows.add(new Transmission.Stored(kept));
      }
      return medium(device, scope, rows::get);
    }

    /** Copies numbered rows, those that follow each other at once. */
    private static void copyRows(
        Device device, Tensor all, long firstOfAll, Tensor kept, long firstKept, int[] numbers) {
      for (int from = 0; from < numbers.length; ) {
        int to = from + 1;
        while (to < numbers.length && numbers[to] == numbers[to - 1] + 1) {
          to++;
        }
        Tensor source = all.rowRange(firstOfAll + numbers[from], to - from);
        Tensor target = kept.rowRange(firstKept + from, to - from);
        // The gradient of the identity is a copy.
        device.eager().activationGradient(target, source, null, Activation.IDENTITY);
        from = to;
      }
    }

    private double scale() {
      return switch (matrix) {
        case STORED, PROCEDURAL -> TransmissionBytes.SCALE * Math.sqrt((double) mirrors);
        case STRUCTURED, GAUSSIAN32, CURAND -> 1;
      };
    }

    private Transmission part(
        Device device, Scope scope, long outputs, PixelMap pixels, int number) {
      long key = key(seed, number);
      if (mirrors > 1) {
        Tensor entries = entries(scope, outputs, DType.F32);
        device.eager().macropixelGenerate(entries, pixels, key, mirrors);
        return new Transmission.Stored(entries);
      }
      return switch (matrix) {
        case PROCEDURAL -> new Transmission.Procedural(key, outputs, inputs);
        case STORED -> {
          Tensor entries = entries(scope, outputs, DType.S8);
          device.eager().speckleGenerate(entries, pixels, key);
          yield new Transmission.Stored(entries);
        }
        case GAUSSIAN32 -> {
          Tensor entries = entries(scope, outputs, DType.F32);
          device.eager().gaussianGenerate(entries, pixels, key);
          yield new Transmission.Stored(entries);
        }
        case CURAND -> {
          // Asked first: a device without it allocates nothing.
          VendorNormals normals = device.vendorNormals();
          Tensor entries = entries(scope, outputs, DType.F32);
          normals.fill(entries, (float) Math.sqrt(0.5), key);
          yield new Transmission.Stored(entries);
        }
        case STRUCTURED ->
            new Transmission.Structured(
                key, outputs, inputs, StructuredTransmission.size(inputs, region));
      };
    }

    private Tensor entries(Scope scope, long outputs, DType type) {
      return scope.allocate("transmission matrix", new Shape(2 * outputs, inputs), type);
    }
  }

  /** Key, or seed, of the entries of a part. */
  static long key(long seed, int part) {
    return Philox.deriveKey(seed, Stream.TRANSMISSION, part);
  }

  /** The matrices whose fields are mixed. */
  List<Transmission> parts() {
    return transmission instanceof Transmission.Drifting drifting
        ? List.of(drifting.start(), drifting.end())
        : List.of(transmission);
  }

  /**
   * Fields of all mirrors together.
   *
   * @return of the kernels' anchor type, a row for each of {@link #parts}
   */
  Tensor anchor(Device device, Scope scope, PixelMap pixels) {
    long fields = 2 * transmission.outputs();
    Tensor anchor =
        scope.allocate(
            "anchor field", new Shape(parts().size(), fields), parts().getFirst().fieldType());
    try (Scope temporary = device.openScope("OPU calibration")) {
      Tensor pattern = allMirrors(device, temporary);
      for (int part = 0; part < parts().size(); part++) {
        device.eager().speckleField(anchor.rowRange(part, 1), pattern, parts().get(part), pixels);
      }
    }
    return anchor;
  }

  /** The pattern of all inputs at 1. */
  Tensor allMirrors(Device device, Scope scope) {
    Shape shape = Shape.vector(transmission.inputs());
    byte[] ones = new byte[shape.arrayLength()];
    Arrays.fill(ones, (byte) 1);
    Tensor pattern = scope.allocate("anchor pattern", shape, DType.U8);
    device.write(pattern, ones);
    return pattern;
  }
}
