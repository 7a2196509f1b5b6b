package dev.feedlight.selftest;

import java.util.List;

/**
 * Extents of a linear layer.
 *
 * @param batch samples
 * @param inputs columns of x
 * @param outputs columns of y
 */
record LinearShape(int batch, int inputs, int outputs) {
  /** 1, odd, prime, around powers of two. */
  static final List<LinearShape> SMALL =
      List.of(
          new LinearShape(1, 1, 1),
          new LinearShape(1, 7, 5),
          new LinearShape(2, 13, 1),
          new LinearShape(3, 1, 11),
          new LinearShape(5, 17, 31),
          new LinearShape(16, 16, 16),
          new LinearShape(31, 33, 65),
          new LinearShape(33, 63, 17),
          new LinearShape(64, 129, 127));

  /** Few samples, for which kernels may go another way: by rows of four and not, long and short. */
  static final List<LinearShape> FEW =
      List.of(
          new LinearShape(1, 1036, 131),
          new LinearShape(1, 20, 601),
          new LinearShape(5, 133, 260),
          new LinearShape(8, 1036, 131));

  /** More than one tile, and for the products' inner extents more than one panel, in each way. */
  static final LinearShape LARGE = new LinearShape(67, 523, 257);

  /**
   * So wide that on a GPU of 106 to 134 multiprocessors each kernel by wgmma has a case: tiles of
   * 96 and of 128 columns are made where those of 64 need a second round. Small layers get 64.
   */
  static final List<LinearShape> WIDE =
      List.of(new LinearShape(11, 20, 8600), new LinearShape(11, 20, 13_500));

  /** So many samples that an update by wgmma goes round its stages more than once. */
  static final LinearShape DEEP = new LinearShape(461, 70, 131);

  /** The layer in the other direction. */
  LinearShape turned() {
    return new LinearShape(batch, /* inputs= */ outputs, /* outputs= */ inputs);
  }

  @Override
  public String toString() {
    return batch + " x " + inputs + " -> " + outputs;
  }
}
