package dev.feedlight.io;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * An open npy file, one array of NumPy (numpy.lib.format, versions 1.0, 2.0 and 3.0), of numbers or
 * booleans, either byte order, C or Fortran order. Its one tensor has the name of the file without
 * {@code .npy}. The header is checked when the file is opened: the elements must end where the file
 * ends.
 */
public final class NpyFile implements TensorFile {
  /** The end of such a file's name. */
  public static final String ENDING = ".npy";

  private final String source;
  private final SeekableByteChannel channel;
  private final NpyHeader header;
  private final TensorInfo info;

  private NpyFile(String source, SeekableByteChannel channel, String name) throws IOException {
    this.source = source;
    this.channel = channel.position(0);
    this.header = NpyHeader.read(ByteSource.of(channel, source), channel.size(), source);
    this.info = new TensorInfo(name, header.type(), header.extents());
  }

  /**
   * Opens a file and checks its header.
   *
   * @param file on any file system
   * @return the open file, to be closed
   * @throws FormatException if the file is no sound npy file
   * @throws IOException if it cannot be read
   */
  public static NpyFile open(Path file) throws IOException {
    String fileName = String.valueOf(file.getFileName());
    String name =
        fileName.endsWith(ENDING)
            ? fileName.substring(0, fileName.length() - ENDING.length())
            : fileName;
    return open(file.toString(), name, Files.newByteChannel(file, StandardOpenOption.READ));
  }

  /**
   * Opens what a channel holds from its first byte to its last.
   *
   * @param source what messages call it
   * @param name of its tensor
   * @param channel closed with the file, and at once if its content is refused
   * @return the open file, to be closed
   * @throws FormatException if the content is no sound npy file
   * @throws IOException if it cannot be read
   */
  public static NpyFile open(String source, String name, SeekableByteChannel channel)
      throws IOException {
    try {
      return new NpyFile(source, channel, name);
    } catch (IOException | RuntimeException e) {
      try (channel) {
        throw e;
      }
    }
  }

  @Override
  public List<TensorInfo> tensors() {
    return List.of(info);
  }

  @Override
  public TensorInfo tensor(String name) {
    if (!name.equals(info.name())) {
      throw new FormatException(source, "holds \"" + info.name() + "\", not \"" + name + "\"");
    }
    return info;
  }

  @Override
  public void read(String name, float[] target) throws IOException {
    elements(name, target.length).read(target);
  }

  @Override
  public void read(String name, int[] target) throws IOException {
    elements(name, target.length).read(target);
  }

  @Override
  public void read(String name, byte[] target) throws IOException {
    elements(name, target.length).read(target);
  }

  private Elements elements(String name, int length) throws IOException {
    tensor(name).requireLength(length);
    channel.position(header.bytes());
    return header.elements(ByteSource.of(channel, source), source);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
