package dev.feedlight.opu;

import dev.feedlight.device.CameraResponse;
import dev.feedlight.device.Device;
import dev.feedlight.device.PixelMap;
import dev.feedlight.device.Scope;
import dev.feedlight.device.Transmission;
import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/** A device with units on it; every call frees what it does not hand out. */
final class OpticsLab implements AutoCloseable {
  /** The kinds that are the same bytes. */
  static final List<TransmissionMatrix> BYTES =
      List.of(TransmissionMatrix.STORED, TransmissionMatrix.PROCEDURAL);

  private final Device device;
  private final Scope units;

  OpticsLab(int threads, long capacityBytes) {
    this.device = CpuDevice.open(threads, capacityBytes);
    this.units = device.openScope("units under test");
  }

  OpticsLab(int threads) {
    this.device = CpuDevice.open(threads);
    this.units = device.openScope("units under test");
  }

  Device device() {
    return device;
  }

  Scope scope() {
    return units;
  }

  EmulatedOpu unit(OpuSettings settings, int inputs, int outputs, long seed) {
    return new EmulatedOpu(device, units, settings, inputs, outputs, seed);
  }

  /** One call of a fresh unit. */
  float[] project(OpuSettings settings, int inputs, int outputs, long seed, byte[] ternary) {
    try (Scope scope = device.openScope("one projection")) {
      return new EmulatedOpu(device, scope, settings, inputs, outputs, seed).project(ternary);
    }
  }

  /** Fields of patterns: per pattern, real parts then imaginary parts. */
  int[] fields(TransmissionMatrix matrix, int inputs, int outputs, long seed, byte[] patterns) {
    int batch = patterns.length / inputs;
    try (Scope scope = device.openScope("fields")) {
      Medium.Request request = new Medium.Request(matrix, Drift.NONE, inputs, 1, outputs, seed);
      PixelMap pixels = PixelMap.PLAIN;
      Transmission transmission = request.create(device, scope, outputs, pixels).transmission();
      Tensor pattern = scope.allocate("patterns", new Shape(batch, inputs), DType.S8);
      Tensor field = scope.allocate("fields", new Shape(batch, 2L * outputs), DType.S32);
      device.write(pattern, patterns);
      device.eager().speckleField(field, pattern, transmission, pixels);
      int[] values = new int[2 * batch * outputs];
      device.read(field, values);
      return values;
    }
  }

  /** One frame of a field given as real parts, then imaginary parts. */
  float[] expose(int[] field, CameraResponse camera, long key, long projection, int frame) {
    int pixels = field.length / 2;
    try (Scope scope = device.openScope("exposure")) {
      Tensor tensor = scope.allocate("field", Shape.vector(field.length), DType.S32);
      Tensor counts = scope.allocate("counts", Shape.vector(pixels), DType.F32);
      device.write(tensor, field);
      device.eager().cameraExpose(counts, tensor, camera, PixelMap.PLAIN, key, projection, frame);
      float[] values = new float[pixels];
      device.read(counts, values);
      return values;
    }
  }

  @Override
  public void close() {
    units.close();
    device.close();
  }
}
