package dev.feedlight.device.cuda;

import dev.feedlight.device.OpticalOperation;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The launches of one optical operation, in order. */
final class OpticLaunches {
  /** Threads of a block of the elementwise kernels. */
  static final int THREADS = 256;

  private final CudaContext context;
  private final OpticalOperation operation;
  private final List<Runnable> launches = new ArrayList<>();

  OpticLaunches(CudaContext context, OpticalOperation operation) {
    this.context = context;
    this.operation = operation;
  }

  CudaContext context() {
    return context;
  }

  void add(Launch launch, Arguments arguments) {
    launches.add(launch.bind(context, arguments, operation));
  }

  /** One thread for each of n elements. */
  void overElements(String module, String function, long n, Arguments arguments) {
    add(Launch.overElements(module, function, n, THREADS), arguments);
  }

  /** One block for each of n rows or tiles. */
  void overBlocks(String module, String function, long n, Arguments arguments) {
    add(Launch.overRows(module, function, n, THREADS), arguments);
  }

  /** All of them, one after the other. */
  Runnable sequence() {
    return launches.size() == 1
        ? launches.getFirst()
        : Launch.sequence(launches.toArray(Runnable[]::new));
  }

  /** Address of one element of a tensor. */
  static long at(Tensor tensor, long row, long column) {
    return tensor.address() + (row * tensor.rowStride() + column) * tensor.dtype().bytes();
  }

  /** Address of one element of the first row; 0 for an absent tensor. */
  static long optional(Tensor tensor, long row, long column) {
    return tensor == null ? 0 : at(tensor, row, column);
  }
}
