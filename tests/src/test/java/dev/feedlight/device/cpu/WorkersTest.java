package dev.feedlight.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class WorkersTest {
  @Test
  @Timeout(60)
  void everyPartRunsOnceInEveryRound() {
    for (int threads = 1; threads <= 5; threads++) {
      try (Workers workers = new Workers(threads)) {
        AtomicIntegerArray runs = new AtomicIntegerArray(threads);
        int size = threads;
        for (int round = 0; round < 2000; round++) {
          if (round % 500 == 499) {
            LockSupport.parkNanos(2_000_000); // lets them fall asleep
          }
          workers.run(
              (thread, team) -> {
                assertThat(team).isEqualTo(size);
                runs.incrementAndGet(thread);
              });
          for (int i = 0; i < threads; i++) {
            assertThat(runs.get(i)).isEqualTo(round + 1);
          }
        }
      }
    }
  }

  @Test
  @Timeout(60)
  void writesOfEveryPartAreSeenByTheCaller() {
    try (Workers workers = new Workers(3)) {
      int[] plain = new int[3 * 64];
      for (int round = 1; round <= 20_000; round++) {
        int value = round;
        workers.run((thread, threads) -> plain[thread * 64] = value);
        assertThat(plain[0] + plain[64] + plain[128]).isEqualTo(3 * round);
      }
    }
  }

  @Test
  void allPartsFinishBeforeTheLowestFailureIsThrown() {
    try (Workers workers = new Workers(3)) {
      AtomicIntegerArray done = new AtomicIntegerArray(3);
      assertThatThrownBy(
              () ->
                  workers.run(
                      (thread, threads) -> {
                        LockSupport.parkNanos(thread * 3_000_000L);
                        done.set(thread, 1);
                        throw new IllegalArgumentException("part " + thread);
                      }))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("part 0")
          .satisfies(
              e -> {
                assertThat(e.getSuppressed()).hasSize(2);
                assertThat(e.getSuppressed()[0]).hasMessage("part 1");
                assertThat(e.getSuppressed()[1]).hasMessage("part 2");
              });
      for (int i = 0; i < 3; i++) {
        assertThat(done.get(i)).isEqualTo(1);
      }
      workers.run((thread, threads) -> done.set(thread, 2));
      assertThat(done.get(2)).isEqualTo(2);
    }
  }

  @Test
  @SuppressWarnings("try") // closing from within is what is tested
  void nestedRunsAreRefused() {
    try (Workers workers = new Workers(2)) {
      assertThatThrownBy(() -> workers.run((t, n) -> workers.run((t2, n2) -> {})))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("already running");
      assertThatThrownBy(() -> workers.run((t, n) -> workers.close()))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void closeEndsTheThreadsAndFurtherRunsAreRefused() {
    Workers workers = new Workers(4);
    workers.run((thread, threads) -> {});
    workers.close();
    workers.close();
    assertThatThrownBy(() -> workers.run((thread, threads) -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> new Workers(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void interruptionOfTheCallerIsKeptAndHarmless() {
    try (Workers workers = new Workers(2)) {
      Thread.currentThread().interrupt();
      int[] sum = new int[128];
      workers.run(
          (thread, threads) -> {
            long end = System.nanoTime() + 2_000_000;
            while (System.nanoTime() < end) {
              Thread.onSpinWait();
            }
            sum[thread * 64] = 1;
          });
      assertThat(sum[0] + sum[64]).isEqualTo(2);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void idleThreadsBurnNoProcessorTime() {
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    try (Workers workers = new Workers(2)) {
      long[] id = new long[1];
      while (id[0] == 0) {
        workers.run(
            (thread, threads) -> {
              if (Thread.currentThread().getName().startsWith("feedlight-worker-")) {
                id[0] = Thread.currentThread().threadId();
              }
              LockSupport.parkNanos(100_000);
            });
      }
      LockSupport.parkNanos(20_000_000);
      long before = clock.getThreadCpuTime(id[0]);
      LockSupport.parkNanos(300_000_000);
      assertThat(clock.getThreadCpuTime(id[0]) - before).isLessThan(30_000_000);
    }
  }
}
