package dev.feedlight.device.cuda;

import dev.feedlight.device.DeviceMemory;
import dev.feedlight.device.Operation;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Storage;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Copies of weights in bf16, which products by wgmma read. The weights themselves stay fp32 and are
 * what everyone else sees. A copy lies in the scope of its weight and goes with it.
 *
 * <p>An update writes a copy with its weight. Everything else that writes a weight leaves its copy
 * stale, until one launch makes it anew before the next operation or plan that needs it.
 */
final class WeightCopies {
  private final CudaContext context;
  private final DeviceMemory memory;
  private final Map<Storage, List<Copy>> copies = new IdentityHashMap<>();
  private int count;

  WeightCopies(CudaContext context, DeviceMemory memory) {
    this.context = context;
    this.memory = memory;
  }

  /** The copy of one weight. */
  static final class Copy {
    private final Tensor weight;
    private final Bf16Matrix matrix;
    private final Runnable rounding;
    private boolean fresh;

    private Copy(Tensor weight, Bf16Matrix matrix, Runnable rounding) {
      this.weight = weight;
      this.matrix = matrix;
      this.rounding = rounding;
    }

    /** Where it lies. */
    Bf16Matrix matrix() {
      return matrix;
    }

    /** Launches what makes it; for use in a plan, after what writes the weight. */
    Runnable rounding() {
      return rounding;
    }

    private void refresh() {
      if (!fresh) {
        rounding.run();
        fresh = true;
      }
    }
  }

  /**
   * The copy of a weight, stale if it is new.
   *
   * @param weight outputs x inputs, dense
   * @param operation that asks, for messages
   */
  Copy of(Tensor weight, Operation operation) {
    List<Copy> ofStorage = copies.get(weight.storage());
    if (ofStorage != null) {
      for (Copy copy : ofStorage) {
        if (copy.weight.equals(weight)) {
          return copy;
        }
      }
    }
    copies.keySet().removeIf(WeightCopies::freed);
    long bytes = Bf16Matrix.bytes(weight.rows(), weight.columns());
    Tensor bf16 = memory.allocateBeside(weight, "bf16 copy", Shape.vector(bytes), DType.U8);
    Bf16Matrix matrix = new Bf16Matrix(bf16.address(), weight.rows(), weight.columns());
    Copy copy = new Copy(weight, matrix, Rounding.of(matrix, weight).bind(context, operation));
    copies.computeIfAbsent(weight.storage(), _ -> new ArrayList<>()).add(copy);
    count++;
    return copy;
  }

  private static boolean freed(Storage storage) {
    try {
      storage.address();
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  /** Somebody has written a tensor. */
  void written(Tensor tensor) {
    touched(List.of(tensor)).forEach(copy -> copy.fresh = false);
  }

  private Set<Copy> touched(List<Tensor> written) {
    Set<Copy> touched = new LinkedHashSet<>();
    for (Tensor tensor : written) {
      for (Copy copy : copies.getOrDefault(tensor.storage(), List.of())) {
        if (copy.weight.overlaps(tensor)) {
          touched.add(copy);
        }
      }
    }
    return touched;
  }

  /** The weight whose copy an operation reads, or writes with it; null for others. */
  private static Tensor weight(Operation operation) {
    return switch (operation) {
      case Operation.LinearForward op -> op.weight().value();
      case Operation.LinearBackwardInput op -> op.weight().value();
      case Operation.LinearUpdate op when op.target() instanceof UpdateTarget.Apply ->
          op.weight().value();
      default -> null;
    };
  }

  /** What an operation writes without the copy of it. */
  private static List<Tensor> writtenBeside(Operation operation) {
    Tensor weight = operation instanceof Operation.LinearUpdate ? weight(operation) : null;
    return operation.writes().stream().filter(tensor -> !tensor.equals(weight)).toList();
  }

  /** What must be done for the copies around operations, each time that they run. */
  Upkeep upkeep(List<Operation> operations) {
    return new Upkeep(operations);
  }

  /** See {@link #upkeep}; allocates nothing once no copy is new. */
  final class Upkeep {
    private final List<Tensor> written = new ArrayList<>();
    private final Copy[] needed;
    private final Set<Copy> kept = new LinkedHashSet<>();
    private Copy[] leftStale = {};
    private int known;

    private Upkeep(List<Operation> operations) {
      for (Operation operation : operations) {
        Tensor weight = weight(operation);
        if (weight != null) {
          kept.add(of(weight, operation));
        }
        written.addAll(writtenBeside(operation));
      }
      needed = kept.toArray(Copy[]::new);
    }

    /** Those of the copies in use that an operation leaves stale. */
    List<Copy> stale(Operation operation) {
      return touched(writtenBeside(operation)).stream().filter(kept::contains).toList();
    }

    /** Before the operations run: makes what they need. */
    void before() {
      for (Copy copy : needed) {
        copy.refresh();
      }
    }

    /**
     * After them: notes what is stale.
     *
     * @param refreshed whether the operations themselves have made anew what they left {@link
     *     #stale}
     */
    void after(boolean refreshed) {
      if (known != count) {
        leftStale =
            touched(written).stream()
                .filter(copy -> !refreshed || !kept.contains(copy))
                .toArray(Copy[]::new);
        known = count;
      }
      for (Copy copy : leftStale) {
        copy.fresh = false;
      }
    }
  }
}
