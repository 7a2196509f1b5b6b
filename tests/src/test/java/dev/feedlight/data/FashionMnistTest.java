package dev.feedlight.data;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded subset, and directories of four files. */
final class FashionMnistTest {
  @Test
  void embeddedSubsetIsBalanced() {
    Split split = FashionMnist.embedded();
    assertThat(split.training().size()).isEqualTo(7500);
    assertThat(split.test().size()).isEqualTo(1500);
    assertThat(split.training().inputs()).isEqualTo(784);
    assertThat(split.training().outputs()).isEqualTo(10);
    assertThat(split.training().task()).isEqualTo(Task.CLASSIFICATION);
    assertThat(labelCounts(split.training())).containsOnly(750);
    assertThat(labelCounts(split.test())).containsOnly(150);
  }

  @Test
  void embeddedTrainingInputsAreStandardised() {
    Split split = FashionMnist.embedded();
    double[] training = meanAndVariance(split.training());
    assertThat(training[0]).isCloseTo(0, within(1e-6));
    assertThat(training[1]).isCloseTo(1, within(1e-6));
    // The test images keep the map of the training images, so they are near 0 and 1, not at them.
    double[] test = meanAndVariance(split.test());
    assertThat(test[0]).isCloseTo(0, within(0.05)).isNotCloseTo(0, within(1e-6));
    assertThat(test[1]).isCloseTo(1, within(0.05)).isNotCloseTo(1, within(1e-6));
    assertThat(((ImageDataset) split.test()).standardization())
        .isEqualTo(((ImageDataset) split.training()).standardization());
  }

  @Test
  void embeddedSubsetCarriesItsLicence() throws IOException {
    try (InputStream in = FashionMnist.class.getResourceAsStream("fashion-mnist-subset/LICENSE")) {
      assertThat(new String(in.readAllBytes(), UTF_8)).contains("MIT License", "Zalando SE");
    }
  }

  @Test
  void inputIsStandardisedPixelsAtAnyOffset(@TempDir Path directory) throws IOException {
    IdxBytes.writeSet(directory);
    Dataset training = FashionMnist.load(directory).training();
    // The 18 training pixels are 0 to 17.
    double mean = 8.5 / 255;
    double deviation = Math.sqrt((18 * 18 - 1) / 12.0) / 255;
    byte[] bytes = new byte[3 + 6 * 4 + 2];
    MemorySegment heap = MemorySegment.ofArray(bytes);
    training.input(2, heap, 3);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment nativeMemory = arena.allocate(6 * 4);
      training.input(2, nativeMemory, 0);
      for (int i = 0; i < 6; i++) {
        float expected = (float) (((12 + i) / 255.0 - mean) / deviation);
        assertThat(heap.get(JAVA_FLOAT_UNALIGNED, 3 + 4 * i)).isEqualTo(expected, within(1e-6f));
        assertThat(nativeMemory.getAtIndex(JAVA_FLOAT_UNALIGNED, i))
            .isEqualTo(heap.get(JAVA_FLOAT_UNALIGNED, 3 + 4 * i));
      }
    }
    assertThat(new byte[] {bytes[0], bytes[1], bytes[2], bytes[27], bytes[28]}).containsOnly(0);
    assertThat(training.label(1)).isEqualTo(9);
    assertThat(((ImageDataset) training).rows()).isEqualTo(2);
    assertThat(((ImageDataset) training).columns()).isEqualTo(3);
  }

  @Test
  void refusesBadIndicesAndShortDestinationsBeforeWriting(@TempDir Path directory)
      throws IOException {
    IdxBytes.writeSet(directory);
    Dataset test = FashionMnist.load(directory).test();
    MemorySegment dst = MemorySegment.ofArray(new float[6]);
    assertThatThrownBy(() -> test.input(2, dst, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> test.input(-1, dst, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> test.input(0, dst, 4)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> test.label(2)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> test.target(0, dst, 0)).isInstanceOf(IllegalStateException.class);
    assertThat(dst.toArray(JAVA_FLOAT_UNALIGNED)).containsOnly(0f);
  }

  @Test
  void namesMissingFilesAndWhereToGetThem(@TempDir Path directory) throws IOException {
    IdxBytes.writeSet(directory);
    Files.delete(directory.resolve("train-labels-idx1-ubyte.gz"));
    Files.delete(directory.resolve("t10k-images-idx3-ubyte.gz"));
    refuses(
        directory,
        directory.toString(),
        "lacks 2 of 4",
        "train-labels-idx1-ubyte[.gz], t10k-images-idx3-ubyte[.gz]",
        FashionMnist.SOURCE);
    refuses(directory.resolve("absent"), "absent is not a directory");
    refuses(directory.resolve("t10k-labels-idx1-ubyte"), "is not a directory");
  }

  @Test
  void refusesCountsThatDisagree(@TempDir Path directory) throws IOException {
    IdxBytes.writeSet(directory);
    Files.write(directory.resolve("t10k-labels-idx1-ubyte"), IdxBytes.labels(1, 2, 3));
    refuses(directory, "t10k-labels-idx1-ubyte has 3 labels for the 2 images", "t10k-images");
  }

  @Test
  void refusesLabelsBeyondTheClasses(@TempDir Path directory) throws IOException {
    IdxBytes.writeSet(directory);
    Files.write(directory.resolve("t10k-labels-idx1-ubyte"), IdxBytes.labels(1, 10));
    refuses(directory, "t10k-labels-idx1-ubyte: label 1 is 10", "10 classes (0 to 9)");
    assertThat(FashionMnist.load(directory, 11).test().label(1)).isEqualTo(10);
    assertThatThrownBy(() -> FashionMnist.load(directory, 9))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("label 1 is 9");
    for (int classes : new int[] {0, 257}) {
      assertThatThrownBy(() -> FashionMnist.load(directory, classes))
          .isInstanceOf(DataException.class)
          .hasMessageContaining(classes + " classes");
    }
  }

  @Test
  void refusesImagesOfTwoShapes(@TempDir Path directory) throws IOException {
    IdxBytes.writeSet(directory);
    Files.write(directory.resolve("t10k-images-idx3-ubyte.gz"), IdxBytes.images(2, 3, 2));
    refuses(directory, "2 x 3 pixels", "3 x 2");
  }

  @Test
  void refusesImagesOfOneGrey(@TempDir Path directory) throws IOException {
    IdxBytes.writeSet(directory);
    byte[] flat = IdxBytes.images(3, 2, 3);
    Arrays.fill(flat, 16, flat.length, (byte) 7);
    Files.write(directory.resolve("train-images-idx3-ubyte"), flat);
    refuses(directory, "all 18 pixels are 7");
  }

  @Test
  void namesDamagedFiles(@TempDir Path directory) throws IOException {
    IdxBytes.writeSet(directory);
    Files.write(directory.resolve("train-images-idx3-ubyte"), new byte[20]);
    refuses(directory, "train-images-idx3-ubyte", "0x00000000");
  }

  private static void refuses(Path directory, String... said) {
    assertThatThrownBy(() -> FashionMnist.load(directory))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(said);
  }

  static int[] labelCounts(Dataset data) {
    int[] counts = new int[data.outputs()];
    for (long i = 0; i < data.size(); i++) {
      counts[data.label(i)]++;
    }
    return counts;
  }

  static double[] meanAndVariance(Dataset data) {
    float[] input = new float[data.inputs()];
    MemorySegment dst = MemorySegment.ofArray(input);
    double sum = 0;
    double squares = 0;
    for (long i = 0; i < data.size(); i++) {
      data.input(i, dst, 0);
      for (float value : input) {
        sum += value;
        squares += (double) value * value;
      }
    }
    double n = (double) data.size() * data.inputs();
    return new double[] {sum / n, squares / n - (sum / n) * (sum / n)};
  }
}
