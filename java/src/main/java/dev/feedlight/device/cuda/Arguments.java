package dev.feedlight.device.cuda;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Parameter;
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
  /** Each argument has a place of its own, and so has each member of a struct. */
  private static final int SLOT = Long.BYTES;

  private final List<Long> slots = new ArrayList<>();

  /** Where each argument begins. */
  private final List<Integer> starts = new ArrayList<>();

  /** A pointer to the first element of a tensor; null gives a null pointer. */
  Arguments tensor(Tensor tensor) {
    return pointer(tensor == null ? 0 : tensor.address());
  }

  /** A pointer to a parameter's values; null gives a null pointer. */
  Arguments parameter(Parameter parameter) {
    return tensor(parameter == null ? null : parameter.value());
  }

  /** A pointer to the control words; null gives a null pointer. */
  Arguments control(StepControl control) {
    return tensor(control == null ? null : control.words());
  }

  /** A device address, 0 for a null pointer. */
  Arguments pointer(long address) {
    return s64(address);
  }

  /** A {@code long long} or {@code unsigned long long}. */
  Arguments s64(long value) {
    starts.add(slots.size());
    slots.add(value);
    return this;
  }

  /** A struct whose members are aligned to eight bytes each. */
  Arguments struct(Arguments members) {
    starts.add(slots.size());
    slots.addAll(members.slots);
    return this;
  }

  /** The row stride of a tensor in elements; 0 for null. */
  Arguments stride(Tensor tensor) {
    return s64(tensor == null ? 0 : tensor.rowStride());
  }

  /** A pointer to the first element of a bf16 matrix; null gives a null pointer. */
  Arguments bf16(Bf16Matrix matrix) {
    return pointer(matrix == null ? 0 : matrix.address());
  }

  /** The row stride of a bf16 matrix in elements; 0 for null. */
  Arguments stride(Bf16Matrix matrix) {
    return s64(matrix == null ? 0 : matrix.stride());
  }

  /** An {@code int}. */
  Arguments s32(int value) {
    return s64(Integer.toUnsignedLong(value));
  }

  private static int number(Activation activation) {
    return switch (activation) {
      case IDENTITY -> 0;
      case RELU -> 1;
      case TANH -> 2;
      case SIGMOID -> 3;
      case GELU -> 4;
    };
  }

  /** An {@code int}: the number of an activation in kernels/include/activation.cuh. */
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
    return starts.size();
  }

  /** Eight bytes each that they take. */
  int words() {
    return slots.size();
  }

  /** As they lie one after the other, for structs in a table of the device. */
  byte[] bytes() {
    ByteBuffer bytes = ByteBuffer.allocate(SLOT * slots.size()).order(ByteOrder.nativeOrder());
    slots.forEach(bytes::putLong);
    return bytes.array();
  }

  /**
   * What the driver reads: one address per argument, then the arguments.
   *
   * @param addressOf gives the address of a direct buffer
   * @return a direct buffer that must live as long as it is used
   */
  ByteBuffer block(ToLongFunction<ByteBuffer> addressOf) {
    int addresses = SLOT * starts.size();
    ByteBuffer block =
        ByteBuffer.allocateDirect(Math.max(SLOT, addresses + SLOT * slots.size()))
            .order(ByteOrder.nativeOrder());
    long base = addressOf.applyAsLong(block) + addresses;
    for (int start : starts) {
      block.putLong(base + (long) SLOT * start);
    }
    for (long slot : slots) {
      block.putLong(slot);
    }
    block.clear();
    return block;
  }
}
