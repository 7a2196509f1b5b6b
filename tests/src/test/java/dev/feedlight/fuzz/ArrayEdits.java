package dev.feedlight.fuzz;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Changes inside of wrappings whose lengths and checksums are set right again, so that what is
 * behind them is reached.
 */
final class ArrayEdits {
  private static final int[] ZIP_SIGNATURES = {
    0x04034b50, 0x02014b50, 0x06054b50, 0x06064b50, 0x07064b50
  };

  private static final int LONGEST_ZIP_RECORD = 56;

  /** Nobody's file here is larger when it is unpacked. */
  private static final int MOST_UNPACKED = 1 << 20;

  private ArrayEdits() {}

  /** Changes of the JSON in a safetensors file. */
  static List<Edit> safetensors() {
    return TextEdits.all().stream().map(ArrayEdits::inSafetensors).toList();
  }

  private static Edit inSafetensors(Edit edit) {
    return (file, random) -> {
      if (file.length < Long.BYTES) {
        return file;
      }
      ByteBuffer start = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
      return inHeader(file, Long.BYTES, start.getLong(0), edit, random);
    };
  }

  /** Changes of the dictionary in a npy file. */
  static List<Edit> npy() {
    return TextEdits.all().stream().map(ArrayEdits::inNpy).toList();
  }

  private static Edit inNpy(Edit edit) {
    return (file, random) -> {
      if (file.length < 12) {
        return file;
      }
      ByteBuffer start = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
      return file[6] == 1
          ? inHeader(file, 10, Short.toUnsignedLong(start.getShort(8)), edit, random)
          : inHeader(file, 12, Integer.toUnsignedLong(start.getInt(8)), edit, random);
    };
  }

  private static byte[] inHeader(
      byte[] file, int from, long length, Edit edit, RandomGenerator random) {
    if (length < 0 || length > file.length - from) {
      return file;
    }
    int to = from + (int) length;
    byte[] header = edit.apply(Arrays.copyOfRange(file, from, to), random);
    byte[] changed = ByteEdits.replace(file, from, to, header);
    if (random.nextInt(8) > 0) {
      ByteBuffer start = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
      switch (from) {
        case 8 -> start.putLong(0, header.length);
        case 10 -> start.putShort(8, (short) header.length);
        default -> start.putInt(8, header.length);
      }
    }
    return changed;
  }

  /** Changes of what is in a gzip file, which gets a right checksum. */
  static List<Edit> gzip() {
    List<Edit> edits = new ArrayList<>();
    ByteEdits.all().forEach(edit -> edits.add(inGzip(edit)));
    edits.add(
        (file, random) -> {
          byte[] twice = Arrays.copyOf(file, 2 * file.length);
          System.arraycopy(file, 0, twice, file.length, file.length);
          return twice;
        });
    return edits;
  }

  private static Edit inGzip(Edit edit) {
    return (file, random) -> {
      byte[] plain;
      try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(file))) {
        plain = in.readNBytes(MOST_UNPACKED);
      } catch (IOException e) {
        return file;
      }
      return gzipped(edit.apply(plain, random));
    };
  }

  static byte[] gzipped(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Changes of the records of a zip file, and of the npy files in it. */
  static List<Edit> npz() {
    List<Edit> edits = new ArrayList<>();
    npy().forEach(edit -> edits.add(inZip(edit)));
    edits.addAll(zip());
    return edits;
  }

  /** Changes of the records of a zip file, and of the bytes in it. */
  static List<Edit> zip() {
    List<Edit> edits = new ArrayList<>();
    ByteEdits.all().forEach(edit -> edits.add(inZip(edit)));
    for (int i = 0; i < 6; i++) {
      edits.add(ArrayEdits::zipField);
    }
    return edits;
  }

  /** A telling number over a field of a random record. */
  private static byte[] zipField(byte[] file, RandomGenerator random) {
    ByteBuffer bytes = ByteBuffer.wrap(file.clone()).order(ByteOrder.LITTLE_ENDIAN);
    List<Integer> records = new ArrayList<>();
    for (int at = 0; at + Integer.BYTES <= file.length; at++) {
      int signature = bytes.getInt(at);
      if (Arrays.stream(ZIP_SIGNATURES).anyMatch(known -> known == signature)) {
        records.add(at);
      }
    }
    if (records.isEmpty()) {
      return file;
    }
    int at =
        records.get(random.nextInt(records.size()))
            + Integer.BYTES
            + 2 * random.nextInt(LONGEST_ZIP_RECORD / 2);
    long value = random.nextBoolean() ? ByteEdits.telling(random) : random.nextInt(64);
    if (at + Integer.BYTES > file.length) {
      return file;
    }
    if (random.nextBoolean()) {
      bytes.putShort(at, (short) value);
    } else {
      bytes.putInt(at, (int) value);
    }
    return bytes.array();
  }

  private static Edit inZip(Edit edit) {
    return (file, random) -> {
      List<String> names = new ArrayList<>();
      List<byte[]> members = new ArrayList<>();
      try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(file))) {
        for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
          // Names may be anything by now, and ZipOutputStream writes none twice.
          boolean known = names.contains(entry.getName());
          names.add(known ? names.size() + entry.getName() : entry.getName());
          members.add(in.readNBytes(MOST_UNPACKED));
        }
      } catch (IOException | IllegalArgumentException e) {
        return file;
      }
      if (members.isEmpty()) {
        return file;
      }
      int changed = random.nextInt(members.size());
      members.set(changed, edit.apply(members.get(changed), random));
      return zipped(names, members, random.nextBoolean());
    };
  }

  private static byte[] zipped(List<String> names, List<byte[]> members, boolean deflate) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (int i = 0; i < members.size(); i++) {
        byte[] content = members.get(i);
        ZipEntry entry = new ZipEntry(names.get(i));
        // Not the clock's time: a case is repeated bit by bit.
        entry.setTimeLocal(LocalDateTime.of(2000, 1, 1, 0, 0));
        if (!deflate) {
          CRC32 crc = new CRC32();
          crc.update(content);
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(content.length);
          entry.setCrc(crc.getValue());
        }
        out.putNextEntry(entry);
        out.write(content);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
