package dev.feedlight.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images are what their manifest says, or are refused by name. */
final class KernelImagesTest {
  private static final String MANIFEST = "manifest.sha256";

  @TempDir Path folder;

  /** A copy of the stand-in's images, to be damaged. */
  private void copyImages() throws IOException {
    StandIn.require();
    try (Stream<Path> files = Files.list(StandIn.images())) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
  }

  private void editManifest(String pattern, String replacement) throws IOException {
    Path manifest = folder.resolve(MANIFEST);
    Files.writeString(manifest, Files.readString(manifest).replaceAll(pattern, replacement));
  }

  private String refusal() {
    try {
      StandIn.with(folder, CudaDevice::open).close();
      return "none";
    } catch (CudaException e) {
      assertThat(e).hasMessageContaining("--device cpu");
      return e.reason();
    }
  }

  @Test
  void aWholeCopyWorks() throws IOException {
    copyImages();
    assertThat(refusal()).isEqualTo("none");
    assertThat(StandIn.with(folder, KernelImages::find).files())
        .containsKeys("fill.fatbin", "linear.fatbin", MANIFEST);
  }

  @Test
  void aDamagedImageIsNamedWithBothSums() throws IOException {
    copyImages();
    Files.writeString(folder.resolve("fill.fatbin"), "feedlight stand-in image fill\n\n");
    assertThat(refusal())
        .startsWith("fill.fatbin of " + folder + " is damaged: its SHA-256 is ")
        .containsPattern("[0-9a-f]{64}, manifest.sha256 says [0-9a-f]{64}");
  }

  /** Also one that is needed only later. */
  @Test
  void aDamagedImageIsRefusedWhenItIsFirstUsed() throws IOException {
    copyImages();
    Files.writeString(folder.resolve("linear.fatbin"), "cut");
    KernelImages images = StandIn.with(folder, KernelImages::find);
    assertThat(images.image("fill")).isNotEmpty();
    assertThatThrownBy(() -> images.image("linear"))
        .isInstanceOf(CudaException.class)
        .hasMessageContaining("linear.fatbin of " + folder + " is damaged");
    assertThatThrownBy(images::files).isInstanceOf(CudaException.class);
  }

  @Test
  void anImageWithoutALineIsRefused() throws IOException {
    copyImages();
    editManifest("[0-9a-f]{64}  fill.fatbin\n", "");
    assertThat(refusal()).isEqualTo(MANIFEST + " of " + folder + " has no line for fill.fatbin");
  }

  @Test
  void aMissingManifestIsNamed() throws IOException {
    copyImages();
    Files.delete(folder.resolve(MANIFEST));
    assertThat(refusal()).isEqualTo(MANIFEST + " is not in " + folder);
  }

  @Test
  void aManifestThatCannotBeReadIsRefusedWithItsLine() throws IOException {
    copyImages();
    editManifest("\\z", "what is this\n");
    assertThat(refusal()).contains("cannot be understood at 'what is this'");
    editManifest("what is this\n", "");
    editManifest("# code.*\n", "");
    assertThat(refusal()).contains("does not say what code there is");
  }

  @ParameterizedTest
  @CsvSource({
    "sm_75, compute_75",
    "sm_80, sm_80",
    "sm_86, sm_80",
    "sm_89, sm_80",
    "sm_90, sm_90a",
    "sm_100, sm_100",
    "sm_103, sm_100",
    "sm_120, compute_75"
  })
  void machineCodeComesBeforePtx(String gpu, String expected) {
    assertThat(manifest().chosen(gpu)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sm_61", "sm_70", "sm_72"})
  void olderOnesAreNotCovered(String gpu) {
    assertThat(manifest().chosen(gpu)).isNull();
  }

  private static KernelManifest manifest() {
    KernelManifest manifest =
        KernelManifest.parse(
            "# code sm_80 sm_90a sm_100 compute_75\n# cuda 13.0\n"
                + "0".repeat(64)
                + "  a.fatbin\n",
            "here");
    assertThat(manifest.code()).isEqualTo(List.of("sm_80", "sm_90a", "sm_100", "compute_75"));
    return manifest;
  }
}
