package dev.feedlight.bench.cli;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * Between Ctrl-C and a command that can end in good order: the command says what it needs for that,
 * and the process waits for it before it ends. One command runs at a time.
 */
public final class Interruption {
  /** Time in which a command must end at least (ours); what it needs by its own count is added. */
  private static final double LEAST_SECONDS = 30;

  private Running running;
  private volatile boolean requested;

  /** A command that ends in good order; closed when it has. */
  final class Running implements AutoCloseable {
    private final String promise;
    private final DoubleSupplier secondsNeeded;
    private final CountDownLatch ended = new CountDownLatch(1);

    private Running(String promise, DoubleSupplier secondsNeeded) {
      this.promise = promise;
      this.secondsNeeded = secondsNeeded;
    }

    @Override
    public void close() {
      ended.countDown();
      synchronized (Interruption.this) {
        running = null;
      }
    }
  }

  /**
   * Called by a command that looks at {@link #requested()} from now on.
   *
   * @param promise what it will do before it ends, for the user
   * @param secondsNeeded how long that may take; asked when it is due
   */
  synchronized Running begin(String promise, DoubleSupplier secondsNeeded) {
    running = new Running(promise, secondsNeeded);
    return running;
  }

  /** Whether the command should end. */
  boolean requested() {
    return requested;
  }

  private synchronized Running running() {
    requested = true;
    return running;
  }

  /**
   * Asks the command under way to end and waits until it has, but not for ever; called when the
   * process is told to end.
   *
   * @param err told what happens
   */
  public void endInOrder(PrintStream err) {
    Running command = running();
    if (command == null) {
      err.println("\nfeedlight: interrupted");
      return;
    }
    double limit = LEAST_SECONDS + Math.max(0, command.secondsNeeded.getAsDouble());
    err.println("\nfeedlight: interrupted: " + command.promise + "; Ctrl-C again ends at once");
    try {
      if (!command.ended.await((long) (1e3 * limit), TimeUnit.MILLISECONDS)) {
        err.printf("feedlight: gave up after %.0f s: what was not on disk is lost%n", limit);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
