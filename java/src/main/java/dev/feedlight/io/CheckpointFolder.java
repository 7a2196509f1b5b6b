package dev.feedlight.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A folder of checkpoints, a directory per step. A checkpoint is written under a temporary name,
 * its files and its directory are forced to disk, then it gets its name and the folder is forced to
 * disk; so a crash at any time leaves whole checkpoints and perhaps a temporary directory, which
 * the next writer deletes. Nothing is ever overwritten: a step that is there already gets a second
 * directory beside it.
 *
 * <p>One writer at a time writes into a folder, a lock holds others off, and each writes later
 * steps than the one before: what was written last is the newest.
 */
public final class CheckpointFolder implements AutoCloseable {
  /** Version of the layout that is written, and the only one that is read. */
  public static final long FORMAT = 1;

  private static final String WRITING = ".writing-";
  private static final String DELETING = ".deleting-";
  private static final long MOST_STEPS = 1_000_000_000_000_000_000L;
  private static final long MOST_ATTEMPTS = 1_000_000_000L;

  /** A checkpoint that was passed over. */
  public record Skipped(Path directory, String reason) {}

  /**
   * What a folder holds.
   *
   * @param newest the newest valid checkpoint, if there is one
   * @param skipped newer ones that are damaged, newest first
   */
  public record Search(Optional<Checkpoint> newest, List<Skipped> skipped) {
    /** Keeps a copy. */
    public Search {
      skipped = List.copyOf(skipped);
    }
  }

  /** The files of a checkpoint that is being written. */
  public interface FileSet {
    /**
     * Adds a file.
     *
     * @param name lower-case letters, digits, dot, dash and underscore
     * @param content writes it
     * @throws IOException if it cannot be written
     */
    void add(String name, Content content) throws IOException;

    /**
     * Adds a file of these bytes.
     *
     * @param name as above
     * @param bytes all of it
     * @throws IOException if it cannot be written
     */
    default void add(String name, byte[] bytes) throws IOException {
      add(name, channel -> Durable.writeFully(channel, ByteBuffer.wrap(bytes)));
    }
  }

  /** Writes into a channel. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes everything.
     *
     * @param channel where to
     * @throws IOException if it cannot be written
     */
    void writeTo(WritableByteChannel channel) throws IOException;
  }

  /** Adds all files of a checkpoint. */
  @FunctionalInterface
  public interface Writer {
    /**
     * Adds them.
     *
     * @param files where to
     * @throws IOException if one cannot be written
     */
    void write(FileSet files) throws IOException;
  }

  private final Path folder;
  private final int keep;
  private final FolderLock lock;
  private final Set<Path> damaged = new HashSet<>();

  private CheckpointFolder(Path folder, int keep, FolderLock lock) {
    this.folder = folder;
    this.keep = keep;
    this.lock = lock;
  }

  /**
   * Opens a folder to write into; makes it if it is missing and deletes what a crash left half
   * written.
   *
   * @param folder where checkpoints lie
   * @param keep the newest so many stay, at least 1; damaged ones stay too
   * @return the folder, to be closed by the caller
   * @throws CheckpointException if it cannot be made or forced to disk, or another training run
   *     writes into it
   */
  public static CheckpointFolder open(Path folder, int keep) {
    if (keep < 1) {
      throw new IllegalArgumentException("at least 1 checkpoint is kept, not " + keep);
    }
    try {
      Durable.createDirectories(folder);
      FolderLock lock = FolderLock.tryLock(folder);
      if (lock == null) {
        throw new CheckpointException(
            "another training run writes into " + folder + "; give this one a folder of its own");
      }
      return swept(new CheckpointFolder(folder, keep, lock));
    } catch (IOException | UnsupportedOperationException e) {
      throw CheckpointException.of("cannot write into the folder of checkpoints " + folder, e);
    }
  }

  private static CheckpointFolder swept(CheckpointFolder opened) throws IOException {
    boolean good = false;
    try {
      opened.sweep();
      // Where names cannot be forced, this says so before hours of training and not after.
      Durable.syncDirectory(opened.folder);
      good = true;
      return opened;
    } finally {
      if (!good) {
        opened.lock.close();
      }
    }
  }

  private void sweep() throws IOException {
    for (Path path : Durable.list(folder)) {
      String name = path.getFileName().toString();
      if (name.startsWith(WRITING) || name.startsWith(DELETING)) {
        Durable.deleteTree(path);
      }
    }
  }

  /**
   * Refuses a folder whose newest valid checkpoint is of a later step: it would stay the newest,
   * whatever is written now.
   *
   * @param step that this writer stands at
   * @throws CheckpointException if there is one, or if the folder cannot be read
   */
  public void requireNoneAfter(long step) {
    try {
      for (CheckpointReader.Entry entry : CheckpointReader.entries(folder)) {
        if (entry.step() <= step) {
          return;
        }
        if (!damaged.contains(entry.directory())) {
          if (CheckpointReader.isValid(entry.directory())) {
            throw new CheckpointException(
                "the folder of checkpoints "
                    + folder
                    + " holds "
                    + entry.directory().getFileName()
                    + ", and this run stands at step "
                    + step
                    + "; load it, or give this run a folder of its own");
          }
          damaged.add(entry.directory());
        }
      }
    } catch (IOException e) {
      throw CheckpointException.of("cannot read the folder of checkpoints " + folder, e);
    }
  }

  /**
   * Writes a checkpoint and then deletes the oldest beyond those to keep. If this fails, all older
   * checkpoints are still there, and nothing half written has the name of one.
   *
   * @param step that it is written after, at least 0 and below 10^18
   * @param identity who writes it; goes into the manifest
   * @param writer adds its files
   * @return where it lies
   * @throws CheckpointException if it cannot be written, or if it is written and older ones cannot
   *     be deleted; the message says which; also if the folder holds a later one, see {@link
   *     #requireNoneAfter}
   */
  public Path save(long step, Map<String, Object> identity, Writer writer) {
    if (step < 0 || step >= MOST_STEPS) {
      throw new IllegalArgumentException("no checkpoint after step " + step);
    }
    requireNoneAfter(step);
    Path target = write(step, identity, writer);
    try {
      prune(target);
    } catch (IOException e) {
      throw CheckpointException.of(
          "checkpoint " + target + " is written, but older ones cannot be deleted", e);
    }
    return target;
  }

  private Path write(long step, Map<String, Object> identity, Writer writer) {
    Path temporary = folder.resolve(WRITING + step);
    boolean named = false;
    try {
      Durable.deleteTree(temporary);
      Files.createDirectory(temporary);
      fill(temporary, step, identity, writer);
      Path target = free(step);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      named = true;
      Durable.syncDirectory(folder);
      return target;
    } catch (IOException e) {
      throw CheckpointException.of(
          "cannot write a checkpoint after step " + step + " into " + folder, e);
    } finally {
      if (!named) {
        discard(temporary);
      }
    }
  }

  private static void fill(Path directory, long step, Map<String, Object> identity, Writer writer)
      throws IOException {
    Map<String, Object> files = new LinkedHashMap<>();
    writer.write((name, content) -> files.put(name, add(directory, files, name, content)));
    Map<String, Object> manifest = new LinkedHashMap<>();
    manifest.put("format", CheckpointReader.FORMAT_NAME);
    manifest.put("version", FORMAT);
    manifest.put("step", step);
    manifest.putAll(identity);
    manifest.put("files", files);
    byte[] text = Json.writeObject(manifest);
    Durable.write(directory.resolve(CheckpointReader.MANIFEST), text);
    Durable.write(
        directory.resolve(CheckpointReader.MANIFEST_DIGEST), CheckpointReader.digestLine(text));
    Durable.syncDirectory(directory);
  }

  private static void discard(Path temporary) {
    try {
      Durable.deleteTree(temporary);
    } catch (IOException e) {
      // What stopped the writing is on its way to the caller; the next writer deletes the rest.
    }
  }

  private static Map<String, Object> add(
      Path directory, Map<String, Object> files, String name, Content content) throws IOException {
    if (!CheckpointReader.isFileName(name) || files.containsKey(name)) {
      throw new IllegalArgumentException("a checkpoint cannot have another file called " + name);
    }
    Durable.Digest digest = Durable.write(directory.resolve(name), content::writeTo);
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("bytes", digest.bytes());
    entry.put("sha256", digest.sha256());
    return entry;
  }

  /** The name after all that the step has had: what is written last is the newest. */
  private Path free(long step) throws IOException {
    long attempt = 1;
    for (CheckpointReader.Entry entry : CheckpointReader.entries(folder)) {
      if (entry.step() == step) {
        attempt = Math.max(attempt, entry.attempt() + 1);
      }
    }
    if (attempt >= MOST_ATTEMPTS) {
      throw new IOException("step " + step + " has no free name beside attempt " + (attempt - 1));
    }
    String name = String.format(Locale.ROOT, "step-%012d", step);
    return folder.resolve(attempt == 1 ? name : name + "-" + attempt);
  }

  /** Deletes what is older than the one just written and the newest whole ones to keep with it. */
  private void prune(Path written) throws IOException {
    List<CheckpointReader.Entry> entries = CheckpointReader.entries(folder);
    if (entries.size() <= keep) {
      return;
    }
    int kept = 0;
    for (CheckpointReader.Entry entry : entries) {
      Path name = entry.directory().getFileName();
      if (kept == 0) {
        // Those before it are damaged, or it would not have been written.
        kept = name.equals(written.getFileName()) ? 1 : 0;
      } else if (!damaged.contains(entry.directory())
          && CheckpointReader.seemsWhole(entry.directory())
          && ++kept > keep) {
        // Under its own name a directory is never half there.
        Files.move(
            entry.directory(), folder.resolve(DELETING + name), StandardCopyOption.ATOMIC_MOVE);
      }
    }
    if (kept > keep) {
      Durable.syncDirectory(folder);
      sweep();
    }
  }

  /**
   * Finds the newest valid checkpoint, reading all of it; damaged ones are passed over. Another
   * process may write into the folder meanwhile.
   *
   * @param folder where checkpoints lie, which may be missing; or the directory of one checkpoint,
   *     which is then the only one looked at
   * @return the newest valid checkpoint and what was passed over
   * @throws CheckpointException if the folder cannot be read, or the one checkpoint is damaged
   */
  public static Search search(Path folder) {
    return CheckpointReader.search(folder);
  }

  /** Lets other processes write into the folder; idempotent. */
  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw CheckpointException.of("cannot unlock the folder of checkpoints " + folder, e);
    }
  }
}
