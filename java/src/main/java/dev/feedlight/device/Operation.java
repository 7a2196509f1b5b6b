package dev.feedlight.device;

import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * One fused operation with its operands: immutable, checked by {@link Ops} when it was made. The
 * records below and those of {@link TrainingOperation}, {@link TransformerOperation} and {@link
 * OpticalOperation} are the list of kernels that every backend implements.
 *
 * <p>Matrices are row-major with one sample per row. Weights are {@code outputs x inputs}. Outputs
 * come first among the components, sizes follow from the shapes.
 */
public sealed interface Operation
    permits Operation.Fill,
        Operation.RandomFill,
        Operation.LinearForward,
        Operation.ActivationGradient,
        Operation.LinearBackwardInput,
        Operation.LinearUpdate,
        Operation.SoftmaxCrossEntropy,
        Operation.MeanSquaredError,
        Operation.FiniteCheck,
        TrainingOperation,
        TransformerOperation,
        OpticalOperation {
  /**
   * The records, one for each kernel.
   *
   * @return their classes
   */
  static List<Class<?>> kinds() {
    return kinds(Operation.class);
  }

  private static List<Class<?>> kinds(Class<?> sealed) {
    List<Class<?>> kinds = new ArrayList<>();
    for (Class<?> kind : sealed.getPermittedSubclasses()) {
      kinds.addAll(kind.isSealed() ? kinds(kind) : List.of(kind));
    }
    return kinds;
  }

  /**
   * Tensors whose contents matter to the result, parameters and their state included.
   *
   * @return the operands
   */
  List<Tensor> reads();

  /**
   * Tensors that are changed.
   *
   * @return the results
   */
  List<Tensor> writes();

  /**
   * Multiplications and additions of the products, each counted as one; elementwise work counts as
   * one per element.
   *
   * @return number of operations
   */
  long flops();

  /**
   * Bytes that must cross memory at least once: every operand read and every result written.
   *
   * @return bytes
   */
  default long bytes() {
    long sum = 0;
    for (Tensor tensor : reads()) {
      sum += tensor.bytes();
    }
    for (Tensor tensor : writes()) {
      sum += tensor.bytes();
    }
    return sum;
  }

  /**
   * {@code target = value} everywhere.
   *
   * @param target F32, contiguous
   * @param value any float
   */
  record Fill(Tensor target, float value) implements Operation {
    @Override
    public List<Tensor> reads() {
      return List.of();
    }

    @Override
    public List<Tensor> writes() {
      return List.of(target);
    }

    @Override
    public long flops() {
      return target.shape().elements();
    }
  }

  /**
   * Random numbers that depend on key and element number only: element i takes word i & 3 of the
   * Philox block with counter (i / 4 low, i / 4 high, 0, 0).
   *
   * @param target F32, contiguous
   * @param distribution uniform or normal
   * @param scale half width of the uniform law, standard deviation of the normal one
   * @param key Philox key
   */
  record RandomFill(Tensor target, Distribution distribution, float scale, long key)
      implements Operation {
    /** The law of one element, before scaling. */
    public enum Distribution {
      /** {@code (word >>> 8) 2^-23 - 1}: uniform in [-1, 1). */
      UNIFORM,
      /** {@link NormalTable}, indexed by the word's top 12 bits. */
      NORMAL
    }

    @Override
    public List<Tensor> reads() {
      return List.of();
    }

    @Override
    public List<Tensor> writes() {
      return List.of(target);
    }

    @Override
    public long flops() {
      return target.shape().elements();
    }
  }

  /**
   * {@code z = x W^T + b, y = f(z)}.
   *
   * @param y batch x outputs
   * @param preActivation z, kept when f' needs it, otherwise null
   * @param x batch x inputs
   * @param weight outputs x inputs
   * @param bias 1 x outputs, or null
   * @param activation f
   */
  record LinearForward(
      Tensor y,
      Tensor preActivation,
      Tensor x,
      Parameter weight,
      Parameter bias,
      Activation activation)
      implements Operation {
    @Override
    public List<Tensor> reads() {
      return present(x, weight.value(), bias == null ? null : bias.value());
    }

    @Override
    public List<Tensor> writes() {
      return present(y, preActivation);
    }

    @Override
    public long flops() {
      return 2 * x.rows() * x.columns() * y.columns();
    }
  }

  /**
   * {@code dz = dy * f'}, element by element; in place if both are the same tensor.
   *
   * @param dz batch x width
   * @param dy batch x width
   * @param saved f(z), or z where {@link Activation#gradientNeedsPreActivation()}; null for the
   *     identity
   * @param activation f
   */
  record ActivationGradient(Tensor dz, Tensor dy, Tensor saved, Activation activation)
      implements Operation {
    @Override
    public List<Tensor> reads() {
      return present(dy, saved);
    }

    @Override
    public List<Tensor> writes() {
      return List.of(dz);
    }

    @Override
    public long flops() {
      return dz.shape().elements();
    }
  }

  /**
   * {@code dx = (dz W) * f'}, where f is the activation that made x.
   *
   * @param dx batch x inputs
   * @param dz batch x outputs
   * @param weight outputs x inputs
   * @param saved as in {@link ActivationGradient}; null for the identity
   * @param activation f; identity for a plain product
   */
  record LinearBackwardInput(
      Tensor dx, Tensor dz, Parameter weight, Tensor saved, Activation activation)
      implements Operation {
    @Override
    public List<Tensor> reads() {
      return present(dz, weight.value(), saved);
    }

    @Override
    public List<Tensor> writes() {
      return List.of(dx);
    }

    @Override
    public long flops() {
      return 2 * dz.rows() * dz.columns() * dx.columns();
    }
  }

  /**
   * {@code dz = dy * f'; G = dz^T x; g = column sums of dz}; G and g go straight into the target.
   * With {@link UpdateTarget.Apply} no gradient is stored. Does nothing while {@link
   * StepControl#failure()} is set.
   *
   * @param weight outputs x inputs
   * @param bias 1 x outputs, or null
   * @param x batch x inputs, what the forward product read
   * @param dy batch x outputs
   * @param saved as in {@link ActivationGradient}; null for the identity
   * @param activation f
   * @param target optimizer or gradient
   * @param control learning rate and corrections
   */
  record LinearUpdate(
      Parameter weight,
      Parameter bias,
      Tensor x,
      Tensor dy,
      Tensor saved,
      Activation activation,
      UpdateTarget target,
      StepControl control)
      implements Operation {
    @Override
    public List<Tensor> reads() {
      List<Tensor> tensors = new ArrayList<>(present(x, dy, saved, control.words()));
      tensors.addAll(target.reads(weight, bias));
      return tensors;
    }

    @Override
    public List<Tensor> writes() {
      return target.writes(weight, bias);
    }

    @Override
    public long flops() {
      return 2 * x.rows() * x.columns() * dy.columns();
    }
  }

  /**
   * Mean over the batch of {@code -log softmax(logits)[label]}, and its gradient.
   *
   * @param loss 1 x 1, nats
   * @param error batch x classes: (softmax - one-hot) / batch
   * @param logits batch x classes
   * @param labels S32, 1 x batch, each in [0, classes); a label outside is refused when the
   *     operation runs, before anything is written for its row
   */
  record SoftmaxCrossEntropy(Tensor loss, Tensor error, Tensor logits, Tensor labels)
      implements Operation {
    @Override
    public List<Tensor> reads() {
      return List.of(logits, labels);
    }

    @Override
    public List<Tensor> writes() {
      return List.of(loss, error);
    }

    @Override
    public long flops() {
      return logits.shape().elements();
    }
  }

  /**
   * Mean over all elements of {@code weight (prediction - target)^2}, and its gradient.
   *
   * @param loss 1 x 1
   * @param error batch x outputs: 2 weight (prediction - target) / (batch outputs)
   * @param prediction batch x outputs
   * @param target batch x outputs
   * @param weights F32, rows x outputs: row r of the batch is weighted by row r mod rows, where
   *     rows divides the batch; null for weights of 1
   */
  record MeanSquaredError(
      Tensor loss, Tensor error, Tensor prediction, Tensor target, Tensor weights)
      implements Operation {
    @Override
    public List<Tensor> reads() {
      return present(prediction, target, weights);
    }

    @Override
    public List<Tensor> writes() {
      return List.of(loss, error);
    }

    @Override
    public long flops() {
      return prediction.shape().elements();
    }
  }

  /**
   * Sets the sticky failure of {@link StepControl} if a value is NaN or infinite and no failure is
   * set yet.
   *
   * @param values F32
   * @param block number that names the culprit
   * @param control where the failure is kept
   */
  record FiniteCheck(Tensor values, int block, StepControl control) implements Operation {
    @Override
    public List<Tensor> reads() {
      return List.of(values, control.words());
    }

    @Override
    public List<Tensor> writes() {
      return List.of(control.words());
    }

    @Override
    public long flops() {
      return values.shape().elements();
    }
  }

  /**
   * The kernel's name as in kernels/README.md: the record's name in snake case.
   *
   * @return for example {@code linear_forward}
   */
  default String kernel() {
    return getClass()
        .getSimpleName()
        .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
        .toLowerCase(Locale.ROOT);
  }

  private static List<Tensor> present(Tensor... tensors) {
    return Stream.of(tensors).filter(Objects::nonNull).toList();
  }

  /**
   * Element type of the arithmetic, for reports.
   *
   * @return S8 for products of mirrors and signed bytes, otherwise F32
   */
  default DType arithmetic() {
    return switch (this) {
      case OpticalOperation.SpeckleGenerate _ -> DType.S8;
      case OpticalOperation.SpeckleField field -> field.transmission().arithmetic();
      case OpticalOperation.SpeckleProject project -> project.transmission().arithmetic();
      default -> DType.F32;
    };
  }
}
