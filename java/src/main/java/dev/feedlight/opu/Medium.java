package dev.feedlight.opu;

import dev.feedlight.device.Device;
import dev.feedlight.device.PixelMap;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StructuredTransmission;
import dev.feedlight.device.Transmission;
import dev.feedlight.device.TransmissionBytes;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Philox;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Stream;
import dev.feedlight.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

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
      Transmission start = part(device, scope, outputs, pixels, 0);
      if (!drift.drifts()) {
        return new Medium(start, null, scale());
      }
      Tensor weights = scope.allocate("drift weights", Shape.vector(2), DType.F32);
      device.write(weights, drift.weights(0));
      Transmission end = part(device, scope, outputs, pixels, 1);
      return new Medium(new Transmission.Drifting(start, end, weights), weights, scale());
    }

    private double scale() {
      return switch (matrix) {
        case STORED, PROCEDURAL -> TransmissionBytes.SCALE * Math.sqrt((double) mirrors);
        case STRUCTURED, GAUSSIAN32 -> 1;
      };
    }

    private Transmission part(
        Device device, Scope scope, long outputs, PixelMap pixels, int number) {
      long key = Philox.deriveKey(seed, Stream.TRANSMISSION, number);
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
        case STRUCTURED ->
            new Transmission.Structured(
                key, outputs, inputs, StructuredTransmission.size(inputs, region));
      };
    }

    private Tensor entries(Scope scope, long outputs, DType type) {
      return scope.allocate("transmission matrix", new Shape(2 * outputs, inputs), type);
    }
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
