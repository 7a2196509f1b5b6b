package dev.feedlight.bench.fig4;

import java.util.Locale;

/** Times and sizes as people read them. */
final class Amounts {
  private Amounts() {}

  static String duration(double seconds) {
    if (seconds < 90) {
      return String.format(Locale.ROOT, "%.0f s", seconds);
    }
    return seconds < 5400
        ? String.format(Locale.ROOT, "%.1f min", seconds / 60)
        : String.format(Locale.ROOT, "%.1f h", seconds / 3600);
  }

  static String memory(long bytes) {
    if (bytes < 1_000_000_000L) {
      return String.format(Locale.ROOT, "%.0f MB", bytes * 1e-6);
    }
    return bytes < 1_000_000_000_000L
        ? String.format(Locale.ROOT, "%.1f GB", bytes * 1e-9)
        : String.format(Locale.ROOT, "%.1f TB", bytes * 1e-12);
  }
}
