package dev.feedlight.device.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The compiled kernels: one image per .cu file, from the jar or from a folder.
 *
 * @param folder where they are instead of the jar; null for the jar
 */
record KernelImages(Path folder) {
  /** Folder of images to use instead of those in the jar. */
  static final String FOLDER_PROPERTY = "feedlight.cuda.images";

  /** A module that every device needs. */
  static final String FIRST = "fill";

  private static final String RESOURCES = "kernels/";
  private static final String ENDING = ".fatbin";

  /** The folder of the system property, otherwise the jar. */
  static KernelImages find() {
    String folder = System.getProperty(FOLDER_PROPERTY, "");
    return new KernelImages(folder.isBlank() ? null : Path.of(folder));
  }

  /** Where the images are, for messages. */
  String place() {
    return folder == null ? "the jar" : folder.toString();
  }

  /** Whether there is an image of that name. */
  boolean has(String module) {
    return folder == null
        ? KernelImages.class.getResource(RESOURCES + module + ENDING) != null
        : Files.isRegularFile(folder.resolve(module + ENDING));
  }

  /**
   * Reads an image.
   *
   * @param module name of the .cu file
   * @return its bytes
   * @throws CudaException if it is missing; the message says how it is made
   */
  byte[] image(String module) {
    require(module);
    try {
      if (folder != null) {
        return Files.readAllBytes(folder.resolve(module + ENDING));
      }
      try (InputStream in = KernelImages.class.getResourceAsStream(RESOURCES + module + ENDING)) {
        return in.readAllBytes();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + module + ENDING + " of " + place(), e);
    }
  }

  /** Makes sure that there are images at all. */
  void require() {
    require(FIRST);
  }

  private void require(String module) {
    if (!has(module)) {
      throw new CudaException(
          "the kernels " + module + ENDING + " are not in " + place(),
          "build on a machine with nvcc and cmake, or name a folder of images by -D"
              + FOLDER_PROPERTY
              + "=DIR, or run with --device cpu");
    }
  }
}
