package dev.feedlight.nn;

import java.util.List;

/**
 * Widths of a fully connected network from maps to maps.
 *
 * @param inputs numbers of an example
 * @param hidden widths of the hidden layers, first to last
 * @param outputs numbers that it gives
 * @param exactLayers layers at the end that are one block, trained by its exact gradient under
 *     every rule; at most all
 */
public record FcnnShape(long inputs, List<Long> hidden, long outputs, int exactLayers) {
  /** 1.6 million parameters on 48 x 72 cells (ours). */
  public static final FcnnShape TINY =
      new FcnnShape(4 * 48 * 72, List.of(96L, 80L, 64L), 48 * 72, 2);

  /** 17 million parameters on 48 x 72 cells (ours). */
  public static final FcnnShape MEDIUM =
      new FcnnShape(4 * 48 * 72, List.of(1024L, 768L, 512L), 48 * 72, 2);

  /**
   * 1.300e9 parameters on the paper's 96 x 144 cells, 1.030e9 of them in blocks that are fed by
   * light: the paper's two counts for four layers with narrowing hidden ones. The widths are ours;
   * with one layer in the last block none that narrow meet both, so here it has two.
   */
  public static final FcnnShape PAPER =
      new FcnnShape(4 * 96 * 144, List.of(15_040L, 13_200L, 10_000L), 96 * 144, 2);

  /** Checks that all widths are positive and copies the list. */
  public FcnnShape {
    hidden = List.copyOf(hidden);
    if (inputs < 1 || outputs < 1 || hidden.stream().anyMatch(width -> width < 1)) {
      throw new IllegalArgumentException(
          "widths must be at least 1, not " + inputs + ", " + hidden + ", " + outputs);
    }
    if (exactLayers < 1 || exactLayers > hidden.size() + 1) {
      throw new IllegalArgumentException(
          "the last block has 1 to all of the "
              + (hidden.size() + 1)
              + " layers, not "
              + exactLayers);
    }
  }

  /**
   * The same hidden layers for other maps.
   *
   * @param newInputs numbers of an example
   * @param newOutputs numbers that it gives
   * @return a shape
   */
  public FcnnShape on(long newInputs, long newOutputs) {
    return new FcnnShape(newInputs, hidden, newOutputs, exactLayers);
  }

  /**
   * Weights and biases of a layer.
   *
   * @param layer from 0 to the number of hidden layers
   * @return how many
   */
  public long parameters(int layer) {
    return Dense.parameterCount(
        layer == 0 ? inputs : hidden.get(layer - 1),
        layer == hidden.size() ? outputs : hidden.get(layer));
  }

  /**
   * All weights and biases.
   *
   * @return how many
   */
  public long parameters() {
    return first(hidden.size() + 1);
  }

  /**
   * Those of all blocks that get a projected signal: of all layers before the last block.
   *
   * @return how many
   */
  public long fedParameters() {
    return first(hidden.size() + 1 - exactLayers);
  }

  private long first(int layers) {
    long sum = 0;
    for (int i = 0; i < layers; i++) {
      sum = Math.addExact(sum, parameters(i));
    }
    return sum;
  }
}
