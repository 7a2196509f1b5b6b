package dev.feedlight.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be fetched, and what a folder holds of it. */
final class DataCatalogTest {
  private static final List<URI> URLS = List.of(URI.create("https://host/a"));
  private static final String SUM = Fetching.sha256(new byte[3]);

  @Test
  void fashionMnistHasItsFourFilesFromTwoPlaces() {
    CatalogEntry entry = DataCatalog.standard().find("fashion-mnist");
    assertThat(entry.bytes()).isEqualTo(30_878_645);
    assertThat(entry.files())
        .extracting(RemoteFile::name)
        .containsExactly(
            "train-images-idx3-ubyte.gz",
            "train-labels-idx1-ubyte.gz",
            "t10k-images-idx3-ubyte.gz",
            "t10k-labels-idx1-ubyte.gz");
    for (RemoteFile file : entry.files()) {
      assertThat(file.urls()).hasSize(2);
      assertThat(file.urls()).allMatch(url -> url.toString().endsWith("/" + file.name()));
    }
    assertThatThrownBy(() -> DataCatalog.standard().find("mnist"))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll("'mnist'", "[fashion-mnist, climatebench]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DataCatalog(List.of(entry, entry)))
        .withMessageContaining("one name");
  }

  @Test
  void aMirrorKeepsSizesAndSums() {
    CatalogEntry entry = DataCatalog.standard().find("fashion-mnist");
    for (String base : List.of("https://m/x", "https://m/x/", "https://m/x//")) {
      RemoteFile file = entry.from(URI.create(base)).files().getFirst();
      assertThat(file.urls()).containsExactly(URI.create("https://m/x/train-images-idx3-ubyte.gz"));
      assertThat(file.sha256()).isEqualTo(entry.files().getFirst().sha256());
    }
    for (String base : List.of("ftp://m/x", "nonsense", "https:///x")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> entry.from(URI.create(base)))
          .withMessageContaining("is no complete http(s) URL");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "../a", "a/b", "/a", ".hidden", "a b", "a\n", "a\0"})
  void namesHaveNoPath(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RemoteFile(name, URLS, 3, SUM))
        .withMessageContaining("is no plain name");
  }

  @Test
  void numbersAreChecked() {
    assertThatIllegalArgumentException().isThrownBy(() -> new RemoteFile("a", URLS, 0, SUM));
    assertThatIllegalArgumentException().isThrownBy(() -> new RemoteFile("a", List.of(), 3, SUM));
    assertThatIllegalArgumentException().isThrownBy(() -> new RemoteFile("a", URLS, 3, "12"));
    DownloadSettings settings = DownloadSettings.defaults();
    assertThatIllegalArgumentException().isThrownBy(() -> settings.withAttempts(0));
    assertThatIllegalArgumentException().isThrownBy(() -> settings.withAttempts(21));
    assertThatIllegalArgumentException().isThrownBy(() -> settings.withTimeout(Duration.ZERO));
  }

  @Test
  void statusTellsWhatIsThere(@TempDir Path folder) throws Exception {
    RemoteFile file = new RemoteFile("a.gz", URLS, 3, SUM);
    CatalogEntry entry = new CatalogEntry("set", "what", "free", URLS.getFirst(), List.of(file));
    assertThat(entry.status(folder.resolve("absent"))).hasToString("[a.gz is missing]");
    Files.write(folder.resolve("a.gz.part"), new byte[2]);
    assertThat(entry.status(folder)).hasToString("[a.gz is unfinished: 2 of 3 bytes]");
    Path there = Files.write(folder.resolve("a.gz"), new byte[2]);
    assertThat(entry.status(folder)).hasToString("[" + there + " has 2 bytes, not 3]");
    Files.write(there, new byte[] {0, 0, 1});
    assertThat(entry.status(folder))
        .hasToString("[" + there + " has the right size, but not the SHA-256 " + SUM + "]");
    Files.write(there, new byte[3]);
    assertThat(entry.status(folder)).hasToString("[a.gz is there and right]");
    assertThat(entry.status(folder)).allMatch(FileStatus::complete);
    assertThat(entry.readInstead(folder)).isEmpty();
    Files.write(folder.resolve("a"), new byte[3]);
    assertThat(entry.readInstead(folder)).containsExactly(folder.resolve("a"));
  }
}
