package dev.feedlight.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Feeds a loader with damaged files. Every file must be loaded or refused by one of the documented
 * exceptions, in bounded time and with bounded allocations. A case is a function of seed and number
 * alone.
 */
public final class Fuzzer {
  /** Processor time that a case of some kilobytes may take (ours; most take microseconds). */
  private static final Duration MOST_TIME = Duration.ofSeconds(2);

  /** When a case is given up, by the wall clock (ours; the machine may do other things too). */
  private static final Duration STUCK_AFTER = Duration.ofSeconds(60);

  /** Longest input that a failure shows. */
  private static final int SHOWN_BYTES = 1500;

  private final Loader loader;
  private final long seed;
  private final String command;
  private final List<Edit> edits;
  private final Duration mostTime;
  private final Duration stuckAfter;
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /**
   * What happened.
   *
   * @param loaded files that were loaded
   * @param refused files that were refused
   */
  public record Outcome(long loaded, long refused) {
    /** All files. */
    public long cases() {
      return loaded + refused;
    }
  }

  /** The case that runs, for whoever waits. */
  private record Running(long number, long since) {}

  /**
   * Prepares a campaign.
   *
   * @param loader under test
   * @param seed decides all files
   * @param command repeats the test; seed and case are added to it
   */
  public Fuzzer(Loader loader, long seed, String command) {
    this(loader, seed, command, MOST_TIME, STUCK_AFTER);
  }

  Fuzzer(Loader loader, long seed, String command, Duration mostTime, Duration stuckAfter) {
    this.loader = loader;
    this.seed = seed;
    this.command = command;
    this.mostTime = mostTime;
    this.stuckAfter = stuckAfter;
    this.edits = new ArrayList<>(ByteEdits.all());
    // Changes that know the format get further: as many as those that do not, or more.
    for (int i = 0; i < (loader.edits().isEmpty() ? 0 : ByteEdits.all().size()); i++) {
      edits.add(loader.edits().get(i % loader.edits().size()));
    }
    for (int i = ByteEdits.all().size(); i < loader.edits().size(); i++) {
      edits.add(loader.edits().get(i));
    }
  }

  /** Runs cases from 0 on, so many or until the time is over. */
  public Outcome run(long mostCases, Duration time) {
    return run(0, mostCases, time);
  }

  /** Runs one case. */
  public Outcome repeat(long number) {
    return run(number, number + 1, Duration.ofDays(1));
  }

  /** The file of a case. */
  byte[] input(long number) {
    SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
    byte[] file = loader.corpus().get(random.nextInt(loader.corpus().size()));
    int changes = 1 + random.nextInt(1 + random.nextInt(4)); // mostly one or two
    for (int i = 0; i < changes; i++) {
      file = edits.get(random.nextInt(edits.size())).apply(file, random);
    }
    return file;
  }

  /** In a thread of its own, so that a loader that never returns can be reported. */
  private Outcome run(long first, long end, Duration time) {
    AtomicReference<Running> running = new AtomicReference<>(new Running(first, now()));
    AtomicReference<Outcome> outcome = new AtomicReference<>();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread worker =
        Thread.ofPlatform()
            .daemon()
            .name("fuzz-" + loader.name())
            .start(
                () -> {
                  try {
                    outcome.set(cases(first, end, time, running));
                  } catch (Throwable e) {
                    failure.set(e);
                  }
                });
    try {
      while (!worker.join(Duration.ofMillis(100))) {
        Running now = running.get();
        if (now() - now.since() > stuckAfter.toNanos()) {
          throw failed(now.number(), "has not returned for " + stuckAfter, null);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    if (failure.get() instanceof AssertionError e) {
      throw e;
    }
    if (failure.get() != null) {
      throw new AssertionError(loader.name() + ": the fuzzer itself failed", failure.get());
    }
    return outcome.get();
  }

  private Outcome cases(long first, long end, Duration time, AtomicReference<Running> running) {
    for (byte[] file : loader.corpus()) {
      for (int i = 0; i < 3; i++) { // loads classes, too
        requireLoads(file);
      }
    }
    long loaded = 0;
    long refused = 0;
    long start = now();
    for (long number = first; number < end && now() - start < time.toNanos(); number++) {
      byte[] file = input(number);
      running.set(new Running(number, now()));
      if (loads(file, number)) {
        loaded++;
      } else {
        refused++;
      }
      running.set(new Running(number, now()));
    }
    return new Outcome(loaded, refused);
  }

  private void requireLoads(byte[] file) {
    try {
      loader.load().load(file);
    } catch (Exception e) {
      throw new AssertionError(loader.name() + " refuses a file of its corpus: " + e, e);
    }
  }

  private boolean loads(byte[] file, long number) {
    long most = loader.mostBytes().applyAsLong(file);
    long least = Long.MAX_VALUE;
    boolean loads = false;
    // A second and a third try: what the JVM allocates once, for a class or a call site, is not
    // the loader's.
    for (int attempt = 0; attempt < 3 && least > most; attempt++) {
      long time = threads.getCurrentThreadCpuTime();
      long bytes = threads.getCurrentThreadAllocatedBytes();
      loads = loadsOnce(file, number);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - bytes);
      long spent = threads.getCurrentThreadCpuTime() - time;
      if (!(spent <= mostTime.toNanos())) {
        throw failed(number, "took " + Duration.ofNanos(spent), null);
      }
    }
    if (!(least <= most)) {
      throw failed(
          number,
          "allocated " + least + " bytes for a file of " + file.length + ", allowed are " + most,
          null);
    }
    return loads;
  }

  private boolean loadsOnce(byte[] file, long number) {
    try {
      loader.load().load(file);
      return true;
    } catch (Throwable e) {
      if (loader.refusals().stream().noneMatch(type -> type.isInstance(e))) {
        throw failed(number, "threw " + e, e);
      }
      return false;
    }
  }

  private AssertionError failed(long number, String what, Throwable cause) {
    byte[] file = input(number);
    String shown =
        file.length > SHOWN_BYTES
            ? "file of " + file.length + " bytes"
            : "file (base64): " + Base64.getEncoder().encodeToString(file);
    return new AssertionError(
        "%s %s; seed %d, case %d\n  to repeat: %s -Dfeedlight.seed=%d -Dfeedlight.case=%d\n  %s"
            .formatted(loader.name(), what, seed, number, command, seed, number, shown),
        cause);
  }

  private static long now() {
    return System.nanoTime();
  }
}
