package dev.feedlight.data;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Fetches files whose size and SHA-256 are known, so that no server, proxy or broken line can leave
 * a wrong file: bytes go to {@code NAME.part}, which is moved into place, at once and forced to
 * disk, only when both are right.
 *
 * <ul>
 *   <li>A {@code .part} that is there is gone on with ({@code Range}; {@code If-Range} with the
 *       entity tag of the first bytes, kept in {@code NAME.part.etag}); a server that ignores the
 *       range starts it again.
 *   <li>What breaks off, stalls, or is interrupted leaves the {@code .part} for the next try. Wrong
 *       bytes, and more bytes than declared, delete it.
 *   <li>Each URL is tried a few times where the failure may pass (no connection, stalled, broken
 *       off, HTTP status 408, 429, 5xx), then the next one.
 *   <li>Redirects are followed, at most five in a row and never from https to http.
 *   <li>A file that is there and right is not fetched again; one that is there and different is
 *       refused and stays as it is, unless its replacement is asked for.
 * </ul>
 *
 * <p>One call of {@link #fetch} at a time; a folder may be fetched into by one process at a time
 * per file, a second one is refused.
 */
public final class Downloader implements AutoCloseable {
  private final DownloadSettings settings;
  private final DownloadListener listener;
  private final HttpClient client;

  /**
   * Creates a downloader; nothing is connected yet.
   *
   * @param settings timeouts, attempts, proxies
   * @param listener is told what happens
   */
  public Downloader(DownloadSettings settings, DownloadListener listener) {
    this.settings = Objects.requireNonNull(settings, "settings");
    this.listener = Objects.requireNonNull(listener, "listener");
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1) // one file at a time gains nothing by HTTP/2
            .followRedirects(HttpClient.Redirect.NEVER) // Transfer does, and says what it refuses
            .connectTimeout(settings.connectTimeout())
            .proxy(settings.proxies())
            .build();
  }

  /**
   * Fetches what is missing, file after file.
   *
   * @param files names all different
   * @param directory where they go; made if missing
   * @param replace whether a file that is there and different is replaced; it stays until the right
   *     one has come
   * @return the files in their places, in order
   * @throws DataException if a file is there and different and is not to be replaced; nothing is
   *     changed then
   * @throws DownloadException if a file cannot be fetched or stored; files that came before it stay
   * @throws InterruptedException if the thread is interrupted
   */
  public List<Path> fetch(List<RemoteFile> files, Path directory, boolean replace)
      throws InterruptedException {
    List<FileStatus> wanted = prepare(files, directory, replace);
    List<Path> paths = new ArrayList<>();
    for (RemoteFile file : files) {
      Path path = directory.resolve(file.name());
      int place = wanted.stream().map(FileStatus::file).toList().indexOf(file);
      if (place < 0) {
        listener.onPresent(file, path);
      } else {
        fetch(file, directory, wanted.subList(place, wanted.size()));
      }
      paths.add(path);
    }
    return List.copyOf(paths);
  }

  /** Looks at what is there; makes the folder if something is wanted. */
  private static List<FileStatus> prepare(List<RemoteFile> files, Path directory, boolean replace)
      throws InterruptedException {
    List<FileStatus> found = look(files, directory);
    List<FileStatus> different =
        found.stream().filter(status -> status.state() == FileStatus.State.DIFFERENT).toList();
    if (!different.isEmpty() && !replace) {
      throw new DataException(
          joined(different)
              + "; nothing is overwritten: move it away, or ask for its replacement (--force)");
    }
    List<FileStatus> wanted = found.stream().filter(status -> !status.complete()).toList();
    if (!wanted.isEmpty()) {
      PartFile.onDisk(
          "cannot make the folder " + directory, () -> Files.createDirectories(directory));
      requireSpace(wanted, directory);
    }
    return wanted;
  }

  /**
   * Fetches what is missing of a data set: its files, then those of its archives. An archive is not
   * stored; of one that breaks off the files that were whole stay.
   *
   * @param entry the set
   * @param directory where its files go; made if missing
   * @param replace as for {@link #fetch(List, Path, boolean)}
   * @return the files in their places, in order
   * @throws DataException as there
   * @throws DownloadException as there
   * @throws InterruptedException if the thread is interrupted
   */
  public List<Path> fetch(CatalogEntry entry, Path directory, boolean replace)
      throws InterruptedException {
    if (entry.archives().isEmpty()) {
      return fetch(entry.files(), directory, replace);
    }
    List<FileStatus> wanted = prepare(entry.files(), directory, replace);
    for (RemoteArchive archive : entry.archives()) {
      List<RemoteFile> missing = new ArrayList<>();
      for (RemoteFile file : archive.files()) {
        if (wanted.stream().anyMatch(status -> status.file().equals(file))) {
          missing.add(file);
        } else {
          listener.onPresent(file, directory.resolve(file.name()));
        }
      }
      if (!missing.isEmpty()) {
        fetch(archive, missing, directory);
      }
    }
    return entry.files().stream().map(file -> directory.resolve(file.name())).toList();
  }

  private void fetch(RemoteArchive archive, List<RemoteFile> missing, Path directory)
      throws InterruptedException {
    WebGet web = new WebGet(client, settings);
    ArchiveTransfer transfer =
        new ArchiveTransfer(web, settings.stallTimeout(), directory, missing, listener);
    List<String> failures = new ArrayList<>();
    for (URI url : archive.urls()) {
      if (attempt(url, missing.getFirst(), failures, () -> transfer.run(url))) {
        return;
      }
    }
    throw new DownloadException(
        archive.name()
            + " could not be fetched: "
            + String.join("; ", failures)
            + "; "
            + byHand(transfer.missing(), directory));
  }

  private static List<FileStatus> look(List<RemoteFile> files, Path directory)
      throws InterruptedException {
    List<FileStatus> found = new ArrayList<>();
    for (RemoteFile file : files) {
      found.add(
          PartFile.onDisk(
              "cannot read " + directory.resolve(file.name()), () -> file.status(directory)));
    }
    return found;
  }

  private static void requireSpace(List<FileStatus> wanted, Path directory)
      throws InterruptedException {
    long needed = 0;
    for (FileStatus status : wanted) {
      long there = status.state() == FileStatus.State.PARTIAL ? status.bytesThere() : 0;
      needed = Math.addExact(needed, Math.max(0, status.file().bytes() - there));
    }
    long free =
        PartFile.onDisk(
            "cannot see the space of " + directory,
            () -> Files.getFileStore(directory).getUsableSpace());
    // 0 is also what file systems say that do not know; there writing will tell.
    if (free > 0 && free < needed) {
      throw new DownloadException(
          directory + " has space for " + free + " bytes, but " + needed + " are to be fetched");
    }
  }

  /** Fetches one file; those that are still wanted, it among them, are for the message. */
  private void fetch(RemoteFile file, Path directory, List<FileStatus> wanted)
      throws InterruptedException {
    List<String> failures = new ArrayList<>();
    try (PartFile part = PartFile.open(directory, file)) {
      // An earlier run may have ended between the last byte and the check.
      boolean done = part.isRight();
      for (int i = 0; !done && i < file.urls().size(); i++) {
        done = fetchFrom(file, file.urls().get(i), part, failures);
      }
      if (!done) {
        throw new DownloadException(message(file, directory, wanted, failures, part.size()));
      }
      listener.onFetched(file, part.publish());
    }
  }

  private boolean fetchFrom(RemoteFile file, URI url, PartFile part, List<String> failures)
      throws InterruptedException {
    return attempt(
        url,
        file,
        failures,
        () -> {
          long before = part.size();
          new Transfer(client, settings, file, url, part)
              .run(done -> listener.onProgress(file, done));
          if (!part.isRight()) {
            part.discard();
            String wrong = "its " + file.bytes() + " bytes have not the SHA-256 " + file.sha256();
            // The bytes of an earlier run may be the wrong ones: this server gets a chance of its
            // own.
            throw before > 0
                ? FailedAttempt.passing(wrong, null)
                : FailedAttempt.lasting(wrong, null);
          }
        });
  }

  @FunctionalInterface
  private interface Attempt {
    void run() throws FailedAttempt, InterruptedException;
  }

  /** Tries a URL until it succeeds or has failed often enough. */
  private boolean attempt(URI url, RemoteFile file, List<String> failures, Attempt once)
      throws InterruptedException {
    Duration pause = settings.firstPause();
    for (int attempt = 1; ; attempt++) {
      try {
        once.run();
        return true;
      } catch (FailedAttempt e) {
        boolean again = e.isWorthRetrying() && attempt < settings.attempts();
        listener.onFailedAttempt(file, url, e.getMessage(), again ? pause : Duration.ZERO);
        if (!again) {
          failures.add(
              url + ": " + e.getMessage() + (attempt > 1 ? " (attempt " + attempt + ")" : ""));
          return false;
        }
        Thread.sleep(pause);
        pause = pause.multipliedBy(2);
      }
    }
  }

  private static String message(
      RemoteFile file,
      Path directory,
      List<FileStatus> wanted,
      List<String> failures,
      long partBytes) {
    return String.format(
        Locale.ROOT,
        "%s could not be fetched: %s; %s%s",
        file.name(),
        String.join("; ", failures),
        partBytes == 0
            ? ""
            : partBytes + " of " + file.bytes() + " bytes are kept, the next run goes on there; ",
        byHand(wanted.stream().map(FileStatus::file).toList(), directory));
  }

  private static String byHand(List<RemoteFile> files, Path directory) {
    String names =
        files.stream()
            .map(f -> String.format(Locale.ROOT, "%s (%d bytes)", f.name(), f.bytes()))
            .collect(Collectors.joining(", "));
    return "to do it by hand, put "
        + names
        + " from there into "
        + directory.toAbsolutePath().normalize();
  }

  private static String joined(List<FileStatus> statuses) {
    return statuses.stream().map(FileStatus::toString).collect(Collectors.joining("; "));
  }

  /** Ends what is still going on. */
  @Override
  public void close() {
    client.shutdownNow();
  }
}
