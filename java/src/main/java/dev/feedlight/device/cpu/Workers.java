package dev.feedlight.device.cpu;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed team for fork and join: the caller is thread 0, the others are daemons. A task has one
 * part per thread number, and parts must not wait for each other.
 *
 * <p>Waiting threads spin for a short time, so that one step's operations follow each other within
 * a fraction of a microsecond, and then sleep, so that an idle engine costs nothing. A caller that
 * has finished its own part also runs the parts whose threads have not begun, so that a thread
 * which gets no core on a loaded machine is not waited for. Who runs a part changes nothing about
 * it: results depend on the part's number only.
 */
final class Workers implements AutoCloseable {
  /** How long a thread spins before it sleeps; ours: longer than Java code between two products. */
  private static final long SPIN_NANOS = 40_000;

  /** Spins between two looks at the clock, which costs about 25 ns. */
  private static final int SPINS_PER_LOOK = 32;

  /** Work in as many parts as there are threads. */
  @FunctionalInterface
  interface Task {
    /**
     * Runs one part.
     *
     * @param thread number of the part, 0 .. threads - 1; each runs once, on one thread at a time
     * @param threads size of the team
     */
    void run(int thread, int threads);
  }

  private final int threads;
  private final Member[] members;
  private final AtomicBoolean busy = new AtomicBoolean();
  private volatile Thread sleepingCaller;
  private volatile boolean closed;
  private Task task; // published by each member's round
  private int rounds; // guarded by busy

  /** Opens a team with one thread per available processor. */
  Workers() {
    this(Runtime.getRuntime().availableProcessors());
  }

  /**
   * Opens a team.
   *
   * @param threads its size including the caller, at least 1
   */
  Workers(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, not " + threads);
    }
    this.threads = threads;
    this.members = new Member[threads - 1];
    for (int i = 0; i < members.length; i++) {
      members[i] = new Member(i + 1);
      members[i].thread.start();
    }
  }

  int threads() {
    return threads;
  }

  /**
   * Runs every part of the task and returns when all have finished.
   *
   * @throws IllegalStateException if a task is running (nested or from another thread), or after
   *     close
   * @throws RuntimeException what the task threw, from the lowest part; what others threw is
   *     suppressed in it
   */
  void run(Task work) {
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException("these workers are already running a task");
    }
    try {
      if (closed) {
        throw new IllegalStateException("these workers are closed");
      }
      task = work;
      rounds++;
      for (Member member : members) {
        member.start(rounds);
      }
      Throwable failure = runPart(work, 0);
      for (Member member : members) {
        if (member.claim()) {
          member.failure = runPart(work, member.number);
          member.finished = member.round;
        }
      }
      for (Member member : members) {
        member.await();
        failure = merge(failure, member.failure);
        member.failure = null;
      }
      task = null;
      if (failure != null) {
        throw OneDnnApi.rethrow(failure);
      }
    } finally {
      busy.set(false);
    }
  }

  private Throwable runPart(Task work, int number) {
    try {
      work.run(number, threads);
      return null;
    } catch (Throwable t) {
      return t;
    }
  }

  @SuppressWarnings("ReferenceEquality") // an exception must not be suppressed in itself
  private static Throwable merge(Throwable first, Throwable next) {
    if (first == null) {
      return next;
    }
    if (next != null && next != first) {
      first.addSuppressed(next);
    }
    return first;
  }

  /**
   * Ends and joins the threads. Idempotent.
   *
   * @throws IllegalStateException if a task is running
   */
  @Override
  public void close() {
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException("cannot close workers while they run a task");
    }
    try {
      closed = true;
      rounds++;
      boolean interrupted = false;
      for (Member member : members) {
        member.start(rounds);
        while (member.thread.isAlive()) {
          try {
            member.thread.join();
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    } finally {
      busy.set(false);
    }
  }

  /** One thread of the team. Rounds are counted; a round's part belongs to who claims it first. */
  private final class Member implements Runnable {
    private final int number;
    private final Thread thread;
    private final AtomicInteger claimed = new AtomicInteger();
    private volatile int round;
    private volatile int finished;
    private volatile boolean asleep;
    private Throwable failure; // published by finished

    Member(int number) {
      this.number = number;
      this.thread = new Thread(this, "feedlight-worker-" + number);
      thread.setDaemon(true);
    }

    void start(int next) {
      round = next;
      if (asleep) {
        LockSupport.unpark(thread);
      }
    }

    boolean claim() {
      int current = round;
      return claimed.get() == current - 1 && claimed.compareAndSet(current - 1, current);
    }

    @Override
    public void run() {
      int seen = 0;
      while (true) {
        seen = nextRound(seen);
        if (closed) {
          return;
        }
        if (claimed.compareAndSet(seen - 1, seen)) {
          failure = runPart(task, number);
          finished = seen;
          Thread caller = sleepingCaller;
          if (caller != null) {
            LockSupport.unpark(caller);
          }
        }
      }
    }

    private int nextRound(int seen) {
      long start = System.nanoTime();
      do {
        for (int i = 0; i < SPINS_PER_LOOK; i++) {
          if (round != seen) {
            return round;
          }
          Thread.onSpinWait();
        }
      } while (System.nanoTime() - start < SPIN_NANOS);
      asleep = true;
      while (round == seen) {
        LockSupport.park(Workers.this);
        Thread.interrupted(); // an interrupted thread would spin instead of sleeping
      }
      asleep = false;
      return round;
    }

    void await() {
      long start = System.nanoTime();
      do {
        for (int i = 0; i < SPINS_PER_LOOK; i++) {
          if (finished == round) {
            return;
          }
          Thread.onSpinWait();
        }
      } while (System.nanoTime() - start < SPIN_NANOS);
      boolean interrupted = false;
      sleepingCaller = Thread.currentThread();
      while (finished != round) {
        LockSupport.park(Workers.this);
        interrupted |= Thread.interrupted(); // an interrupted thread would spin, not sleep
      }
      sleepingCaller = null;
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
