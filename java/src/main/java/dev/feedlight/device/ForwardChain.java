package dev.feedlight.device;

import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Neighbouring layers of a plan, each of which reads what the one before wrote, with the checks of
 * their results: the forward pass of a net. A device may run them together, sample by sample.
 *
 * @param layers in order, at least one
 * @param control what the checks look at; null if no layer is checked
 */
public record ForwardChain(List<Layer> layers, StepControl control) {
  /**
   * A layer.
   *
   * @param forward its product
   * @param block number that a check of its result reports, or {@link #UNCHECKED}
   */
  public record Layer(Operation.LinearForward forward, int block) {
    /** Of a layer whose result nobody checks. */
    public static final int UNCHECKED = -1;
  }

  /** Copies the list. */
  public ForwardChain {
    layers = List.copyOf(layers);
  }

  /**
   * One layer by itself, whose result nobody checks.
   *
   * @param forward its product
   */
  public static ForwardChain of(Operation.LinearForward forward) {
    return new ForwardChain(List.of(new Layer(forward, Layer.UNCHECKED)), null);
  }

  /**
   * The longest chain that begins at an operation. Samples do not meet in it: no layer writes where
   * another one of the chain reads or writes, but that each reads the result before.
   *
   * @param operations of a plan, in its order
   * @param from where the chain begins
   * @param fits which layers may be in it
   * @return the chain, or null if the operation there is no such layer
   */
  public static ForwardChain at(
      List<Operation> operations, int from, Predicate<Operation.LinearForward> fits) {
    List<Layer> layers = new ArrayList<>();
    List<Tensor> touched = new ArrayList<>();
    List<Tensor> written = new ArrayList<>();
    StepControl control = null;
    Tensor result = null;
    int i = from;
    while (i < operations.size()
        && operations.get(i) instanceof Operation.LinearForward forward
        && fits.test(forward)
        && (result == null || forward.x().equals(result))
        && !overlaps(forward.writes(), touched)
        && !overlaps(weights(forward), written)) {
      i++;
      result = forward.y();
      touched.addAll(forward.reads());
      touched.addAll(forward.writes());
      written.addAll(forward.writes());
      int block = Layer.UNCHECKED;
      if (i < operations.size()
          && operations.get(i) instanceof Operation.FiniteCheck check
          && check.values().equals(result)
          && (control == null || check.control().equals(control))) {
        control = check.control();
        block = check.block();
        i++;
      }
      layers.add(new Layer(forward, block));
    }
    return layers.isEmpty() ? null : new ForwardChain(layers, control);
  }

  /** Its first layer and the check of that, if there is one. */
  public ForwardChain first() {
    Layer layer = layers.getFirst();
    return new ForwardChain(List.of(layer), layer.block == Layer.UNCHECKED ? null : control);
  }

  /** How many operations of the plan it is. */
  public int operations() {
    long checks = layers.stream().filter(layer -> layer.block != Layer.UNCHECKED).count();
    return Math.toIntExact(layers.size() + checks);
  }

  private static List<Tensor> weights(Operation.LinearForward forward) {
    return forward.reads().stream().filter(tensor -> !tensor.equals(forward.x())).toList();
  }

  private static boolean overlaps(List<Tensor> some, List<Tensor> others) {
    return some.stream().anyMatch(one -> others.stream().anyMatch(one::overlaps));
  }
}
