package dev.feedlight.bench.bundle;

import dev.feedlight.device.cuda.KernelImages;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** The jar of a bundle: the built one without what the kind leaves out, with the kernels. */
final class BundleJar {
  private static final String LICENSE = "dev/feedlight/bench/bundle/LICENSE";

  private final Path built;
  private final SortedMap<String, byte[]> added = new TreeMap<>();

  /**
   * Prepares the jar.
   *
   * @param built the app's jar with all its libraries
   * @param kernels files of kernel images
   * @param commitEntry where the code looks for its commit
   * @param commit of the code
   */
  BundleJar(Path built, Map<String, byte[]> kernels, String commitEntry, String commit) {
    this.built = built;
    kernels.forEach((name, bytes) -> added.put(KernelImages.RESOURCES + name, bytes));
    added.put(commitEntry, commit.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes it.
   *
   * @param target a new file
   * @param kind what is left out
   * @param time of all entries
   * @throws IOException if something cannot be read or written
   */
  void write(Path target, BundleKind kind, Instant time) throws IOException {
    try (ZipFile from = new ZipFile(built.toFile());
        ZipOutputStream to =
            new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(target)))) {
      List<? extends ZipEntry> entries =
          from.stream()
              .filter(entry -> !entry.isDirectory() && kind.holds(entry.getName()))
              .filter(entry -> !entry.getName().startsWith(KernelImages.RESOURCES))
              .filter(entry -> !added.containsKey(entry.getName()))
              .sorted(
                  // Readers of jars as streams expect the manifest first.
                  Comparator.comparing(
                          (ZipEntry entry) -> !entry.getName().equals(JarFile.MANIFEST_NAME))
                      .thenComparing(ZipEntry::getName))
              .toList();
      for (ZipEntry entry : entries) {
        try (InputStream in = from.getInputStream(entry)) {
          begin(to, entry.getName(), time);
          in.transferTo(to);
        }
      }
      for (Map.Entry<String, byte[]> entry : added.entrySet()) {
        begin(to, entry.getKey(), time);
        to.write(entry.getValue());
      }
    }
  }

  private static void begin(ZipOutputStream to, String name, Instant time) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(time.atOffset(ZoneOffset.UTC).toLocalDateTime());
    to.putNextEntry(entry);
  }

  /**
   * The licence in the built jar.
   *
   * @throws IOException if it has none
   */
  byte[] license() throws IOException {
    try (ZipFile from = new ZipFile(built.toFile())) {
      ZipEntry entry = from.getEntry(LICENSE);
      if (entry == null) {
        throw new IOException(built + " has no " + LICENSE + ": build it with Maven");
      }
      try (InputStream in = from.getInputStream(entry)) {
        return in.readAllBytes();
      }
    }
  }
}
