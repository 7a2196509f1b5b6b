package dev.feedlight.nn;

import dev.feedlight.device.AttentionLayout;
import dev.feedlight.device.AttentionLayout.Mask;

/**
 * Extents of a vision Transformer from maps to maps: patches are tokens that all see each other,
 * and the head gives each patch of the result from its own token.
 *
 * @param input maps that it takes
 * @param output maps that it gives, on the grid of the input
 * @param width of the residual stream, a multiple of the heads
 * @param layers of attention and MLP
 * @param exactLayers layers at the end that are one block with the head, trained by its exact
 *     gradient under every rule; at most all
 * @param heads of each layer
 * @param hidden width inside each MLP
 * @param residual how attention and MLP are added
 */
public record VitShape(
    PatchGrid input,
    PatchGrid output,
    long width,
    int layers,
    int exactLayers,
    long heads,
    long hidden,
    Residual residual)
    implements TransformerShape {
  /** Some hundred thousand parameters on 48 x 72 cells (ours): trains within a minute. */
  public static final VitShape TINY = onGrid(48, 72, 12, 96, 3, 1, 4, 192);

  /** 3.2 million parameters on 48 x 72 cells (ours): trains within minutes on a processor. */
  public static final VitShape MEDIUM = onGrid(48, 72, 8, 256, 6, 1, 8, 512);

  /**
   * 2.0e8 parameters on the paper's 96 x 144 cells, 1.34e8 of them in blocks that are fed by light:
   * the paper's two counts, and all that is known of its ViT. The shape is ours. With one layer in
   * the last block no network of equal layers and usual depth meets both counts, so here it has
   * four of twelve. (16 layers of width 1024 have 2.0e8 as well, 1.34e8 of them in their MLPs: the
   * paper may have counted those.)
   */
  public static final VitShape PAPER = onGrid(96, 144, 16, 1152, 12, 4, 18, 4864);

  /** Checks that the grids agree, all extents are positive and the width is whole heads. */
  public VitShape {
    if (input.height() != output.height()
        || input.width() != output.width()
        || input.patch() != output.patch()) {
      throw new IllegalArgumentException(
          "a ViT gives maps on the grid that it takes, not " + output + " from " + input);
    }
    if (width < 1 || layers < 1 || heads < 1 || hidden < 1) {
      throw new IllegalArgumentException(
          "extents of a ViT must be at least 1: width "
              + width
              + ", layers "
              + layers
              + ", heads "
              + heads
              + ", hidden "
              + hidden);
    }
    if (exactLayers < 1 || exactLayers > layers) {
      throw new IllegalArgumentException(
          "the last block of a ViT has 1 to all of its " + layers + " layers, not " + exactLayers);
    }
    if (width % heads != 0) {
      throw new IllegalArgumentException(
          "a width of " + width + " cannot be cut into " + heads + " heads");
    }
  }

  /** From the four forcings to one map, as in the paper. */
  private static VitShape onGrid(
      int height,
      int cells,
      int patch,
      long width,
      int layers,
      int exactLayers,
      long heads,
      long hidden) {
    return new VitShape(
        new PatchGrid(4, height, cells, patch),
        new PatchGrid(1, height, cells, patch),
        width,
        layers,
        exactLayers,
        heads,
        hidden,
        Residual.STANDARDIZED);
  }

  /**
   * The same network for other maps, cut into patches of the same size.
   *
   * @param channels maps that it takes
   * @param maps maps that it gives
   * @param height rows of cells
   * @param cells cells of a row
   * @return a shape
   * @throws dev.feedlight.tensor.ShapeException if the patches do not cover such maps
   */
  public VitShape on(int channels, int maps, int height, int cells) {
    return new VitShape(
        new PatchGrid(channels, height, cells, input.patch()),
        new PatchGrid(maps, height, cells, input.patch()),
        width,
        layers,
        exactLayers,
        heads,
        hidden,
        residual);
  }

  /**
   * The same with another sum.
   *
   * @param sum how attention and MLP are added
   * @return that shape
   */
  public VitShape withResidual(Residual sum) {
    return new VitShape(input, output, width, layers, exactLayers, heads, hidden, sum);
  }

  @Override
  public AttentionLayout attention() {
    return new AttentionLayout(heads, input.patches(), Mask.FULL);
  }

  @Override
  public long outputs() {
    return output.patchValues();
  }

  /** The matrix of patches, its bias, the table of positions. */
  @Override
  public long embeddingParameters() {
    return (input.patchValues() + 1L + input.patches()) * width;
  }

  /** Patches times matrix, the positions, and the number of the table's only row. */
  @Override
  public long embeddingValuesPerToken() {
    return 2 * width + 1;
  }
}
