package dev.feedlight.io;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An open npz file: a zip archive of npy files, stored or deflated, as {@code numpy.savez} and
 * {@code numpy.savez_compressed} write it. A tensor has the name of its entry without {@code .npy};
 * names are mere names and never paths. The directory and the header of every array are checked
 * when the file is opened; checksums when an array is read.
 *
 * <p>Stricter than NumPy in this: no comment behind the archive, no entry that is not an array, no
 * two of one name, none that overlap, no Python objects.
 */
public final class NpzFile implements TensorFile {
  /** The end of such a file's name. */
  public static final String ENDING = ".npz";

  private final String source;
  private final SeekableByteChannel channel;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final List<TensorInfo> tensors;

  /** An array in the archive. */
  private record Entry(ZipDirectory.Entry zip, TensorInfo info) {}

  private NpzFile(String source, SeekableByteChannel channel) throws IOException {
    this.source = source;
    this.channel = channel;
    for (ZipDirectory.Entry zip : ZipDirectory.read(channel, source)) {
      if (!zip.name().endsWith(NpyFile.ENDING)) {
        throw new FormatException(source, "has the entry " + zip.name() + ", which is no array");
      }
      String name = zip.name().substring(0, zip.name().length() - NpyFile.ENDING.length());
      try (ZipEntryBytes bytes = new ZipEntryBytes(source, channel, zip)) {
        NpyHeader header = header(bytes, zip);
        Entry entry = new Entry(zip, new TensorInfo(name, header.type(), header.extents()));
        if (entries.putIfAbsent(name, entry) != null) {
          throw new FormatException(source, "has two entries " + zip.name());
        }
      }
    }
    this.tensors = entries.values().stream().map(Entry::info).toList();
  }

  private NpyHeader header(ZipEntryBytes bytes, ZipDirectory.Entry zip) throws IOException {
    return NpyHeader.read(bytes, zip.bytes(), source + ", entry " + zip.name());
  }

  /**
   * Opens a file and checks its directory and the headers of its arrays.
   *
   * @param file on any file system
   * @return the open file, to be closed
   * @throws FormatException if the file is no sound npz file
   * @throws IOException if it cannot be read
   */
  public static NpzFile open(Path file) throws IOException {
    return open(file.toString(), Files.newByteChannel(file, StandardOpenOption.READ));
  }

  /**
   * Opens what a channel holds from its first byte to its last.
   *
   * @param source what messages call it
   * @param channel closed with the file, and at once if its content is refused
   * @return the open file, to be closed
   * @throws FormatException if the content is no sound npz file
   * @throws IOException if it cannot be read
   */
  public static NpzFile open(String source, SeekableByteChannel channel) throws IOException {
    try {
      return new NpzFile(source, channel);
    } catch (IOException | RuntimeException e) {
      try (channel) {
        throw e;
      }
    }
  }

  @Override
  public List<TensorInfo> tensors() {
    return tensors;
  }

  @Override
  public TensorInfo tensor(String name) {
    return entry(name).info();
  }

  @Override
  public void read(String name, float[] target) throws IOException {
    read(name, target.length, elements -> elements.read(target));
  }

  @Override
  public void read(String name, int[] target) throws IOException {
    read(name, target.length, elements -> elements.read(target));
  }

  @Override
  public void read(String name, byte[] target) throws IOException {
    read(name, target.length, elements -> elements.read(target));
  }

  /** Moves elements into an array. */
  private interface Reader {
    void read(Elements elements) throws IOException;
  }

  private void read(String name, int length, Reader reader) throws IOException {
    Entry entry = entry(name);
    entry.info().requireLength(length);
    try (ZipEntryBytes bytes = new ZipEntryBytes(source, channel, entry.zip())) {
      reader.read(header(bytes, entry.zip()).elements(bytes, source + ", entry " + name));
      bytes.requireEnd();
    }
  }

  private Entry entry(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new FormatException(
          source, "has no array \"" + name + "\" among its " + entries.size());
    }
    return entry;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
