package dev.feedlight.io;

import java.util.List;

/** Row-major places of elements that come in column-major order, first index fastest. */
final class ColumnMajor {
  private final int[] extents;
  private final int[] strides;
  private final int[] index;
  private int place;

  /** For extents whose product fits an array. */
  ColumnMajor(List<Long> extents) {
    int rank = extents.size();
    this.extents = new int[rank];
    this.strides = new int[rank];
    this.index = new int[rank];
    int stride = 1;
    for (int d = rank - 1; d >= 0; d--) {
      this.extents[d] = Math.toIntExact(extents.get(d));
      strides[d] = stride;
      stride *= this.extents[d];
    }
  }

  /** The place of the next element. */
  int next() {
    int result = place;
    for (int d = 0; d < index.length; d++) {
      place += strides[d];
      index[d]++;
      if (index[d] < extents[d]) {
        break;
      }
      place -= strides[d] * extents[d];
      index[d] = 0;
    }
    return result;
  }
}
