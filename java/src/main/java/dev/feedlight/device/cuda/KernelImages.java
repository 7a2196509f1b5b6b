package dev.feedlight.device.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The compiled kernels: one image per .cu file, from the jar or from a folder, with a {@link
 * KernelManifest} beside them. An image is held against its sum before anybody gets it.
 */
public final class KernelImages {
  /** Folder of images to use instead of those in the jar. */
  static final String FOLDER_PROPERTY = "feedlight.cuda.images";

  /** A module that every device needs. */
  static final String FIRST = "fill";

  /** Where the images are in the jar. */
  public static final String RESOURCES = "dev/feedlight/device/cuda/kernels/";

  private static final String ENDING = ".fatbin";
  private static final String REBUILD = "build the kernels again, or run with --device cpu";

  private final Path folder;
  private KernelManifest manifest;

  /**
   * Images of a folder.
   *
   * @param folder where they are instead of the jar; null for the jar
   */
  KernelImages(Path folder) {
    this.folder = folder;
  }

  /**
   * Those that a device would take: of the folder that the system property names, otherwise of the
   * jar.
   *
   * @return images, which may be missing
   */
  public static KernelImages find() {
    String folder = System.getProperty(FOLDER_PROPERTY, "");
    return new KernelImages(folder.isBlank() ? null : Path.of(folder));
  }

  /**
   * Where the images are, for messages.
   *
   * @return {@code the jar} or the folder
   */
  public String place() {
    return folder == null ? "the jar" : folder.toString();
  }

  /**
   * Reads an image and checks it.
   *
   * @param module name of the .cu file
   * @return its bytes
   * @throws CudaException if it is missing or is not what the manifest says; the message says how
   *     it is made
   */
  byte[] image(String module) {
    String file = module + ENDING;
    byte[] bytes = read(file);
    if (bytes == null) {
      throw missing("the kernels " + file + " are not in " + place());
    }
    String expected = manifest().sums().get(file);
    if (expected == null) {
      throw new CudaException(
          KernelManifest.NAME + " of " + place() + " has no line for " + file, REBUILD);
    }
    String found = sha256(bytes);
    if (!found.equals(expected)) {
      throw new CudaException(
          file
              + " of "
              + place()
              + " is damaged: its SHA-256 is "
              + found
              + ", "
              + KernelManifest.NAME
              + " says "
              + expected,
          REBUILD);
    }
    return bytes;
  }

  /**
   * What is said of the images, read once.
   *
   * @throws CudaException if there is no manifest, or it cannot be understood
   */
  KernelManifest manifest() {
    if (manifest == null) {
      byte[] bytes = read(KernelManifest.NAME);
      if (bytes == null) {
        throw missing(KernelManifest.NAME + " is not in " + place());
      }
      manifest = KernelManifest.parse(new String(bytes, StandardCharsets.UTF_8), place());
    }
    return manifest;
  }

  /**
   * All files, checked, the manifest among them.
   *
   * @return bytes by file name
   * @throws CudaException if there are no images, or one is not what the manifest says
   */
  public SortedMap<String, byte[]> files() {
    require();
    SortedMap<String, byte[]> files = new TreeMap<>();
    for (String file : manifest().sums().keySet()) {
      files.put(file, image(file.substring(0, file.length() - ENDING.length())));
    }
    files.put(KernelManifest.NAME, read(KernelManifest.NAME));
    return files;
  }

  /** Sixteen digits that other kernels hardly have: the beginning of the manifest's SHA-256. */
  String mark() {
    manifest();
    return sha256(read(KernelManifest.NAME)).substring(0, 16);
  }

  /** Makes sure that there are images at all. */
  void require() {
    image(FIRST);
  }

  private static CudaException missing(String reason) {
    return new CudaException(
        reason,
        "build on a machine with nvcc and cmake, or name a folder of images by -D"
            + FOLDER_PROPERTY
            + "=DIR, or run with --device cpu");
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** Null if there is no such file. */
  private byte[] read(String file) {
    try {
      if (folder != null) {
        Path path = folder.resolve(file);
        return Files.isRegularFile(path) ? Files.readAllBytes(path) : null;
      }
      try (InputStream in = KernelImages.class.getResourceAsStream("/" + RESOURCES + file)) {
        return in == null ? null : in.readAllBytes();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + " of " + place(), e);
    }
  }
}
