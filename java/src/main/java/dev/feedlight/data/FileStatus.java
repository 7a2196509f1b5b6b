package dev.feedlight.data;

import java.nio.file.Path;
import java.util.Locale;

/**
 * What a folder holds of a file.
 *
 * @param file the file
 * @param path where it is, or would be
 * @param state what is there
 * @param bytesThere the size of what is there: of the copy, or of the unfinished one; 0 if missing
 */
public record FileStatus(RemoteFile file, Path path, State state, long bytesThere) {
  /** What is there. */
  public enum State {
    /** Nothing. */
    MISSING,
    /** The beginning, from a fetch that did not end. */
    PARTIAL,
    /** Something else under the file's name. */
    DIFFERENT,
    /** The file: size and SHA-256 are right. */
    COMPLETE;

    /**
     * The name in messages and results.
     *
     * @return lower case
     */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Whether the file is there.
   *
   * @return whether size and checksum are right
   */
  public boolean complete() {
    return state == State.COMPLETE;
  }

  /** What is there, with the numbers. */
  @Override
  public String toString() {
    return switch (state) {
      case MISSING -> file.name() + " is missing";
      case PARTIAL ->
          file.name() + " is unfinished: " + bytesThere + " of " + file.bytes() + " bytes";
      case DIFFERENT ->
          bytesThere == file.bytes()
              ? path + " has the right size, but not the SHA-256 " + file.sha256()
              : path + " has " + bytesThere + " bytes, not " + file.bytes();
      case COMPLETE -> file.name() + " is there and right";
    };
  }
}
