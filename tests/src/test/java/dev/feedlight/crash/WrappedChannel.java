package dev.feedlight.crash;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** A channel of a {@link WrappedFileSystem}: front to back, as checkpoints are written and read. */
final class WrappedChannel extends FileChannel {
  private final WrappedFileSystem.Provider provider;
  private final Path path;
  private final FileChannel real;
  private final boolean writes;

  WrappedChannel(WrappedFileSystem.Provider provider, Path path, FileChannel real, boolean writes) {
    this.provider = provider;
    this.path = path;
    this.real = real;
    this.writes = writes;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return real.read(target);
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    provider.before(Disk.Operation.WRITE, path);
    int bytes = provider.taken(source.remaining());
    ByteBuffer piece = source.slice(source.position(), bytes);
    byte[] copy = new byte[bytes];
    piece.duplicate().get(copy);
    while (piece.hasRemaining()) {
      real.write(piece);
    }
    source.position(source.position() + bytes);
    provider.journal().written(path, copy);
    return bytes;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    if (Files.isDirectory(path)) {
      provider.before(Disk.Operation.FORCE_DIRECTORY, path);
      provider.journal().directoryForced(path);
    } else {
      provider.before(Disk.Operation.FORCE, path);
      provider.journal().fileForced(path);
    }
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    return real.tryLock(position, size, shared);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    real.close();
    if (writes) {
      provider.before(Disk.Operation.CLOSE, path);
    }
  }

  @Override
  public long position() throws IOException {
    return real.position();
  }

  @Override
  public FileChannel position(long position) throws IOException {
    real.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    return real.size();
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    return real.read(target, position);
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    return real.read(targets, offset, length);
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) {
    throw unused();
  }

  @Override
  public int write(ByteBuffer source, long position) {
    throw unused();
  }

  @Override
  public FileChannel truncate(long size) {
    throw unused();
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) {
    throw unused();
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count) {
    throw unused();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) {
    throw unused();
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) {
    throw unused();
  }

  private static AssertionError unused() {
    return new AssertionError("checkpoints do not use this; extend the wrapper");
  }
}
