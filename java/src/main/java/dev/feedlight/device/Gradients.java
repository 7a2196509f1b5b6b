package dev.feedlight.device;

import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tensors that keep gradients, one per parameter and of its shape: where {@link
 * UpdateTarget.Accumulate} puts them and {@link TrainingOperation.ApplyGradient} finds them. There
 * may be several sets for one network.
 *
 * @param tensors F32, dense, by parameter
 */
public record Gradients(Map<Parameter, Tensor> tensors) {
  /** Copies the map. */
  public Gradients {
    tensors = Map.copyOf(tensors);
  }

  /**
   * Allocates a tensor for each parameter; the contents are undefined until written.
   *
   * @param scope owns the tensors
   * @param parameters whose gradients are kept
   * @return the set
   */
  public static Gradients allocate(Scope scope, List<Parameter> parameters) {
    Map<Parameter, Tensor> tensors = new LinkedHashMap<>();
    for (Parameter parameter : parameters) {
      tensors.put(
          parameter, scope.allocate(parameter.name() + ".gradient", parameter.shape(), DType.F32));
    }
    return new Gradients(tensors);
  }

  /**
   * The tensor of one parameter.
   *
   * @param parameter of the set
   * @return its gradient
   * @throws ShapeException if the set has none for it
   */
  public Tensor of(Parameter parameter) {
    Tensor tensor = tensors.get(parameter);
    if (tensor == null) {
      throw new ShapeException(
          "no gradient is kept for parameter "
              + parameter.name()
              + "; gradients kept: "
              + tensors.size());
    }
    return tensor;
  }
}
