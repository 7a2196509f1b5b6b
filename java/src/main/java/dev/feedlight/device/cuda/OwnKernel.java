package dev.feedlight.device.cuda;

import dev.feedlight.device.cuda.ProductTable.Direction;

/**
 * Which of our kernels serve a dense product in fp32 as layers run it. A measured time speaks only
 * for products that the same kernel serves.
 */
enum OwnKernel {
  /** {@link FewSamples}. */
  FEW_SAMPLES("few samples"),
  /** {@link NarrowLayers}, which have no product backward. */
  NARROW_LAYERS("narrow layers"),
  /** {@link ProductTiles}. */
  TILES("tiles");

  private final String words;

  OwnKernel(String words) {
    this.words = words;
  }

  /**
   * The kernel of a product.
   *
   * @param direction which product
   * @param batch samples
   * @param inputs of the layer
   * @param outputs of the layer
   * @param mostSharedBytes shared memory that a block may have on the GPU
   */
  static OwnKernel of(
      Direction direction, long batch, long inputs, long outputs, int mostSharedBytes) {
    if (FewSamples.serve(batch, inputs, outputs)) {
      return FEW_SAMPLES;
    }
    return direction == Direction.FORWARD
            && NarrowLayers.serve(batch, inputs, outputs, mostSharedBytes)
        ? NARROW_LAYERS
        : TILES;
  }

  /** The same of the product that a row is about. */
  static OwnKernel of(ProductTable.Row row, int mostSharedBytes) {
    return of(row.direction(), row.batch(), row.inputs(), row.outputs(), mostSharedBytes);
  }

  /** Whether there are such products. */
  boolean has(Direction direction) {
    return this != NARROW_LAYERS || direction == Direction.FORWARD;
  }

  /** For people. */
  @Override
  public String toString() {
    return words;
  }
}
