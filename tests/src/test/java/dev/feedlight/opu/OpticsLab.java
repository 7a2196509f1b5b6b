package dev.feedlight.opu;

import dev.feedlight.device.CameraResponse;
import dev.feedlight.device.Device;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.PixelMap;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
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

  /** A projection at a moment, as training issues it: time passes, then the batch is projected. */
  float[] projectAt(EmulatedOpu unit, long projection, byte[] ternary) {
    int batch = Math.toIntExact(ternary.length / unit.inputs());
    int[] numbers = new int[2 * batch];
    for (int i = 0; i < ternary.length; i++) {
      int row = Math.toIntExact(i / unit.inputs());
      numbers[2 * row] += ternary[i] > 0 ? 1 : 0;
      numbers[2 * row + 1] += ternary[i] < 0 ? 1 : 0;
    }
    unit.advance(projection);
    try (Scope scope = device.openScope("projection at a moment")) {
      Shape shape = new Shape(batch, unit.outputs());
      Tensor vectors = scope.allocate("vectors", new Shape(batch, unit.inputs()), DType.S8);
      Tensor counts = scope.allocate("counts", new Shape(batch, 2), DType.S32);
      Tensor rowScale = scope.allocate("row scale", Shape.vector(batch), DType.F32);
      Tensor signal = scope.allocate("signal", shape, DType.F32);
      StepControl control = new StepControl(device, scope);
      device.write(vectors, ternary);
      device.write(counts, numbers);
      device.eager().fill(rowScale, 1);
      control.begin(Optimizer.sgd(), 0, projection, 1);
      unit.issue(device.eager(), signal, vectors, counts, rowScale, control);
      float[] values = new float[shape.arrayLength()];
      device.read(signal, values);
      return values;
    }
  }

  /** Fields in fp32 of patterns behind a medium at a projection, laid out as {@link #fields}. */
  float[] realFields(Medium.Request request, long outputs, byte[] patterns, long projection) {
    long batch = patterns.length / request.inputs();
    try (Scope scope = device.openScope("fields")) {
      Medium medium = request.create(device, scope, outputs, PixelMap.PLAIN);
      if (medium.weights() != null) {
        device.write(medium.weights(), request.drift().weights(projection));
      }
      Shape shape = new Shape(batch, 2 * outputs);
      Tensor pattern = scope.allocate("patterns", new Shape(batch, request.inputs()), DType.S8);
      Tensor field = scope.allocate("fields", shape, DType.F32);
      device.write(pattern, patterns);
      device.eager().speckleField(field, pattern, medium.transmission(), PixelMap.PLAIN);
      float[] values = new float[shape.arrayLength()];
      device.read(field, values);
      return values;
    }
  }

  /** Entries in fp32 of a stored medium: rows of real parts, then rows of imaginary parts. */
  float[] entries(Medium.Request request, long outputs) {
    try (Scope scope = device.openScope("entries")) {
      Medium medium = request.create(device, scope, outputs, PixelMap.PLAIN);
      Tensor entries = ((Transmission.Stored) medium.transmission()).entries();
      float[] values = new float[entries.shape().arrayLength()];
      device.read(entries, values);
      return values;
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
