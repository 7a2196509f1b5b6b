package dev.feedlight.device;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where this user's files lie that can be made again: {@code $XDG_CACHE_HOME/feedlight} or {@code
 * ~/.cache/feedlight}; else {@code java.io.tmpdir/feedlight-<user>}.
 */
public final class CacheFolder {
  private CacheFolder() {}

  /** All places that can be tried, the best one first. */
  static List<Path> places() {
    List<Path> places = new ArrayList<>();
    String cache = System.getenv("XDG_CACHE_HOME");
    String home = System.getProperty("user.home", "");
    if (cache != null && cache.startsWith("/")) {
      places.add(Path.of(cache, "feedlight"));
    } else if (home.startsWith("/")) {
      places.add(Path.of(home, ".cache", "feedlight"));
    }
    String user = System.getProperty("user.name", "user").replaceAll("[^A-Za-z0-9._-]", "_");
    places.add(Path.of(System.getProperty("java.io.tmpdir"), "feedlight-" + user));
    return places;
  }

  /**
   * The best place.
   *
   * @return a folder, which may be missing
   */
  public static Path path() {
    return places().getFirst();
  }
}
