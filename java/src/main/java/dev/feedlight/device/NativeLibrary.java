package dev.feedlight.device;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.CRC32;

/**
 * Unpacks shared libraries from the class path into a private directory, once for all later JVMs.
 *
 * <p>The directory is named after the size and CRC-32 which the jar states for each library, so
 * another version never meets this one's files. Every start checks size and CRC-32 of the whole
 * unpacked file (93 MB: some 50 ms) and unpacks again what does not match. A file appears under its
 * name only when complete and checked (temporary file, atomic move), and one JVM at a time unpacks.
 *
 * <p>Place: the system property {@value #DIRECTORY_PROPERTY}; else the first of {@link CacheFolder}
 * that can be used. The directory belongs to the user and has mode 0700.
 */
public final class NativeLibrary {
  /** System property that names the directory. */
  public static final String DIRECTORY_PROPERTY = "feedlight.native.dir";

  private static final String TEMPORARY_SUFFIX = ".tmp";
  private static final int BUFFER_BYTES = 1 << 20;

  /** What a jar says about one of its entries. */
  record Content(long size, long crc) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%d-%08x", size, crc);
    }
  }

  /** Bytes that are to become a file. */
  private interface Source {
    Content content() throws IOException;

    InputStream open() throws IOException;
  }

  /** On the class path. */
  private record Resource(URL url) implements Source {
    @Override
    public Content content() throws IOException {
      URLConnection connection = url.openConnection();
      connection.setUseCaches(false);
      if (connection instanceof JarURLConnection jar) {
        try (JarFile file = jar.getJarFile()) {
          JarEntry entry = file.getJarEntry(jar.getEntryName());
          if (entry != null && entry.getCrc() >= 0 && entry.getSize() >= 0) {
            return new Content(entry.getSize(), entry.getCrc());
          }
        }
      }
      try (InputStream in = open()) {
        return contentOf(in);
      }
    }

    @Override
    public InputStream open() throws IOException {
      URLConnection connection = url.openConnection();
      connection.setUseCaches(false);
      return connection.getInputStream();
    }

    @Override
    public String toString() {
      return url.toString();
    }
  }

  /** Made by the caller. */
  private static final class Made implements Source {
    private final String name;
    private final byte[] bytes;

    Made(String name, byte[] bytes) {
      this.name = name;
      this.bytes = bytes;
    }

    @Override
    public Content content() throws IOException {
      return contentOf(open());
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private NativeLibrary() {}

  /**
   * Makes {@code folder/name} of the class path exist as files side by side.
   *
   * @param loader whose class path it is
   * @param folder class path folder with a trailing slash
   * @param names file names; the first one gives the directory its name
   * @param artifact Maven coordinates named when the class path lacks a file
   * @return the path of the first file
   * @throws DeviceException if a file is missing from the class path or no directory can be used
   */
  public static Path stage(ClassLoader loader, String folder, List<String> names, String artifact) {
    List<Source> sources = new ArrayList<>();
    for (String name : names) {
      URL url = loader.getResource(folder + name);
      if (url == null) {
        throw new DeviceException(
            folder + name + " is not on the class path; add the dependency " + artifact);
      }
      sources.add(new Resource(url));
    }
    return stage(names, sources);
  }

  /**
   * Makes a file of bytes that the caller has changed.
   *
   * @param name file name
   * @param bytes what the file holds
   * @return its path, in a directory of its own
   * @throws DeviceException if no directory can be used
   */
  public static Path stageBytes(String name, byte[] bytes) {
    return stage(List.of(name), List.of(new Made(name, bytes)));
  }

  private static Path stage(List<String> names, List<Source> sources) {
    List<Path> roots = roots();
    DeviceException failure = null;
    for (Path root : roots) {
      try {
        return stageBelow(root, names, sources);
      } catch (IOException | UnsupportedOperationException e) {
        if (failure == null) {
          failure =
              new DeviceException(
                  "cannot unpack "
                      + names.getFirst()
                      + " below any of "
                      + roots
                      + " ("
                      + e
                      + "); name a private writable directory by -D"
                      + DIRECTORY_PROPERTY
                      + "=DIR",
                  e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    throw failure;
  }

  private static List<Path> roots() {
    String chosen = System.getProperty(DIRECTORY_PROPERTY);
    if (chosen != null && !chosen.isBlank()) {
      return List.of(Path.of(chosen).toAbsolutePath());
    }
    return CacheFolder.places();
  }

  private static Path stageBelow(Path root, List<String> names, List<Source> sources)
      throws IOException {
    List<Content> contents = new ArrayList<>();
    for (Source source : sources) {
      contents.add(source.content());
    }
    String base = names.getFirst().replaceFirst("\\.so.*$", "");
    StringBuilder id = new StringBuilder(base);
    contents.forEach(c -> id.append('-').append(c));
    CacheFolder.makePrivate(root);
    Path directory = root.resolve(id.toString());
    CacheFolder.makePrivate(directory);
    for (int i = 0; i < names.size(); i++) {
      Path file = directory.resolve(names.get(i));
      if (!matches(file, contents.get(i))) {
        unpackLocked(sources.get(i), contents.get(i), file);
      }
    }
    return directory.resolve(names.getFirst());
  }

  private static void unpackLocked(Source source, Content content, Path file) throws IOException {
    Path lockFile = file.resolveSibling("lock");
    try (FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = lockOrNull(channel)) {
      if (matches(file, content)) {
        return;
      }
      if (lock != null) {
        removeLeftovers(file);
      }
      unpack(source, content, file);
    }
  }

  /** A file system without locks still works: every JVM then unpacks for itself. */
  private static FileLock lockOrNull(FileChannel channel) {
    try {
      return channel.lock();
    } catch (IOException | OverlappingFileLockException e) {
      return null;
    }
  }

  private static void removeLeftovers(Path file) throws IOException {
    try (DirectoryStream<Path> old =
        Files.newDirectoryStream(file.getParent(), file.getFileName() + ".*" + TEMPORARY_SUFFIX)) {
      for (Path leftover : old) {
        Files.deleteIfExists(leftover);
      }
    }
  }

  private static void unpack(Source source, Content content, Path file) throws IOException {
    Path temporary =
        Files.createTempFile(file.getParent(), file.getFileName() + ".", TEMPORARY_SUFFIX);
    try {
      try (InputStream in = source.open()) {
        Files.copy(in, temporary, StandardCopyOption.REPLACE_EXISTING);
      }
      if (!matches(temporary, content)) {
        throw new IOException(
            "unpacking " + source + " gave " + contentOf(temporary) + ", expected " + content);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static boolean matches(Path file, Content content) throws IOException {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && Files.size(file) == content.size()
        && contentOf(file).equals(content);
  }

  private static Content contentOf(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return contentOf(in);
    }
  }

  private static Content contentOf(InputStream in) throws IOException {
    CRC32 crc = new CRC32();
    byte[] buffer = new byte[BUFFER_BYTES];
    long size = 0;
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      crc.update(buffer, 0, n);
      size += n;
    }
    return new Content(size, crc.getValue());
  }
}
