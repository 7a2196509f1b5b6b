package dev.feedlight.data;

import java.net.ProxySelector;
import java.time.Duration;
import java.util.Objects;

/**
 * How patient a {@link Downloader} is.
 *
 * @param connectTimeout longest time until a connection stands, positive
 * @param stallTimeout longest time without an answer, then without a byte of it, positive. A server
 *     that sends a little within every such time is not given up
 * @param attempts how often each URL of a file is tried, at least 1
 * @param firstPause the wait before the second attempt, at least 0; doubled for each one after it
 * @param proxies the way out
 */
public record DownloadSettings(
    Duration connectTimeout,
    Duration stallTimeout,
    int attempts,
    Duration firstPause,
    ProxySelector proxies) {
  /** Most attempts (ours). */
  public static final int MAX_ATTEMPTS = 20;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public DownloadSettings {
    Objects.requireNonNull(proxies, "proxies");
    requirePositive("connect timeout", connectTimeout);
    requirePositive("stall timeout", stallTimeout);
    if (attempts < 1 || attempts > MAX_ATTEMPTS) {
      throw new IllegalArgumentException(
          "attempts must lie in 1 to " + MAX_ATTEMPTS + ", not " + attempts);
    }
    if (firstPause.isNegative()) {
      throw new IllegalArgumentException("the pause must not be negative: " + firstPause);
    }
  }

  private static void requirePositive(String what, Duration time) {
    if (!time.isPositive()) {
      throw new IllegalArgumentException(what + " must be positive, not " + time);
    }
  }

  /**
   * 20 seconds to connect, 30 without a byte, three attempts with pauses of 1 and 2 seconds (ours);
   * proxies of the JVM, else those of the environment, {@link EnvironmentProxies}.
   *
   * @return settings
   */
  public static DownloadSettings defaults() {
    return new DownloadSettings(
        Duration.ofSeconds(20),
        Duration.ofSeconds(30),
        3,
        Duration.ofSeconds(1),
        new EnvironmentProxies(System.getenv()));
  }

  /**
   * The same with other timeouts.
   *
   * @param timeout of connecting and of stalling, positive
   * @return settings
   */
  public DownloadSettings withTimeout(Duration timeout) {
    return new DownloadSettings(timeout, timeout, attempts, firstPause, proxies);
  }

  /**
   * The same with another number of attempts.
   *
   * @param number per URL, at least 1
   * @return settings
   */
  public DownloadSettings withAttempts(int number) {
    return new DownloadSettings(connectTimeout, stallTimeout, number, firstPause, proxies);
  }
}
