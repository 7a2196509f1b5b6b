package dev.feedlight.crash;

import java.io.IOException;
import java.nio.file.Path;

/** Fails from one operation on, counted from 1. */
final class FailingDisk implements Disk {
  /** How. */
  enum Kind {
    /** That operation, and none after it. */
    ONCE,
    /** That operation and all after it: the machine is gone. */
    FOR_GOOD,
    /** That and all later operations that need space; a write is first taken by half. */
    FULL
  }

  private final Kind kind;
  private final int failing;
  private int operations;
  private boolean shortWrite;
  private Operation failed;

  FailingDisk(Kind kind, int failing) {
    this.kind = kind;
    this.failing = failing;
  }

  /** The first operation that failed; null if none did. */
  Operation failed() {
    return failed;
  }

  @Override
  public void before(Operation operation, Path path) throws IOException {
    if (!operation.changes() && failed == null) {
      return;
    }
    operations++;
    boolean fails =
        switch (kind) {
          case ONCE -> operations == failing;
          case FOR_GOOD -> operations >= failing;
          case FULL -> operations >= failing && needsSpace(operation);
        };
    if (!fails) {
      return;
    }
    if (kind == Kind.FULL && operation == Operation.WRITE && failed == null) {
      failed = operation;
      shortWrite = true;
      return;
    }
    failed = failed == null ? operation : failed;
    throw new IOException(kind == Kind.FULL ? "No space left on device" : "broken on purpose");
  }

  private static boolean needsSpace(Operation operation) {
    return operation == Operation.WRITE
        || operation == Operation.CREATE
        || operation == Operation.CREATE_DIRECTORY;
  }

  @Override
  public int taken(int bytes) {
    if (shortWrite) {
      shortWrite = false;
      return bytes / 2;
    }
    return bytes;
  }
}
