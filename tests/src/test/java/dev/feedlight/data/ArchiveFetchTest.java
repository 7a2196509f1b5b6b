package dev.feedlight.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files of archives, from a server of this machine. */
@Timeout(60)
final class ArchiveFetchTest {
  private static final byte[] FIRST = Fetching.body(70_000);
  private static final byte[] SECOND = Fetching.body(3000);

  @TempDir private Path base;
  private final List<String> events = new ArrayList<>();

  private final DownloadListener listener =
      new DownloadListener() {
        @Override
        public void onFailedAttempt(
            RemoteFile file, URI url, String what, java.time.Duration pause) {
          events.add("failed: " + what);
        }

        @Override
        public void onPresent(RemoteFile file, Path path) {
          events.add("present " + file.name());
        }

        @Override
        public void onFetched(RemoteFile file, Path path) {
          events.add("fetched " + file.name());
        }
      };

  private static TarFile tar() {
    return new TarFile()
        .file("unknown.nc", Fetching.body(10_000))
        .file("first.nc", FIRST)
        .file("./second.nc", SECOND);
  }

  private static CatalogEntry entry(URI archive) {
    List<URI> urls = List.of(archive);
    List<RemoteFile> files =
        List.of(
            new RemoteFile("first.nc", urls, FIRST.length, Fetching.sha256(FIRST)),
            new RemoteFile("second.nc", urls, SECOND.length, Fetching.sha256(SECOND)));
    return CatalogEntry.inArchives(
        "set", "what", "free", archive, List.of(new RemoteArchive("set.tar.gz", urls, files)));
  }

  private Path fetch(ScriptedServer server) throws Exception {
    Path folder = base.resolve("folder");
    DownloadSettings settings =
        new DownloadSettings(
            java.time.Duration.ofSeconds(10),
            java.time.Duration.ofSeconds(1),
            2,
            java.time.Duration.ofMillis(1),
            new EnvironmentProxies(java.util.Map.of()));
    try (Downloader downloader = new Downloader(settings, listener)) {
      assertThat(downloader.fetch(entry(server.url("set.tar.gz")), folder, false))
          .containsExactly(folder.resolve("first.nc"), folder.resolve("second.nc"));
    }
    return folder;
  }

  private static void requireComplete(Path folder) throws Exception {
    assertThat(folder.resolve("first.nc")).hasBinaryContent(FIRST);
    assertThat(folder.resolve("second.nc")).hasBinaryContent(SECOND);
    try (Stream<Path> there = Files.list(folder)) {
      assertThat(there).hasSize(2);
    }
  }

  @Test
  void knownFilesAreKeptAndNothingElse() throws Exception {
    byte[] packed = tar().gzip();
    try (ScriptedServer server = ScriptedServer.of(ScriptedServer.whole(packed))) {
      requireComplete(fetch(server));
      assertThat(events).containsExactly("fetched first.nc", "fetched second.nc");
      events.clear();
      requireComplete(fetch(server));
      assertThat(events).containsExactly("present first.nc", "present second.nc");
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void whatBreaksOffKeepsTheFilesThatWereWhole() throws Exception {
    byte[] packed = tar().gzip();
    // Random bytes do not pack: the second file is in the last 3000.
    try (ScriptedServer server =
        ScriptedServer.of(
            ScriptedServer.cut(packed, packed.length - 1000), ScriptedServer.whole(packed))) {
      requireComplete(fetch(server));
      assertThat(server.requests()).hasSize(2);
    }
    assertThat(events).hasSize(3);
    assertThat(events.get(0)).isEqualTo("fetched first.nc");
    assertThat(events.get(1)).startsWith("failed: the connection broke after");
    assertThat(events.get(2)).isEqualTo("fetched second.nc");
  }

  @Test
  void aServerThatStallsIsGivenUp() throws Exception {
    byte[] packed = tar().gzip();
    ScriptedServer.Answer stalling =
        ScriptedServer.stalling(ScriptedServer.cut(packed, packed.length / 2));
    try (ScriptedServer server = ScriptedServer.of(stalling, ScriptedServer.whole(packed))) {
      requireComplete(fetch(server));
    }
    assertThat(events.getFirst()).startsWith("failed: nothing came for 1.0 s after");
  }

  @Test
  void whatIsWrongInAnArchiveIsSaid() throws Exception {
    byte[] other = FIRST.clone();
    other[5] ^= 1;
    refused(new TarFile().file("first.nc", other).gzip(), "its first.nc has not the SHA-256");
    refused(new TarFile().file("first.nc", SECOND).gzip(), "has 3000 bytes, not 70000");
    refused(new TarFile().file("first.nc", FIRST).gzip(), "the archive does not hold [second.nc]");
    Files.delete(base.resolve("folder/first.nc"));
    refused(new TarFile().file("../first.nc", FIRST).gzip(), "leads out of the folder");
    refused(new TarFile().entry("first.nc", '2', 0, new byte[0]).gzip(), "no links and devices");
    refused(new TarFile().entry("first.nc", '0', FIRST.length, SECOND).gzip(), "broke off");
    refused(FIRST, "no sound tar.gz");
    byte[] packed = tar().gzip();
    refused(Arrays.copyOf(packed, packed.length / 2), "broke off");
    try (Stream<Path> there = Files.list(base.resolve("folder"))) {
      assertThat(there.map(path -> path.getFileName().toString())).containsOnly();
    }
    try (Stream<Path> there = Files.list(base)) {
      assertThat(there).hasSize(1);
    }
  }

  private void refused(byte[] archive, String message) throws Exception {
    try (ScriptedServer server = ScriptedServer.of(ScriptedServer.whole(archive))) {
      assertThatThrownBy(() -> fetch(server))
          .isInstanceOf(DownloadException.class)
          .hasMessageContaining("set.tar.gz could not be fetched")
          .hasMessageContaining(message)
          .hasMessageContaining("second.nc (3000 bytes)");
    }
  }

  @Test
  void theCatalogKnowsClimateBench() {
    CatalogEntry set = DataCatalog.standard().find("climatebench");
    assertThat(set.files()).hasSize(8);
    assertThat(set.bytes()).isEqualTo(4 * 19_035_381L + 2 * 23_794_296 + 71_348_856 + 71_349_102);
    assertThat(set.files())
        .extracting(RemoteFile::name)
        .contains("inputs_ssp245.nc", "outputs_ssp585.nc");
    CatalogEntry mirrored = set.from(URI.create("http://localhost:1/m/"));
    assertThat(mirrored.archives().get(1).urls())
        .containsExactly(URI.create("http://localhost:1/m/test.tar.gz"));
    assertThat(mirrored.files())
        .extracting(RemoteFile::sha256)
        .isEqualTo(set.files().stream().map(RemoteFile::sha256).toList());
  }
}
