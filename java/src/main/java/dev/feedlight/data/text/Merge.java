package dev.feedlight.data.text;

/**
 * Two tokens that stand side by side and become one.
 *
 * @param left number of the first
 * @param right number of the second
 * @param result number of the token that takes their place
 */
record Merge(int left, int right, int result) {
  /** Both parts as one number, which orders pairs by their first part and then by their second. */
  static long pair(int left, int right) {
    return (long) left << Integer.SIZE | right;
  }

  /** The first part of a pair. */
  static int left(long pair) {
    return (int) (pair >>> Integer.SIZE);
  }

  /** The second part of a pair. */
  static int right(long pair) {
    return (int) pair;
  }

  long pair() {
    return pair(left, right);
  }
}
