package dev.feedlight.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Fashion-MNIST (Xiao, Rasul, Vollgraf, arXiv:1708.07747): 28 x 28 grey images of ten kinds of
 * clothing; and any data set in the same four files, MNIST among them. Inputs are standardised with
 * the mean and standard deviation of the training images (.2860 and .3530 for the full set, .1307
 * and .3081 for MNIST).
 */
public final class FashionMnist {
  /** Classes of Fashion-MNIST and of MNIST. */
  public static final int CLASSES = 10;

  /** Where the four files of the full set are, to be followed by a file name and {@code .gz}. */
  public static final String SOURCE = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/";

  private static final String SUBSET = "fashion-mnist-subset/";

  private FashionMnist() {}

  /** The four files. */
  private enum Part {
    TRAINING_IMAGES("train-images-idx3-ubyte"),
    TRAINING_LABELS("train-labels-idx1-ubyte"),
    TEST_IMAGES("t10k-images-idx3-ubyte"),
    TEST_LABELS("t10k-labels-idx1-ubyte");

    private final String fileName;

    Part(String fileName) {
      this.fileName = fileName;
    }

    private String resource() {
      return SUBSET + fileName + ".gz";
    }

    private Path in(Path directory) {
      Path plain = directory.resolve(fileName);
      return Files.isRegularFile(plain) ? plain : directory.resolve(fileName + ".gz");
    }
  }

  /**
   * The subset in the jar: of each class the first 750 training and the first 150 test images of
   * the full set, in its order, 7500 and 1500 in all. It needs no download and serves to try things
   * out; accuracy on it is lower than, and must not be quoted as, that of the full 60000 and 10000.
   *
   * @return the subset
   * @throws DataException if the jar is damaged
   */
  public static Split embedded() {
    return split(
        "Fashion-MNIST subset",
        CLASSES,
        IdxFile.readImages(Part.TRAINING_IMAGES.resource(), contents(Part.TRAINING_IMAGES)),
        IdxFile.readLabels(Part.TRAINING_LABELS.resource(), contents(Part.TRAINING_LABELS)),
        IdxFile.readImages(Part.TEST_IMAGES.resource(), contents(Part.TEST_IMAGES)),
        IdxFile.readLabels(Part.TEST_LABELS.resource(), contents(Part.TEST_LABELS)));
  }

  /**
   * Reads a data set of ten classes.
   *
   * @param directory holds {@code train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte}, {@code
   *     t10k-images-idx3-ubyte} and {@code t10k-labels-idx1-ubyte}, each plain or with {@code .gz}
   * @return the data set, named after the directory
   * @throws MissingFilesException if the directory or files are missing
   * @throws DataException if files are damaged, do not belong together, or hold a label above 9
   */
  public static Split load(Path directory) {
    return load(directory, CLASSES);
  }

  /**
   * Reads a data set with any number of classes.
   *
   * @param directory as for {@link #load(Path)}
   * @param classes the number of classes, 1 to 256
   * @return the data set, named after the directory
   * @throws DataException if files are missing or damaged, do not belong together, or hold a label
   *     that is not below {@code classes}
   */
  public static Split load(Path directory, int classes) {
    checkComplete(directory);
    return split(
        String.valueOf(directory.toAbsolutePath().normalize().getFileName()),
        classes,
        IdxFile.readImages(Part.TRAINING_IMAGES.in(directory)),
        IdxFile.readLabels(Part.TRAINING_LABELS.in(directory)),
        IdxFile.readImages(Part.TEST_IMAGES.in(directory)),
        IdxFile.readLabels(Part.TEST_LABELS.in(directory)));
  }

  private static Split split(
      String name,
      int classes,
      IdxFile trainingImages,
      IdxFile trainingLabels,
      IdxFile testImages,
      IdxFile testLabels) {
    if (trainingImages.rows() != testImages.rows()
        || trainingImages.columns() != testImages.columns()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s has images of %d x %d pixels, %s of %d x %d",
              trainingImages.name(),
              trainingImages.rows(),
              trainingImages.columns(),
              testImages.name(),
              testImages.rows(),
              testImages.columns()));
    }
    Standardization standardization = Standardization.measure(trainingImages);
    return new Split(
        new ImageDataset(
            name + ", training", trainingImages, trainingLabels, classes, standardization),
        new ImageDataset(name + ", test", testImages, testLabels, classes, standardization));
  }

  private static void checkComplete(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new MissingFilesException(directory + " is not a directory");
    }
    List<String> missing = new ArrayList<>();
    for (Part part : Part.values()) {
      if (!Files.isRegularFile(part.in(directory))) {
        missing.add(part.fileName + "[.gz]");
      }
    }
    if (!missing.isEmpty()) {
      throw new MissingFilesException(
          String.format(
              Locale.ROOT,
              "%s lacks %d of 4 files: %s; those of Fashion-MNIST are at %s",
              directory,
              missing.size(),
              String.join(", ", missing),
              SOURCE));
    }
  }

  private static byte[] contents(Part part) {
    try (InputStream in = FashionMnist.class.getResourceAsStream(part.resource())) {
      if (in == null) {
        throw new DataException(part.resource() + " is missing from the jar");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new DataException(part.resource() + " cannot be read from the jar: " + e, e);
    }
  }
}
