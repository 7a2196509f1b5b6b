package dev.feedlight.data;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** Watches a {@link Downloader}; called on the thread that fetches. */
public interface DownloadListener {
  /**
   * Bytes of a file have come.
   *
   * @param file the file
   * @param done bytes of it that are stored, those of earlier runs with them; smaller than before
   *     when a server makes the file start again
   */
  default void onProgress(RemoteFile file, long done) {}

  /**
   * An attempt failed and another follows.
   *
   * @param file the file
   * @param url where it was looked for
   * @param what why it failed
   * @param pause how long the next attempt at this URL waits; zero if the next URL is tried
   */
  default void onFailedAttempt(RemoteFile file, URI url, String what, Duration pause) {}

  /**
   * A file was there already, size and checksum right.
   *
   * @param file the file
   * @param path where it is
   */
  default void onPresent(RemoteFile file, Path path) {}

  /**
   * A file has come, been checked and put in place.
   *
   * @param file the file
   * @param path where it is
   */
  default void onFetched(RemoteFile file, Path path) {}
}
