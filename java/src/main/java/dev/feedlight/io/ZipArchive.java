package dev.feedlight.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An open zip archive whose files are read into memory and never unpacked to a folder. The
 * directory is checked when the archive is opened, each file's bytes against their checksum when
 * they are read. An archive with a name that would leave the folder it is unpacked to is refused as
 * a whole: whoever made it meant harm, or something else than what is wanted.
 */
public final class ZipArchive implements AutoCloseable {
  private final String source;
  private final SeekableByteChannel channel;
  private final Map<String, ZipDirectory.Entry> entries = new LinkedHashMap<>();

  private ZipArchive(String source, SeekableByteChannel channel) throws IOException {
    this.source = source;
    this.channel = channel;
    for (ZipDirectory.Entry entry : ZipDirectory.read(channel, source)) {
      if (leavesItsFolder(entry.name())) {
        throw new FormatException(
            source, "has the entry \"" + entry.name() + "\", which leaves the archive's folder");
      }
      if (entries.putIfAbsent(entry.name(), entry) != null) {
        throw new FormatException(source, "has two entries \"" + entry.name() + "\"");
      }
    }
  }

  /**
   * Opens an archive and checks its directory.
   *
   * @param file on any file system
   * @return the open archive, to be closed
   * @throws FormatException if the file is no sound zip archive
   * @throws IOException if it cannot be read
   */
  public static ZipArchive open(Path file) throws IOException {
    return open(file.toString(), Files.newByteChannel(file, StandardOpenOption.READ));
  }

  /**
   * Opens what a channel holds from its first byte to its last.
   *
   * @param source what messages call it
   * @param channel closed with the archive, and at once if its content is refused
   * @return the open archive, to be closed
   * @throws FormatException if the content is no sound zip archive
   * @throws IOException if it cannot be read
   */
  public static ZipArchive open(String source, SeekableByteChannel channel) throws IOException {
    try {
      return new ZipArchive(source, channel);
    } catch (IOException | RuntimeException e) {
      try (channel) {
        throw e;
      }
    }
  }

  private static boolean leavesItsFolder(String name) {
    return name.isEmpty()
        || name.startsWith("/")
        || name.indexOf('\\') >= 0
        || name.indexOf('\0') >= 0
        || name.matches("[A-Za-z]:.*")
        || List.of(name.split("/", -1)).contains("..");
  }

  /**
   * The names of the entries; those of folders end with a slash.
   *
   * @return in the order of their bytes
   */
  public List<String> names() {
    return List.copyOf(entries.keySet());
  }

  /**
   * Reads a file.
   *
   * @param name one of {@link #names()}
   * @param mostBytes largest size that is taken, unpacked
   * @return its bytes
   * @throws FormatException if there is none, it is larger, or its bytes do not match their
   *     checksum
   * @throws IOException if it cannot be read
   */
  public byte[] read(String name, int mostBytes) throws IOException {
    ZipDirectory.Entry entry = entries.get(name);
    if (entry == null) {
      throw new FormatException(source, "has no entry \"" + name + "\"");
    }
    if (entry.bytes() > mostBytes) {
      throw new FormatException(
          source,
          "entry \""
              + name
              + "\" has "
              + entry.bytes()
              + " bytes; at most "
              + mostBytes
              + " are taken");
    }
    byte[] bytes = new byte[(int) entry.bytes()];
    try (ZipEntryBytes in = new ZipEntryBytes(source, channel, entry)) {
      in.fill(ByteBuffer.wrap(bytes));
      in.requireEnd();
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
