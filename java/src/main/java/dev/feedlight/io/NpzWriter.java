package dev.feedlight.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Writes a npz file that {@code numpy.load} reads: a zip archive of npy files, stored, as {@code
 * numpy.savez} writes it. The same content gives the same bytes: no date, no deflater whose version
 * matters. Archives and arrays beyond 4 GiB are written with zip64 records.
 */
public final class NpzWriter implements TensorWriter {
  private static final int VERSION = 20;
  private static final int VERSION_ZIP64 = 45;

  private final SeekableByteChannel out;
  private final Announced announced;
  private final ElementWriter elements;
  private final CRC32 crc = new CRC32();
  private final List<Written> entries = new ArrayList<>();

  /** An entry with its local header, for the directory. */
  private record Written(String name, long local, long bytes, long crc) {
    private boolean wide() {
      return bytes >= Zip.MAX_32;
    }

    private byte[] nameBytes() {
      return name.getBytes(StandardCharsets.UTF_8);
    }

    private int flags() {
      return nameBytes().length == name.length() ? 0 : Zip.FLAG_UTF8;
    }
  }

  /**
   * Begins the archive.
   *
   * @param out receives the file, from its position on, which must be 0; not closed here
   * @param tensors all that will be written, in this order; names differ
   * @throws IllegalArgumentException if two names are equal, a name is too long or no sound
   *     Unicode, or NumPy has no such type
   * @throws IOException if it cannot be written
   */
  public NpzWriter(SeekableByteChannel out, List<TensorInfo> tensors) throws IOException {
    if (out.position() != 0) {
      throw new IllegalArgumentException(
          "an archive begins at byte 0 of its file, not at " + out.position());
    }
    this.out = out;
    this.announced = new Announced(tensors);
    for (TensorInfo tensor : announced.tensors()) {
      if (name(tensor).getBytes(StandardCharsets.UTF_8).length > Zip.MAX_16
          || !JsonText.isSound(tensor.name())) {
        throw new IllegalArgumentException(
            "a name of "
                + tensor.name().length()
                + " characters is too long for an archive, or no sound Unicode");
      }
      NpyHeader.write(tensor); // refuses what NumPy has no type for
    }
    this.elements = new ElementWriter(new Summing(), announced);
    beginOrSkipEmpty();
  }

  @Override
  public void write(String name, float[] values, int from, int count) throws IOException {
    if (elements.write(name, values, from, count)) {
      endTensor();
    }
  }

  @Override
  public void write(String name, int[] values, int from, int count) throws IOException {
    if (elements.write(name, values, from, count)) {
      endTensor();
    }
  }

  @Override
  public void write(String name, byte[] values, int from, int count) throws IOException {
    if (elements.write(name, values, from, count)) {
      endTensor();
    }
  }

  private void endTensor() throws IOException {
    end();
    beginOrSkipEmpty();
  }

  private void beginOrSkipEmpty() throws IOException {
    while (announced.done() < announced.tensors().size()) {
      begin(announced.tensors().get(announced.done()));
      if (!announced.nextIsEmpty()) {
        return;
      }
      announced.advance(0);
      end();
    }
  }

  private static String name(TensorInfo tensor) {
    return tensor.name() + NpyFile.ENDING;
  }

  private void begin(TensorInfo tensor) throws IOException {
    byte[] header = NpyHeader.write(tensor);
    long bytes = Math.addExact(header.length, tensor.bytes());
    Written entry = new Written(name(tensor), out.position(), bytes, 0);
    entries.add(entry);
    byte[] name = entry.nameBytes();
    ByteBuffer local = buffer(Zip.LOCAL_HEADER_BYTES + name.length + 20);
    local.putInt(Zip.LOCAL_HEADER);
    putCommon(local, entry);
    putSizes(local, entry);
    local.putShort((short) name.length);
    local.putShort((short) (entry.wide() ? 20 : 0));
    local.put(name);
    if (entry.wide()) {
      putExtra(local, bytes, bytes);
    }
    Durable.writeFully(out, local.flip());
    crc.reset();
    elements.write(header, 0, header.length);
  }

  /** Writes the checksum, which is known only now, into the local header. */
  private void end() throws IOException {
    Written begun = entries.removeLast();
    Written entry = new Written(begun.name(), begun.local(), begun.bytes(), crc.getValue());
    entries.add(entry);
    long next = out.position();
    out.position(entry.local() + Zip.LOCAL_CRC_OFFSET);
    Durable.writeFully(out, buffer(Integer.BYTES).putInt((int) entry.crc()).flip());
    out.position(next);
  }

  /** Writes the directory. */
  @Override
  public void finish() throws IOException {
    announced.requireDone();
    long start = out.position();
    for (Written entry : entries) {
      Durable.writeFully(out, central(entry).flip());
    }
    long bytes = out.position() - start;
    Durable.writeFully(out, ends(start, bytes).flip());
  }

  private static ByteBuffer central(Written entry) {
    boolean far = entry.local() >= Zip.MAX_32;
    int extra = (entry.wide() ? 16 : 0) + (far ? 8 : 0);
    byte[] name = entry.nameBytes();
    ByteBuffer central = buffer(Zip.CENTRAL_HEADER_BYTES + name.length + 4 + extra);
    central.putInt(Zip.CENTRAL_HEADER);
    central.putShort((short) version(entry.wide() || far));
    putCommon(central, entry);
    putSizes(central, entry);
    central.putShort((short) name.length);
    central.putShort((short) (extra == 0 ? 0 : 4 + extra));
    central.putShort((short) 0); // comment
    central.putShort((short) 0); // disk
    central.putShort((short) 0); // internal attributes
    central.putInt(0); // external attributes
    central.putInt((int) Math.min(entry.local(), Zip.MAX_32));
    central.put(name);
    if (entry.wide() && far) {
      putExtra(central, entry.bytes(), entry.bytes(), entry.local());
    } else if (entry.wide()) {
      putExtra(central, entry.bytes(), entry.bytes());
    } else if (far) {
      putExtra(central, entry.local());
    }
    return central;
  }

  private ByteBuffer ends(long start, long bytes) {
    int count = entries.size();
    boolean wide = count >= Zip.MAX_16 || start >= Zip.MAX_32 || bytes >= Zip.MAX_32;
    ByteBuffer ends = buffer(Zip.ZIP64_END_BYTES + Zip.ZIP64_LOCATOR_BYTES + Zip.END_BYTES);
    if (wide) {
      ends.putInt(Zip.ZIP64_END).putLong(Zip.ZIP64_END_BYTES - 12);
      ends.putShort((short) VERSION_ZIP64).putShort((short) VERSION_ZIP64);
      ends.putInt(0).putInt(0).putLong(count).putLong(count).putLong(bytes).putLong(start);
      ends.putInt(Zip.ZIP64_LOCATOR).putInt(0).putLong(start + bytes).putInt(1);
    }
    short shortCount = (short) Math.min(count, Zip.MAX_16);
    ends.putInt(Zip.END).putInt(0).putShort(shortCount).putShort(shortCount);
    ends.putInt((int) Math.min(bytes, Zip.MAX_32)).putInt((int) Math.min(start, Zip.MAX_32));
    return ends.putShort((short) 0);
  }

  private static void putCommon(ByteBuffer header, Written entry) {
    header.putShort((short) version(entry.wide()));
    header.putShort((short) entry.flags()).putShort((short) Zip.STORED);
    header.putShort((short) 0).putShort((short) Zip.FIRST_DATE);
  }

  private static void putSizes(ByteBuffer header, Written entry) {
    int bytes = (int) Math.min(entry.bytes(), Zip.MAX_32);
    header.putInt((int) entry.crc()).putInt(bytes).putInt(bytes);
  }

  private static void putExtra(ByteBuffer header, long... numbers) {
    header.putShort((short) Zip.ZIP64_EXTRA).putShort((short) (numbers.length * Long.BYTES));
    for (long number : numbers) {
      header.putLong(number);
    }
  }

  private static int version(boolean zip64) {
    return zip64 ? VERSION_ZIP64 : VERSION;
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Passes bytes on and sums them up. */
  private final class Summing implements WritableByteChannel {
    @Override
    public int write(ByteBuffer source) throws IOException {
      ByteBuffer seen = source.duplicate();
      int written = out.write(source);
      crc.update(seen.limit(seen.position() + written));
      return written;
    }

    @Override
    public boolean isOpen() {
      return out.isOpen();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
