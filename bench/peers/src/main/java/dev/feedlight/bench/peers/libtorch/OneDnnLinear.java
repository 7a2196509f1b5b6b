package dev.feedlight.bench.peers.libtorch;

import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.NumberType;
import org.bytedeco.pytorch.NumberTypePtr;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.OptionalType;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.Type;

/**
 * Products by the oneDNN inside libtorch. Its public operators use it for fp32 only on tensors of
 * an opaque layout; these two, of {@code torch.compile}, take any matrix and are found by name.
 * Results are new tensors; none can be passed in.
 */
final class OneDnnLinear {
  private static final String NAME = "mkldnn::_linear_pointwise";

  private final Dispatcher dispatcher = Dispatcher.singleton();
  private final OperatorHandle plain = dispatcher.findSchemaOrThrow(NAME, "");
  private final OperatorHandle withOther = dispatcher.findSchemaOrThrow(NAME, "binary");
  private final IValue nothing = new IValue();
  private final IValue identity = new IValue("none");
  private final IValue tanh = new IValue("tanh");
  private final IValue add = new IValue("add");
  private final IValue noScalars = new IValue(new GenericList(optionalNumber()));

  private static Type.TypePtr optionalNumber() {
    NumberType number = new NumberTypePtr(NumberType.getNumberIntTypePtr()).get();
    return OptionalType.get(new Type.TypePtr(number));
  }

  /** {@code x weight^T + bias}, then tanh if asked for; the caller's pointer scope owns it. */
  Tensor forward(Tensor x, Tensor weight, Tensor bias, boolean withTanh) {
    IValueVector stack =
        new IValueVector(
            new IValue(x),
            new IValue(weight),
            new IValue(bias),
            withTanh ? tanh : identity,
            noScalars,
            nothing);
    return call(plain, stack);
  }

  /** {@code x weight^T}. */
  Tensor product(Tensor x, Tensor weight) {
    IValueVector stack =
        new IValueVector(new IValue(x), new IValue(weight), nothing, identity, noScalars, nothing);
    return call(plain, stack);
  }

  /** {@code x weight^T + other}. */
  Tensor sum(Tensor x, Tensor weight, Tensor other) {
    IValueVector stack =
        new IValueVector(new IValue(x), new IValue(other), new IValue(weight), nothing, add);
    return call(withOther, stack);
  }

  private Tensor call(OperatorHandle operator, IValueVector stack) {
    dispatcher.callBoxed(operator, stack);
    return stack.get(0).toTensor();
  }
}
