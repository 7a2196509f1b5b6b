package dev.feedlight.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.device.DeviceException;
import dev.feedlight.device.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unpacking, in JVMs of their own, since a process loads the library once. */
final class NativeLibraryTest {
  @TempDir Path temporary;

  /** Entry point of the forked JVMs. */
  public static void main(String[] arguments) {
    try (OneDnn oneDnn = OneDnn.open(1)) {
      System.out.println("opened " + oneDnn.version());
    } catch (DeviceException e) {
      System.out.println("refused: " + e.getMessage());
    }
  }

  private static String option(Path root) {
    return "-D" + NativeLibrary.DIRECTORY_PROPERTY + "=" + root;
  }

  private static String open(Path root) throws IOException, InterruptedException {
    return ForkedJava.run(NativeLibraryTest.class, Map.of(), option(root)).output();
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private static Path library(Path root) throws IOException {
    return files(root).stream()
        .filter(f -> f.getFileName().toString().startsWith("libdnnl.so"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void manyFirstStartsAtOnceAllWork() throws IOException, InterruptedException {
    startTogether(temporary.resolve("a").resolve("b"));
  }

  /** A hundred JVMs, ten at a time, each ten on a folder that is not there yet. */
  @Test
  @Tag("exhaustive")
  void aHundredFirstStartsAllWork() throws IOException, InterruptedException {
    for (int round = 0; round < 10; round++) {
      startTogether(temporary.resolve("round" + round));
    }
  }

  private static void startTogether(Path root) throws IOException, InterruptedException {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      processes.add(ForkedJava.start(NativeLibraryTest.class, Map.of(), option(root)));
    }
    for (Process process : processes) {
      assertThat(ForkedJava.finish(process).output()).contains("opened 3.");
    }
    assertThat(files(root)).hasSize(3); // two libraries and the lock; nothing left over
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
        .isEqualTo("rwx------");
  }

  @Test
  void damagedOrTruncatedCopiesAreReplacedAndGoodOnesKept()
      throws IOException, InterruptedException {
    Path root = temporary.resolve("cache");
    assertThat(open(root)).contains("opened 3.");
    Path library = library(root);
    byte[] good = Files.readAllBytes(library);
    FileTime written = Files.getLastModifiedTime(library);

    assertThat(open(root)).contains("opened 3.");
    assertThat(Files.getLastModifiedTime(library)).isEqualTo(written);

    byte[] damaged = good.clone();
    damaged[damaged.length / 2] ^= 1;
    Files.write(library, damaged);
    assertThat(open(root)).contains("opened 3.");
    assertThat(Files.mismatch(library, write("good", good))).isEqualTo(-1);

    Files.write(library, new byte[100]);
    Files.write(library.resolveSibling(library.getFileName() + ".1.tmp"), new byte[10]);
    assertThat(open(root)).contains("opened 3.");
    assertThat(Files.size(library)).isEqualTo(good.length);
    assertThat(files(root)).hasSize(3);
  }

  private Path write(String name, byte[] content) throws IOException {
    return Files.write(temporary.resolve(name), content);
  }

  @Test
  void unusableDirectoryIsNamedWithTheRemedy() throws IOException, InterruptedException {
    Path file = write("file", new byte[1]);
    assertThat(open(file))
        .contains("refused: cannot unpack libdnnl.so.3")
        .contains(file.toString())
        .contains("-Dfeedlight.native.dir=DIR");
  }

  @Test
  void missingJarIsNamedByItsCoordinates() {
    assertThatThrownBy(
            () ->
                NativeLibrary.stage(
                    NativeLibraryTest.class.getClassLoader(),
                    "no/such/folder/",
                    List.of("libnothing.so"),
                    "group:artifact:1"))
        .isInstanceOf(DeviceException.class)
        .hasMessage(
            "no/such/folder/libnothing.so is not on the class path; add the dependency"
                + " group:artifact:1");
  }
}
