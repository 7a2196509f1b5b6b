package dev.feedlight.device;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Where this user's files lie that can be made again: {@code $XDG_CACHE_HOME/feedlight} or {@code
 * ~/.cache/feedlight}; else {@code java.io.tmpdir/feedlight-<user>}.
 */
public final class CacheFolder {
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

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
   * The first place that can be used, for reading as for writing.
   *
   * @return a folder of this user alone, which is there and can be written
   * @throws DeviceException if there is none
   */
  public static Path usable() {
    return firstUsable(places());
  }

  /** The first of some places. */
  static Path firstUsable(List<Path> places) {
    List<Exception> failures = new ArrayList<>();
    for (Path place : places) {
      try {
        makePrivate(place);
        if (Files.isWritable(place)) {
          return place;
        }
        failures.add(new IOException(place + " cannot be written"));
      } catch (IOException | UnsupportedOperationException e) {
        failures.add(e);
      }
    }
    DeviceException none =
        new DeviceException(
            "none of the folders "
                + places
                + " can be used ("
                + failures.getFirst()
                + "); name a private writable one by XDG_CACHE_HOME",
            failures.getFirst());
    failures.stream().skip(1).forEach(none::addSuppressed);
    throw none;
  }

  /**
   * Makes sure that a directory is this user's own, with mode 0700.
   *
   * @param directory made if missing
   * @throws IOException if it cannot be made, is no directory or is another user's
   */
  static void makePrivate(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      if (directory.getParent() != null) {
        Files.createDirectories(directory.getParent());
      }
      try {
        Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PRIVATE));
      } catch (FileAlreadyExistsException e) {
        // another JVM was faster; what it made is checked below
      }
    }
    PosixFileAttributes found =
        Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!found.isDirectory()) {
      throw new IOException(directory + " is not a directory");
    }
    Object self = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    if (!self.equals(Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS))) {
      throw new IOException(directory + " belongs to " + found.owner() + ", not to this user");
    }
    if (!PRIVATE.containsAll(found.permissions())) {
      Files.setPosixFilePermissions(directory, PRIVATE);
    }
  }
}
