package dev.feedlight.bench.optics;

import java.util.Arrays;
import java.util.Random;

/** Draws places without putting them back, every choice equally likely. */
final class RandomPlaces {
  private final int[] places;
  private final Random random;

  /**
   * Prepares draws from 0 to n - 1.
   *
   * @param n number of places
   * @param random decides
   */
  RandomPlaces(int n, Random random) {
    this.places = new int[n];
    Arrays.setAll(places, i -> i);
    this.random = random;
  }

  /**
   * A new draw.
   *
   * @param count at most n
   * @return different places, in no order
   */
  int[] draw(int count) {
    for (int i = 0; i < count; i++) {
      int other = i + random.nextInt(places.length - i);
      int place = places[other];
      places[other] = places[i];
      places[i] = place;
    }
    return Arrays.copyOf(places, count);
  }
}
