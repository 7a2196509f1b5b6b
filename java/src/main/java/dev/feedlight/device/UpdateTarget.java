package dev.feedlight.device;

import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Where the epilogue of a weight-gradient product goes. */
public sealed interface UpdateTarget {
  /**
   * What an update of parameters changes.
   *
   * @param parameters those that are updated; null stands for none
   * @return values and optimizer state, or gradients
   */
  List<Tensor> writes(Parameter... parameters);

  /**
   * What of {@link #writes} the update looks at before it changes it.
   *
   * @param parameters those that are updated; null stands for none
   * @return all of it or nothing
   */
  List<Tensor> reads(Parameter... parameters);

  /**
   * The default: the optimizer is applied to the tile while it is in registers or cache; the
   * gradient is never stored.
   *
   * @param optimizer the rule; each parameter must carry its state
   */
  record Apply(Optimizer optimizer) implements UpdateTarget {
    @Override
    public List<Tensor> writes(Parameter... parameters) {
      List<Tensor> tensors = new ArrayList<>();
      for (Parameter parameter : parameters) {
        if (parameter != null) {
          tensors.add(parameter.value());
          tensors.addAll(parameter.state());
        }
      }
      return tensors;
    }

    @Override
    public List<Tensor> reads(Parameter... parameters) {
      return writes(parameters);
    }
  }

  /**
   * The gradient is kept: {@code G = beta G + gradient}. For clipping, accumulation over
   * micro-batches, shared parameters and inspection. Costs one tensor of the parameter's shape.
   *
   * @param gradients where, for every parameter that is updated
   * @param beta 0 to overwrite, 1 to add
   */
  record Accumulate(Gradients gradients, float beta) implements UpdateTarget {
    @Override
    public List<Tensor> writes(Parameter... parameters) {
      List<Tensor> tensors = new ArrayList<>();
      for (Parameter parameter : parameters) {
        if (parameter != null) {
          tensors.add(gradients.of(parameter));
        }
      }
      return tensors;
    }

    @Override
    public List<Tensor> reads(Parameter... parameters) {
      return beta == 0 ? List.of() : writes(parameters);
    }
  }
}
