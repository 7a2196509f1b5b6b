package dev.feedlight.data.text;

import java.util.Arrays;

/** Numbers of tokens, of which there come ever more. */
final class TokenBuffer {
  private int[] ids = new int[64];
  private int size;

  void addAll(int[] more) {
    if (more.length > ids.length - size) {
      ids = Arrays.copyOf(ids, grown(Math.addExact(size, more.length)));
    }
    System.arraycopy(more, 0, ids, size, more.length);
    size += more.length;
  }

  private static int grown(int needed) {
    return (int) Math.min(Integer.MAX_VALUE - 8L, needed + (needed >> 1) + 16L);
  }

  int[] toArray() {
    return Arrays.copyOf(ids, size);
  }
}
