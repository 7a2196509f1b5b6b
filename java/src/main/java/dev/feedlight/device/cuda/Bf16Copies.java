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
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Copies of tensors in bf16, which products by wgmma read. The tensors themselves stay fp32 and are
 * what everyone else sees. A copy lies in the scope of its tensor and goes with it. Weights have
 * one; in a plan also what is multiplied with them, while an operation that runs alone rounds that
 * to scratch.
 *
 * <p>A product writes the copy of its result, and an update that of its weight, with the tensor.
 * After everything else that writes a tensor its copy is made anew: within a plan at once, outside
 * before the next operation or plan that needs it.
 */
final class Bf16Copies {
  private final CudaContext context;
  private final DeviceMemory memory;
  private final Predicate<Operation> elsewhere;
  private final IdentityHashMap<Storage, List<Copy>> copies = new IdentityHashMap<>();
  private int count;

  /**
   * No copies yet.
   *
   * @param memory of the device
   * @param elsewhere which products know nothing of copies
   */
  Bf16Copies(CudaContext context, DeviceMemory memory, Predicate<Operation> elsewhere) {
    this.context = context;
    this.memory = memory;
    this.elsewhere = elsewhere;
  }

  /** The copy of one tensor, with what makes it. */
  private static final class Copy {
    final Tensor tensor;
    final Bf16Matrix matrix;
    final Runnable rounding;
    boolean fresh;

    Copy(Tensor tensor, Bf16Matrix matrix, Runnable rounding) {
      this.tensor = tensor;
      this.matrix = matrix;
      this.rounding = rounding;
    }

    void refresh() {
      if (!fresh) {
        rounding.run();
        fresh = true;
      }
    }
  }

  /** The copy of a tensor, which is stale if it is new. */
  private Copy of(Tensor tensor, Operation operation) {
    for (Copy copy : copies.getOrDefault(tensor.storage(), List.of())) {
      if (copy.tensor.equals(tensor)) {
        return copy;
      }
    }
    copies.keySet().removeIf(Bf16Copies::freed);
    long bytes = Bf16Matrix.bytes(tensor.rows(), tensor.columns());
    Tensor bf16 = memory.allocateBeside(tensor, "bf16 copy", Shape.vector(bytes), DType.U8);
    Bf16Matrix matrix = new Bf16Matrix(bf16.address(), tensor.rows(), tensor.columns());
    Copy copy = new Copy(tensor, matrix, Rounding.of(matrix, tensor).bind(context, operation));
    copies.computeIfAbsent(tensor.storage(), _ -> new ArrayList<>()).add(copy);
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

  private Set<Copy> touched(List<Tensor> written) {
    Set<Copy> touched = new LinkedHashSet<>();
    for (Tensor tensor : written) {
      for (Copy copy : copies.getOrDefault(tensor.storage(), List.of())) {
        if (copy.tensor.overlaps(tensor)) {
          touched.add(copy);
        }
      }
    }
    return touched;
  }

  /** The host has written a tensor. */
  void written(Tensor tensor) {
    touched(List.of(tensor)).forEach(copy -> copy.fresh = false);
  }

  /** The weight that an operation multiplies with, or updates; null for others. */
  private Tensor weight(Operation operation) {
    return elsewhere.test(operation) ? null : weightOf(operation);
  }

  private static Tensor weightOf(Operation operation) {
    return switch (operation) {
      case Operation.LinearForward op -> op.weight().value();
      case Operation.LinearBackwardInput op -> op.weight().value();
      case Operation.LinearUpdate op when op.target() instanceof UpdateTarget.Apply ->
          op.weight().value();
      default -> null;
    };
  }

  /** What an operation multiplies beside the weight, as it is. */
  private List<Tensor> operands(Operation operation) {
    return switch (operation) {
      case Operation op when elsewhere.test(op) -> List.of();
      case Operation.LinearForward op -> List.of(op.x());
      case Operation.LinearBackwardInput op -> List.of(op.dz());
      case Operation.LinearUpdate op ->
          op.saved() == null ? List.of(op.x(), op.dy()) : List.of(op.x());
      default -> List.of();
    };
  }

  /** What an operation writes with its copy, if it has one; null for others. */
  private Tensor result(Operation operation) {
    return switch (operation) {
      case Operation op when elsewhere.test(op) -> null;
      case Operation.LinearForward op -> op.y();
      case Operation.LinearBackwardInput op -> op.dx();
      case Operation.LinearUpdate op -> weightOf(op);
      default -> null;
    };
  }

  /** An operation that runs alone. */
  Use alone(Operation operation) {
    return new Use(List.of(operation), false);
  }

  /** Operations of a plan, in its order. */
  Use inPlan(List<Operation> operations) {
    return new Use(operations, true);
  }

  /** The copies that operations use, and what must be done for them each time that these run. */
  final class Use {
    private final List<Operation> operations;
    private final boolean plan;
    private final Set<Copy> used = new LinkedHashSet<>();
    private final Copy[] needed;
    private Copy[] leftStale = {};
    private int known;

    private Use(List<Operation> operations, boolean plan) {
      this.operations = operations;
      this.plan = plan;
      for (Operation operation : operations) {
        Tensor weight = weight(operation);
        if (weight != null) {
          used.add(of(weight, operation));
        }
        if (plan) {
          operands(operation).forEach(tensor -> used.add(of(tensor, operation)));
        }
      }
      this.needed = used.toArray(Copy[]::new);
    }

    /** The copy of a tensor; null if these operations have none. */
    Bf16Matrix of(Tensor tensor) {
      return copies.getOrDefault(tensor.storage(), List.of()).stream()
          .filter(copy -> used.contains(copy) && copy.tensor.equals(tensor))
          .map(copy -> copy.matrix)
          .findFirst()
          .orElse(null);
    }

    private Copy of(Tensor tensor, Operation operation) {
      return Bf16Copies.this.of(tensor, operation);
    }

    private Stream<Copy> stale(Operation operation) {
      Tensor result = result(operation);
      return touched(operation.writes()).stream()
          .filter(copy -> !(used.contains(copy) && copy.tensor.equals(result)));
    }

    /** What makes those copies anew that an operation of a plan leaves stale, to follow it. */
    List<Runnable> roundings(Operation operation) {
      return stale(operation).filter(used::contains).map(copy -> copy.rounding).toList();
    }

    /** Before the operations run: makes the copies that are stale. */
    void before() {
      for (Copy copy : needed) {
        copy.refresh();
      }
    }

    /** After them: notes what is stale. Allocates nothing as long as there are no new copies. */
    void after() {
      if (known != count) {
        leftStale =
            operations.stream()
                .flatMap(this::stale)
                .filter(copy -> !(plan && used.contains(copy)))
                .distinct()
                .toArray(Copy[]::new);
        known = count;
      }
      for (Copy copy : leftStale) {
        copy.fresh = false;
      }
    }
  }
}
