package dev.feedlight.crash;

import java.io.IOException;
import java.nio.file.Path;

/** Watches the operations of a {@link WrappedFileSystem} and may make them fail. */
@FunctionalInterface
interface Disk {
  /** What can fail. */
  enum Operation {
    /** Opens a file to read. */
    READ,
    /** Lists a directory. */
    LIST,
    /** Opens a file to write, making it if it is not there. */
    CREATE,
    WRITE,
    FORCE,
    FORCE_DIRECTORY,
    CLOSE,
    CREATE_DIRECTORY,
    MOVE,
    DELETE;

    boolean changes() {
      return this != READ && this != LIST;
    }
  }

  /** Lets everything pass. */
  Disk SOUND = (_, _) -> {};

  /**
   * Called before each operation, which does not happen if this throws.
   *
   * @param operation what comes
   * @param path of what, or from where
   * @throws IOException if it shall fail
   */
  void before(Operation operation, Path path) throws IOException;

  /** Bytes of a write that are taken before it returns; the rest is for the next write. */
  default int taken(int bytes) {
    return bytes;
  }
}
