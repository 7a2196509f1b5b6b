package dev.feedlight.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.tensor.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tensors beyond 2^32 bytes, and what lies behind them. Files with holes: they take no disk. */
@Tag("exhaustive")
final class LargeFileTest {
  private static final int PIECE = 1 << 20;
  private static final long PIECES = 1100; // 4.3 GiB
  private static final List<TensorInfo> TENSORS =
      List.of(
          TensorInfo.vector("large", DType.F32, PIECES * PIECE),
          TensorInfo.vector("small", DType.F32, 3));

  @TempDir private Path folder;

  @Test
  void safetensors() throws IOException {
    Path path = folder.resolve("large.safetensors");
    try (Holes channel = new Holes(path)) {
      write(new SafetensorsWriter(channel, TENSORS, Map.of()));
    }
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.tensors()).isEqualTo(TENSORS);
      float[] end = new float[2];
      file.read("large", PIECES * PIECE - 2, end);
      assertThat(end).containsExactly(0, 7);
      requireSmall(file);
    }
  }

  @Test
  void npz() throws IOException {
    Path path = folder.resolve("large.npz");
    try (Holes channel = new Holes(path)) {
      write(new NpzWriter(channel, TENSORS));
    }
    try (NpzFile file = NpzFile.open(path)) {
      assertThat(file.tensors()).isEqualTo(TENSORS);
      requireSmall(file);
    }
    try (ZipFile zip = new ZipFile(path.toFile())) {
      assertThat(zip.getEntry("large.npy").getSize()).isEqualTo(PIECES * PIECE * 4 + 128);
      assertThat(zip.getInputStream(zip.getEntry("small.npy")).readAllBytes()).hasSize(128 + 12);
    }
  }

  private static void write(TensorWriter writer) throws IOException {
    float[] piece = new float[PIECE];
    for (long i = 1; i < PIECES; i++) {
      writer.write("large", piece, 0, PIECE);
    }
    piece[PIECE - 1] = 7;
    writer.write("large", piece, 0, PIECE);
    writer.write("small", new float[] {1, 2, 3}, 0, 3);
    writer.finish();
  }

  private static void requireSmall(TensorFile file) throws IOException {
    float[] small = new float[3];
    file.read("small", small);
    assertThat(small).containsExactly(1, 2, 3);
  }

  /** Leaves a hole where zeros are written. */
  private static final class Holes implements SeekableByteChannel {
    private static final ByteBuffer ZEROS = ByteBuffer.allocate(1 << 16);

    private final FileChannel file;

    Holes(Path path) throws IOException {
      file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      int count = source.remaining();
      if (!source.equals(ZEROS)) {
        return file.write(source);
      }
      source.position(source.limit());
      file.position(file.position() + count);
      return count;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      return file.read(target);
    }

    @Override
    public long position() throws IOException {
      return file.position();
    }

    @Override
    public SeekableByteChannel position(long position) throws IOException {
      file.position(position);
      return this;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public SeekableByteChannel truncate(long size) throws IOException {
      return file.truncate(size);
    }

    @Override
    public boolean isOpen() {
      return file.isOpen();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
