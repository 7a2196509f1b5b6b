package dev.feedlight.crash;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The default file system, behind a {@link Disk} that may fail and a {@link Journal}. */
final class WrappedFileSystem extends FileSystem {
  private static final FileSystem REAL = FileSystems.getDefault();

  private final Provider provider;

  /**
   * Wraps the directory of a test.
   *
   * @param root everything that is changed through this file system lies below it
   */
  WrappedFileSystem(Path root) {
    this.provider = new Provider(new Journal(root));
  }

  /** The same file or directory, reached through this file system. */
  Path wrap(Path path) {
    return new WrappedPath(this, path);
  }

  /** Puts in another disk; what it holds stays. */
  void disk(Disk disk) {
    provider.disk = disk;
  }

  Journal journal() {
    return provider.journal;
  }

  @Override
  public Provider provider() {
    return provider;
  }

  @Override
  public void close() {}

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public String getSeparator() {
    return REAL.getSeparator();
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    throw unused();
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    throw unused();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return REAL.supportedFileAttributeViews();
  }

  @Override
  public Path getPath(String first, String... more) {
    return wrap(REAL.getPath(first, more));
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    throw unused();
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    throw unused();
  }

  @Override
  public WatchService newWatchService() {
    throw unused();
  }

  private static AssertionError unused() {
    return new AssertionError("checkpoints do not use this; extend the wrapper");
  }

  /** Hands on, after asking the disk. */
  static final class Provider extends FileSystemProvider {
    private final Journal journal;
    private Disk disk = Disk.SOUND;

    Provider(Journal journal) {
      this.journal = journal;
    }

    void before(Disk.Operation operation, Path path) throws IOException {
      disk.before(operation, path);
    }

    int taken(int bytes) {
      return disk.taken(bytes);
    }

    Journal journal() {
      return journal;
    }

    @Override
    public FileChannel newFileChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      Path real = WrappedPath.real(path);
      boolean writes = options.contains(StandardOpenOption.WRITE);
      before(writes ? Disk.Operation.CREATE : Disk.Operation.READ, real);
      boolean isNew = Files.notExists(real, LinkOption.NOFOLLOW_LINKS);
      FileChannel channel = FileChannel.open(real, options, attributes);
      if (isNew) {
        journal.fileMade(real);
      }
      return new WrappedChannel(this, real, channel, writes);
    }

    @Override
    public SeekableByteChannel newByteChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      return newFileChannel(path, options, attributes);
    }

    @SuppressWarnings("StreamResourceLeak") // handed on, and closed with what wraps it
    @Override
    public DirectoryStream<Path> newDirectoryStream(
        Path directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
      Path real = WrappedPath.real(directory);
      before(Disk.Operation.LIST, real);
      List<Path> entries = new ArrayList<>();
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(real)) {
        for (Path entry : stream) {
          entries.add(directory.resolve(entry.getFileName()));
        }
      }
      return new DirectoryStream<>() {
        @Override
        public Iterator<Path> iterator() {
          return entries.iterator();
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
      Path real = WrappedPath.real(directory);
      before(Disk.Operation.CREATE_DIRECTORY, real);
      Files.createDirectory(real, attributes);
      journal.directoryMade(real);
    }

    @Override
    public void delete(Path path) throws IOException {
      Path real = WrappedPath.real(path);
      before(Disk.Operation.DELETE, real);
      Files.delete(real);
      journal.deleted(real);
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
      Path from = WrappedPath.real(source);
      Path to = WrappedPath.real(target);
      before(Disk.Operation.MOVE, from);
      Files.move(from, to, options);
      journal.moved(from, to);
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
      Path real = WrappedPath.real(path);
      real.getFileSystem().provider().checkAccess(real, modes);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(
        Path path, Class<A> type, LinkOption... options) throws IOException {
      return Files.readAttributes(WrappedPath.real(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
        throws IOException {
      return Files.readAttributes(WrappedPath.real(path), names, options);
    }

    @Override
    public boolean isSameFile(Path one, Path other) throws IOException {
      return Files.isSameFile(WrappedPath.real(one), WrappedPath.real(other));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
      return Files.isHidden(WrappedPath.real(path));
    }

    @Override
    public String getScheme() {
      return "wrapped";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
      throw unused();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
      throw unused();
    }

    @Override
    public Path getPath(URI uri) {
      throw unused();
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
      throw unused();
    }

    @Override
    public FileStore getFileStore(Path path) {
      throw unused();
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(
        Path path, Class<V> type, LinkOption... options) {
      throw unused();
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
      throw unused();
    }
  }
}
