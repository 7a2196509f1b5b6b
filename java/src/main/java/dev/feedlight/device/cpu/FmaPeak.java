package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.VectorMemory.FLOATS;
import static dev.feedlight.device.cpu.VectorMemory.LANES;

import java.util.concurrent.CountDownLatch;
import jdk.incubator.vector.FloatVector;

/**
 * The rate that no fp32 product exceeds: fused multiplications and additions of vectors that never
 * leave their registers, on all threads at once. Measured, because clocks under such load are in no
 * data sheet.
 */
public final class FmaPeak {
  private static final int CHAINS = 12;
  private static final int STEPS = 20_000;
  private static final double WARM_UP_SECONDS = 0.5;
  private static final double SECONDS = 0.4;

  private FmaPeak() {}

  /**
   * Measures for about a second.
   *
   * @param threads that compute at once, at least 1
   * @return multiplications and additions per second, each counted as one; NaN where this JVM has
   *     no module jdk.incubator.vector
   * @throws InterruptedException if the calling thread is interrupted
   */
  public static double measure(int threads) throws InterruptedException {
    if (LoopsProvider.choose().loops() instanceof PlainLoops) {
      return Double.NaN;
    }
    CountDownLatch warm = new CountDownLatch(threads);
    double[] rates = new double[threads];
    Thread[] team = new Thread[threads];
    for (int i = 0; i < threads; i++) {
      int number = i;
      team[i] =
          Thread.ofPlatform()
              .name("feedlight-fma-peak-" + i)
              .daemon()
              .start(() -> rates[number] = Loop.rate(warm));
    }
    double sum = 0;
    for (int i = 0; i < threads; i++) {
      team[i].join();
      sum += rates[i];
    }
    return sum;
  }

  /** A class of its own, so that the vector classes are linked only when it is used. */
  private static final class Loop {
    static double rate(CountDownLatch warm) {
      float kept = 0;
      long begin = System.nanoTime();
      while ((System.nanoTime() - begin) * 1e-9 < WARM_UP_SECONDS) {
        kept += chains();
      }
      warm.countDown();
      try {
        warm.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return 0;
      }
      long rounds = 0;
      begin = System.nanoTime();
      long spent = 0;
      while (spent * 1e-9 < SECONDS) {
        kept += chains();
        rounds++;
        spent = System.nanoTime() - begin;
      }
      // The sum is used, or the compiler may drop what made it.
      return Float.isNaN(kept) ? 0 : 2.0 * rounds * STEPS * CHAINS * LANES / spent * 1e9;
    }

    /** Independent chains, more than latency times units; their values stay near 1. */
    private static float chains() {
      FloatVector factor = FloatVector.broadcast(FLOATS, 0.999f);
      FloatVector term = FloatVector.broadcast(FLOATS, 0.001f);
      FloatVector a = term;
      FloatVector b = term;
      FloatVector c = term;
      FloatVector d = term;
      FloatVector e = term;
      FloatVector f = term;
      FloatVector g = term;
      FloatVector h = term;
      FloatVector i = term;
      FloatVector j = term;
      FloatVector k = term;
      FloatVector l = term;
      for (int step = 0; step < STEPS; step++) {
        a = a.fma(factor, term);
        b = b.fma(factor, term);
        c = c.fma(factor, term);
        d = d.fma(factor, term);
        e = e.fma(factor, term);
        f = f.fma(factor, term);
        g = g.fma(factor, term);
        h = h.fma(factor, term);
        i = i.fma(factor, term);
        j = j.fma(factor, term);
        k = k.fma(factor, term);
        l = l.fma(factor, term);
      }
      return a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).add(k).add(l).lane(0);
    }
  }
}
