package dev.feedlight.device.cuda;

import dev.feedlight.device.Activation;
import dev.feedlight.device.StepControl;
import dev.feedlight.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The arguments of one kernel launch, in the kernel's order. {@link Launch#bind} turns them into
 * native memory once; replays allocate nothing.
 */
final class Arguments {
  /** Each argument has a place of its own: no kernel has one that is wider. */
  private static final int SLOT = Long.BYTES;

  private final List<Long> slots = new ArrayList<>();

  /** A pointer to the first element of a tensor; null gives a null pointer. */
  Arguments tensor(Tensor tensor) {
    return pointer(tensor == null ? 0 : tensor.address());
  }

  /** A pointer to the control words. */
  Arguments control(StepControl control) {
    return tensor(control.words());
  }

  /** A device address, 0 for a null pointer. */
  Arguments pointer(long address) {
    slots.add(address);
    return this;
  }

  /** A {@code long long} or {@code unsigned long long}. */
  Arguments s64(long value) {
    slots.add(value);
    return this;
  }

  /** The row stride of a tensor in elements; 0 for null. */
  Arguments stride(Tensor tensor) {
    return s64(tensor == null ? 0 : tensor.rowStride());
  }

  /** An {@code int}. */
  Arguments s32(int value) {
    slots.add(Integer.toUnsignedLong(value));
    return this;
  }

  /** The number of an activation in kernels/include/activation.cuh. */
  static int number(Activation activation) {
    return switch (activation) {
      case IDENTITY -> 0;
      case RELU -> 1;
      case TANH -> 2;
      case SIGMOID -> 3;
      case GELU -> 4;
    };
  }

  /** An {@code int}: the {@link #number} of an activation. */
  Arguments activation(Activation activation) {
    return s32(number(activation));
  }

  /** An {@code int}: 1 for true. */
  Arguments flag(boolean value) {
    return s32(value ? 1 : 0);
  }

  /** A {@code float}. */
  Arguments f32(float value) {
    return s32(Float.floatToRawIntBits(value));
  }

  /** How many there are. */
  int count() {
    return slots.size();
  }

  /**
   * What the driver reads: one address per argument, then the arguments.
   *
   * @param addressOf gives the address of a direct buffer
   * @return a direct buffer that must live as long as it is used
   */
  ByteBuffer block(ToLongFunction<ByteBuffer> addressOf) {
    int n = slots.size();
    ByteBuffer block =
        ByteBuffer.allocateDirect(2 * SLOT * Math.max(1, n)).order(ByteOrder.nativeOrder());
    long base = addressOf.applyAsLong(block) + (long) SLOT * n;
    for (int i = 0; i < n; i++) {
      block.putLong(SLOT * i, base + (long) SLOT * i);
      block.putLong(SLOT * (n + i), slots.get(i));
    }
    return block;
  }
}
