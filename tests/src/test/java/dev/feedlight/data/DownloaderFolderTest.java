package dev.feedlight.data;

import static dev.feedlight.data.ScriptedServer.cut;
import static dev.feedlight.data.ScriptedServer.ranged;
import static dev.feedlight.data.ScriptedServer.status;
import static dev.feedlight.data.ScriptedServer.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What folders, disks and the own thread do to a fetch. */
@Timeout(30)
final class DownloaderFolderTest {
  private static final byte[] BODY = Fetching.body(100_000);
  private static final Path FULL_DISK = Path.of("/dev/full");

  @TempDir private Path folder;
  private ScriptedServer server;

  @BeforeEach
  void start() throws Exception {
    server = ScriptedServer.of(ranged(BODY, "\"v1\""));
  }

  @AfterEach
  void stop() throws Exception {
    assertThat(Thread.interrupted()).isFalse();
    server.close();
  }

  private Fetching fetching() {
    return new Fetching(folder, BODY);
  }

  @Test
  void missingFoldersAreMade() throws Exception {
    Path deep = folder.resolve("a").resolve("b");
    Path file = new Fetching(deep, BODY).from(server);
    assertThat(file).isEqualTo(deep.resolve(Fetching.NAME)).hasBinaryContent(BODY);
  }

  @Test
  void anotherFileOfTheNameIsRefusedAndStays() throws Exception {
    Path file = folder.resolve(Fetching.NAME);
    for (byte[] other : List.of(new byte[5], new byte[BODY.length])) {
      Files.write(file, other);
      assertThatThrownBy(() -> fetching().from(server))
          .isExactlyInstanceOf(DataException.class)
          .hasMessageContainingAll(file.toString(), "nothing is overwritten")
          .hasMessageContaining(
              other.length == 5
                  ? "has 5 bytes, not 100000"
                  : "has the right size, but not the SHA-256 " + fetching().sha256());
      assertThat(file).hasBinaryContent(other);
      assertThat(server.requests()).isEmpty();
    }
    try (ScriptedServer broken = ScriptedServer.of(status("404 Not Found"))) {
      assertThatThrownBy(() -> fetching().replacing().from(broken))
          .isInstanceOf(DownloadException.class);
      assertThat(file).hasBinaryContent(new byte[BODY.length]);
    }
    fetching().replacing().from(server);
    assertThat(file).hasBinaryContent(BODY);
  }

  @Test
  void oneDifferentFileStopsAllBeforeAnythingIsFetched() throws Exception {
    Files.writeString(folder.resolve("second"), "mine");
    RemoteFile first = fetching().file(List.of(server.url("first")));
    RemoteFile second = new RemoteFile("second", first.urls(), first.bytes(), first.sha256());
    assertThatThrownBy(() -> fetching().files(List.of(first, second)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("second has 4 bytes");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void filesBeforeAFailureStayAndThoseAfterItAreNamed() throws Exception {
    RemoteFile first = fetching().file(List.of(server.url("first")));
    try (ScriptedServer broken = ScriptedServer.of(status("404 Not Found"))) {
      List<RemoteFile> files =
          List.of(
              first,
              new RemoteFile("second", List.of(broken.url("second")), 7, first.sha256()),
              new RemoteFile("third", List.of(broken.url("third")), 8, first.sha256()));
      assertThatThrownBy(() -> fetching().files(files))
          .isInstanceOf(DownloadException.class)
          .hasMessageContaining("second could not be fetched: " + broken.url("second"))
          .hasMessageContaining("put second (7 bytes), third (8 bytes) from there into " + folder);
      assertThat(broken.requests()).hasSize(1);
    }
    assertThat(folder.resolve(Fetching.NAME)).hasBinaryContent(BODY);
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("taken"), "mine");
    for (Path within : List.of(file, file.resolve("deep"))) {
      assertThatThrownBy(() -> new Fetching(within, BODY).from(server))
          .isInstanceOf(DownloadException.class)
          .hasMessageContaining("cannot make the folder " + within);
    }
    Files.createDirectory(folder.resolve(Fetching.PART));
    assertThatThrownBy(() -> fetching().from(server))
        .isInstanceOf(DownloadException.class)
        .hasMessageContaining("cannot write " + folder.resolve(Fetching.PART));
    assertThat(server.requests()).isEmpty();
    assertThat(file).hasContent("mine");
  }

  @Test
  void aFullDiskIsNotTheServersFault() throws Exception {
    assumeTrue(Files.exists(FULL_DISK), "no " + FULL_DISK);
    Files.createSymbolicLink(folder.resolve(Fetching.PART), FULL_DISK);
    Fetching fetching = fetching();
    assertThatThrownBy(() -> fetching.from(server, server))
        .isInstanceOf(DownloadException.class)
        .hasMessageContainingAll(
            "cannot write " + folder.resolve(Fetching.PART), "of 100000 bytes", "No space left");
    assertThat(fetching.failures()).isEmpty();
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void whatCannotFitIsRefusedBeforeItIsFetched() {
    long petabytes = 1L << 59;
    RemoteFile huge =
        new RemoteFile("huge", List.of(server.url("huge")), petabytes, fetching().sha256());
    assertThatThrownBy(() -> fetching().files(List.of(huge)))
        .isInstanceOf(DownloadException.class)
        .hasMessageContaining("but " + petabytes + " are to be fetched");
    assertThat(server.requests()).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void anInterruptedFetchGoesOnLater() throws Exception {
    try (ScriptedServer slow =
        ScriptedServer.of(
            ScriptedServer.stalling(cut(BODY, 40_000, "ETag: \"v1\"")), ranged(BODY, "\"v1\""))) {
      assertThatThrownBy(() -> fetching().interruptAt(40_000).from(slow))
          .isInstanceOf(InterruptedException.class);
      assertThat(folder.resolve(Fetching.NAME)).doesNotExist();
      assertThat(folder.resolve(Fetching.PART)).hasBinaryContent(Arrays.copyOf(BODY, 40_000));
      fetching().from(slow);
      assertThat(folder.resolve(Fetching.NAME)).hasBinaryContent(BODY);
      assertThat(slow.requests().getLast().headers()).containsEntry("Range", "bytes=40000-");
    }
  }

  /** The last bytes are there, the check is not: it is made up for, without the network. */
  @Test
  void anInterruptBeforeTheCheckLosesNothing() throws Exception {
    assertThatThrownBy(() -> fetching().interruptAt(100_000).from(server))
        .isInstanceOf(InterruptedException.class);
    assertThat(folder.resolve(Fetching.PART)).hasBinaryContent(BODY);
    fetching().from(server);
    assertThat(folder.resolve(Fetching.NAME)).hasBinaryContent(BODY);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void anInterruptWhileLookingIsOneToo() throws Exception {
    fetching().from(server);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> fetching().from(server)).isInstanceOf(InterruptedException.class);
    assertThat(folder.resolve(Fetching.NAME)).hasBinaryContent(BODY);
  }

  @Test
  void twoAtATimeAreRefused() throws Exception {
    RemoteFile file = fetching().file(List.of(server.url(Fetching.NAME)));
    try (PartFile held = PartFile.open(folder, file)) {
      assertThat(held.size()).isZero();
      assertThatThrownBy(() -> fetching().from(server))
          .isInstanceOf(DownloadException.class)
          .hasMessageContaining(folder.resolve(Fetching.PART) + " is being fetched");
    }
    assertThat(folder).isEmptyDirectory();
    fetching().from(server);
  }

  /** While bytes come, the name stands for nothing or for the old file. */
  @Test
  void theNameAppearsOnlyWhenTheFileIsRight() throws Exception {
    Path file = folder.resolve(Fetching.NAME);
    try (ScriptedServer slow = ScriptedServer.of(whole(BODY));
        Downloader downloader =
            new Downloader(
                DownloadSettings.defaults(),
                new DownloadListener() {
                  @Override
                  public void onProgress(RemoteFile f, long done) {
                    assertThat(file).doesNotExist();
                  }

                  @Override
                  public void onFetched(RemoteFile f, Path path) {
                    assertThat(path).isEqualTo(file).hasBinaryContent(BODY);
                  }
                })) {
      downloader.fetch(List.of(fetching().file(List.of(slow.url("x")))), folder, false);
    }
  }
}
