package dev.feedlight.data;

import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Fetches one file into a folder and writes down what happens. */
final class Fetching implements DownloadListener {
  static final String NAME = "file.bin";
  static final String PART = NAME + ".part";

  private final Path folder;
  private final byte[] body;
  private final List<String> events = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final List<Duration> pauses = new ArrayList<>();
  private DownloadSettings settings =
      new DownloadSettings(
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          3,
          Duration.ofMillis(1),
          new EnvironmentProxies(Map.of()));
  private boolean replace;
  private long interruptAt = Long.MAX_VALUE;

  Fetching(Path folder, byte[] body) {
    this.folder = folder;
    this.body = body;
  }

  /** Random bytes, other ones for every length. */
  static byte[] body(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  Fetching attempts(int number) {
    settings = settings.withAttempts(number);
    return this;
  }

  Fetching timeout(Duration timeout) {
    settings = settings.withTimeout(timeout);
    return this;
  }

  Fetching proxies(ProxySelector proxies) {
    settings =
        new DownloadSettings(
            settings.connectTimeout(),
            settings.stallTimeout(),
            settings.attempts(),
            settings.firstPause(),
            proxies);
    return this;
  }

  Fetching replacing() {
    replace = true;
    return this;
  }

  /** Interrupts the fetching thread as soon as this many bytes are stored. */
  Fetching interruptAt(long bytes) {
    interruptAt = bytes;
    return this;
  }

  Path from(ScriptedServer... servers) throws InterruptedException {
    return from(Arrays.stream(servers).map(server -> server.url(NAME)).toList());
  }

  Path from(List<URI> urls) throws InterruptedException {
    return files(List.of(file(urls))).getFirst();
  }

  List<Path> files(List<RemoteFile> files) throws InterruptedException {
    try (Downloader downloader = new Downloader(settings, this)) {
      return downloader.fetch(files, folder, replace);
    }
  }

  RemoteFile file(List<URI> urls) {
    return new RemoteFile(NAME, urls, body.length, sha256());
  }

  String sha256() {
    return sha256(body);
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** progress with its bytes, failed, present, fetched. */
  List<String> events() {
    return events;
  }

  List<String> failures() {
    return failures;
  }

  List<Duration> pauses() {
    return pauses;
  }

  @Override
  public void onProgress(RemoteFile file, long done) {
    events.add("progress " + done);
    if (done >= interruptAt) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void onFailedAttempt(RemoteFile file, URI url, String what, Duration pause) {
    events.add("failed");
    failures.add(what);
    pauses.add(pause);
  }

  @Override
  public void onPresent(RemoteFile file, Path path) {
    events.add("present");
  }

  @Override
  public void onFetched(RemoteFile file, Path path) {
    events.add("fetched");
  }
}
