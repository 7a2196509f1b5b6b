package dev.feedlight.data.netcdf;

import dev.feedlight.data.GzipInput;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.ZipException;

/**
 * An open NetCDF file of the formats classic ({@code CDF\1}), 64-bit offset ({@code CDF\2}) and
 * NetCDF-4 (HDF5), plain or gzip; the first bytes tell, not the name. Of a NetCDF-4 file the root
 * group is read, with deflate, shuffle and fletcher32. Plain files are mapped, packed ones are held
 * in the heap.
 *
 * <p>Headers are checked against the size of the file before anything of the size that they promise
 * is allocated. Not to be used by several threads at once.
 */
public final class NetcdfFile implements AutoCloseable {
  /** Most bytes that one byte of a deflate stream can stand for (zlib technical details). */
  static final long MAX_DEFLATE_RATIO = 1032;

  private static final long MOST_UNPACKED = Integer.MAX_VALUE - 8;

  private final String name;
  private final Runnable release;
  private final NetcdfHeader header;

  private NetcdfFile(String name, Runnable release, NetcdfHeader header) {
    this.name = name;
    this.release = release;
    this.header = header;
  }

  /**
   * Opens a file.
   *
   * @param file plain or gzip
   * @return the file, to be closed
   * @throws NetcdfException if it cannot be read, is damaged, or has another format
   */
  @SuppressWarnings("MustBeClosedChecker") // with the file that is returned
  public static NetcdfFile open(Path file) {
    String name = file.toString();
    Arena arena = Arena.ofShared();
    boolean opened = false;
    try (FileChannel channel = FileChannel.open(file)) {
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      NetcdfFile open =
          new NetcdfFile(
              name, arena::close, header(name, isGzip(mapped) ? unpacked(file) : mapped));
      opened = true;
      return open;
    } catch (IOException e) {
      throw new NetcdfException(name + " cannot be read: " + e, e);
    } finally {
      if (!opened) {
        arena.close();
      }
    }
  }

  /**
   * Opens a file that is in memory.
   *
   * @param name what messages call it
   * @param contents the plain or gzip file; not to be changed while it is open
   * @return the file
   * @throws NetcdfException if it is damaged, or has another format
   */
  public static NetcdfFile of(String name, byte[] contents) {
    MemorySegment stored = MemorySegment.ofArray(contents);
    MemorySegment plain = stored;
    if (isGzip(stored)) {
      try (InputStream in = new GzipInput(new ByteArrayInputStream(contents))) {
        plain = unpacked(name, in);
      } catch (IOException e) {
        throw new NetcdfException(name + " is no sound gzip file: " + e.getMessage(), e);
      }
    }
    return new NetcdfFile(name, () -> {}, header(name, plain));
  }

  private static MemorySegment unpacked(Path file) throws IOException {
    try (InputStream in = new GzipInput(Files.newInputStream(file))) {
      return unpacked(file.toString(), in);
    } catch (ZipException | EOFException e) {
      throw new NetcdfException(file + " is no sound gzip file: " + e.getMessage(), e);
    }
  }

  private static MemorySegment unpacked(String name, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(Math.toIntExact(MOST_UNPACKED));
    if (in.read() >= 0) {
      throw new NetcdfException(
          name + " unpacks to more than " + MOST_UNPACKED + " bytes: unpack it with gzip -d");
    }
    return MemorySegment.ofArray(bytes);
  }

  private static boolean isGzip(MemorySegment bytes) {
    return begins(bytes, 0x1f, 0x8b);
  }

  private static boolean begins(MemorySegment bytes, int... magic) {
    if (bytes.byteSize() < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((bytes.get(ValueLayout.JAVA_BYTE, i) & 0xFF) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  private static NetcdfHeader header(String name, MemorySegment bytes) {
    if (begins(bytes, 'C', 'D', 'F', 1)) {
      return new ClassicHeader(name, bytes, false).read();
    }
    if (begins(bytes, 'C', 'D', 'F', 2)) {
      return new ClassicHeader(name, bytes, true).read();
    }
    if (begins(bytes, 'C', 'D', 'F', 5)) {
      throw new NetcdfException(
          name + " is of the format CDF5, which is not read: convert it with nccopy -k nc4");
    }
    if (begins(bytes, 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n')) {
      return new Hdf5Header(name, bytes).read();
    }
    throw new NetcdfException(
        String.format(
            Locale.ROOT,
            "%s, of %d bytes, is no NetCDF file: it begins neither with CDF nor as HDF5 does",
            name,
            bytes.byteSize()));
  }

  /**
   * The name that messages use.
   *
   * @return the path, or the name given
   */
  public String name() {
    return name;
  }

  /**
   * What the file says about itself.
   *
   * @return texts and numbers
   */
  public NetcdfAttributes attributes() {
    return header.attributes();
  }

  /**
   * All variables.
   *
   * @return in the order of the file where it has one
   */
  public List<NetcdfVariable> variables() {
    return header.variables();
  }

  /**
   * Looks for a variable.
   *
   * @param variable its name
   * @return empty if there is none
   */
  public Optional<NetcdfVariable> find(String variable) {
    Objects.requireNonNull(variable, "variable");
    return variables().stream().filter(v -> v.name().equals(variable)).findFirst();
  }

  /**
   * A variable that must be there.
   *
   * @param variable its name
   * @return it
   * @throws NetcdfException if there is none; the message lists those that are
   */
  public NetcdfVariable variable(String variable) {
    return find(variable)
        .orElseThrow(
            () ->
                new NetcdfException(
                    name + " has no variable " + variable + ", only " + variables()));
  }

  /** Ends the mapping; variables cannot be read any more. */
  @Override
  public void close() {
    release.run();
  }
}
