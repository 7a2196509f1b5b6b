package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The real matrix has a mean, because its phase is that of the anchor; the read-out takes it out.
 */
final class AnchorBiasTest {
  private static final int MIRRORS = 400;
  private static final int PIXELS = 4000;
  private static final int LIT = 160;
  private static final long SEED = 5;

  private final OpticsLab lab = new OpticsLab(2);
  private final byte[] unbalanced = Patterns.firstOnes(LIT, MIRRORS);

  @AfterEach
  void close() {
    lab.close();
  }

  private Sample projection(OpuSettings settings, byte[] ternary) {
    return Sample.of(lab.project(settings, MIRRORS, PIXELS, SEED, ternary));
  }

  @Test
  void plainReadOutIsBiased() {
    Sample y = projection(OpuSettings.ideal(), unbalanced);
    // sqrt 2 E|T1| / n = sqrt(pi / 2 / n) per mirror, 1.2533 / sqrt n; E y^2 = k + k^2 / n.
    double expected = LIT * Math.sqrt(Math.PI / 2 / MIRRORS);
    double deviation = Math.sqrt(LIT + (double) LIT * LIT / MIRRORS);
    assertThat(y.mean()).isCloseTo(expected, within(Sample.ERRORS * deviation / Math.sqrt(PIXELS)));
    assertThat(expected).isGreaterThan(10);
  }

  @Test
  void removalLeavesNothingOnAverage() {
    OpuSettings settings = OpuSettings.ideal().withReadout(new LinearReadout(0, true));
    Sample y = projection(settings, unbalanced);
    double variance = LIT - (double) LIT * LIT / MIRRORS;
    assertThat(y.mean()).isCloseTo(0, within(Sample.ERRORS * Math.sqrt(variance / PIXELS)));
    // Sampling error of a variance of normal draws.
    assertThat(y.variance())
        .isCloseTo(variance, within(Sample.ERRORS * variance * Math.sqrt(2.0 / PIXELS)));
  }

  /** Read from counts, the divisor errs: the residue is small beside the bias of 10.03, not 0. */
  @Test
  void defaultUnitRemovesAlmostAll() {
    OpuSettings exact = OpuSettings.ideal().withReadout(new LinearReadout(0, true));
    double[] found = projection(OpuSettings.defaults(), unbalanced).values();
    double[] expected = projection(exact, unbalanced).values();
    double[] residue = new double[PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      residue[i] = found[i] - expected[i];
    }
    Sample sample = new Sample(residue);
    assertThat(sample.mean())
        .isCloseTo(0, within(0.1 + Sample.ERRORS * sample.deviation() / Math.sqrt(PIXELS)));
  }

  /** The removal is exact pixel by pixel: all mirrors together project to the bias and no more. */
  @Test
  void allMirrorsTogetherLeaveZero() {
    byte[] ones = Patterns.ones(MIRRORS);
    OpuSettings settings = OpuSettings.ideal().withReadout(new LinearReadout(0, true));
    float[] kept = lab.project(OpuSettings.ideal(), MIRRORS, PIXELS, SEED, ones);
    float[] removed = lab.project(settings, MIRRORS, PIXELS, SEED, ones);
    for (int pixel = 0; pixel < PIXELS; pixel++) {
      assertThat(kept[pixel]).isPositive();
      // Four roundings of terms that cancel.
      assertThat(Math.abs(removed[pixel])).isLessThanOrEqualTo(4 * 0x1p-24f * kept[pixel]);
    }
  }

  @Test
  void balancedVectorsAreLeftAlone() {
    byte[] balanced = Patterns.firstOnes(LIT, MIRRORS);
    for (int i = 0; i < LIT / 2; i++) {
      balanced[i] = -1;
    }
    assertThat(Patterns.sum(balanced)).isZero();
    OpuSettings settings = OpuSettings.ideal().withReadout(new LinearReadout(0, true));
    assertThat(lab.project(settings, MIRRORS, PIXELS, SEED, balanced))
        .containsExactly(lab.project(OpuSettings.ideal(), MIRRORS, PIXELS, SEED, balanced));
  }
}
