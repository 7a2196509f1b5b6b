package dev.feedlight.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first place that can be used is taken, the same one each time. */
final class CacheFolderTest {
  @Test
  void placesThatCannotBeUsedArePassedOver(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    Path belowFile = file.resolve("feedlight");
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
    Path good = folder.resolve("a/b");
    Path later = folder.resolve("later");
    List<Path> places = List.of(belowFile, file, link, good, later);
    assertThat(CacheFolder.firstUsable(places)).isEqualTo(good);
    assertThat(CacheFolder.firstUsable(places)).isEqualTo(good).isEmptyDirectory();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(good)))
        .isEqualTo("rwx------");
    assertThat(later).doesNotExist();
    assertThatThrownBy(() -> CacheFolder.firstUsable(List.of(belowFile, link)))
        .isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("none of the folders", link.toString(), "XDG_CACHE_HOME");
  }
}
