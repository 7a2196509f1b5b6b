package dev.feedlight.device.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Renames a library that a shared library in ELF needs, where the version of its symbols has the
 * same name, as in {@code libcublas.so.12}: one string, and the hash by which the loader compares
 * versions. Both names are equally long, so nothing moves.
 */
final class NeededLibrary {
  private static final int ALIGNMENT = 4;

  private NeededLibrary() {}

  /**
   * Renames.
   *
   * @param library a whole shared library; not changed
   * @param before name of what it needs and of the version of its symbols
   * @param after the other name, as long
   * @return the changed copy
   * @throws CudaException if either is not there exactly once
   */
  static byte[] rename(byte[] library, String before, String after) {
    if (before.length() != after.length()) {
      throw new IllegalArgumentException(after + " is not as long as " + before);
    }
    byte[] changed = library.clone();
    // A whole string of the table, not the end of a longer one.
    byte[] name = ("\0" + before + "\0").getBytes(StandardCharsets.US_ASCII);
    byte[] newName = ("\0" + after + "\0").getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(newName, 0, changed, only(library, name, 1, before), newName.length);
    byte[] hash = littleEndian(hash(before));
    int at = only(library, hash, ALIGNMENT, "the hash of " + before);
    System.arraycopy(littleEndian(hash(after)), 0, changed, at, hash.length);
    return changed;
  }

  /** Where the bytes are, if they are there once. */
  private static int only(byte[] library, byte[] wanted, int alignment, String what) {
    int found = -1;
    int count = 0;
    for (int at = 0; at + wanted.length <= library.length; at += alignment) {
      int same = 0;
      while (same < wanted.length && library[at + same] == wanted[same]) {
        same++;
      }
      if (same == wanted.length) {
        found = at;
        count++;
      }
    }
    if (count != 1) {
      throw new CudaException(
          "JCuda's library for cuBLAS cannot be changed for another version: "
              + what
              + " is in it "
              + count
              + " times",
          "install cuBLAS 12");
    }
    return found;
  }

  private static byte[] littleEndian(int value) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  /** The hash of the System V ABI. */
  static int hash(String name) {
    int hash = 0;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash << 4) + name.charAt(i);
      int high = hash & 0xF0000000;
      hash = (hash ^ high >>> 24) & ~high;
    }
    return hash;
  }
}
