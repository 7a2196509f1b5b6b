package dev.feedlight.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A folder of checkpoints, a directory per step. A checkpoint is written under a temporary name,
 * its files and its directory are forced to disk, then it gets its name and the folder is forced to
 * disk; so a crash at any time leaves whole checkpoints and perhaps a temporary directory, which
 * the next writer deletes. Nothing is ever overwritten: a step that is there already gets a second
 * directory beside it.
 *
 * <p>One process at a time writes into a folder; a lock file holds others off.
 */
public final class CheckpointFolder implements AutoCloseable {
  /** Version of the layout that is written, and the only one that is read. */
  public static final long FORMAT = 1;

  private static final String FORMAT_NAME = "feedlight-checkpoint";

  static final String MANIFEST = "manifest.json";
  static final String MANIFEST_DIGEST = "manifest.sha256";

  private static final String LOCK = ".lock";
  private static final String WRITING = ".writing-";
  private static final String DELETING = ".deleting-";
  private static final Pattern NAME = Pattern.compile("step-(\\d{12,18})(?:-(\\d{1,9}))?");
  private static final Pattern FILE_NAME = Pattern.compile("[a-z][a-z0-9_.-]{0,63}");
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

  /** Most bytes of a manifest that is read (ours; one is about a kilobyte). */
  private static final long MANIFEST_LIMIT = 1 << 20;

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

  private record Entry(Path directory, long step, long attempt) {}

  private final Path folder;
  private final int keep;
  private final FileChannel lockChannel;

  private CheckpointFolder(Path folder, int keep, FileChannel lockChannel) {
    this.folder = folder;
    this.keep = keep;
    this.lockChannel = lockChannel;
  }

  /**
   * Opens a folder to write into; makes it if it is missing and deletes what a crash left half
   * written.
   *
   * @param folder where checkpoints lie
   * @param keep the newest so many stay, at least 1; damaged ones stay too
   * @return the folder, to be closed by the caller
   * @throws CheckpointException if it cannot be made, or another process writes into it
   */
  public static CheckpointFolder open(Path folder, int keep) {
    if (keep < 1) {
      throw new IllegalArgumentException("at least 1 checkpoint is kept, not " + keep);
    }
    FileChannel channel = null;
    boolean opened = false;
    try {
      Durable.createDirectories(folder);
      channel =
          FileChannel.open(
              folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!lock(channel)) {
        throw new CheckpointException(
            "another training run writes into " + folder + "; give this one a folder of its own");
      }
      CheckpointFolder result = new CheckpointFolder(folder, keep, channel);
      result.sweep();
      opened = true;
      return result;
    } catch (IOException e) {
      throw failure("cannot write into the folder of checkpoints " + folder, e);
    } finally {
      if (!opened && channel != null) {
        closeQuietly(channel);
      }
    }
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // The exception under way says more.
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
   * Writes a checkpoint and then deletes the oldest beyond those to keep. If this fails, the folder
   * holds the checkpoints that it held before.
   *
   * @param step that it is written after, at least 0
   * @param identity who writes it; goes into the manifest
   * @param writer adds its files
   * @return where it lies
   * @throws CheckpointException if it cannot be written
   */
  public Path save(long step, Map<String, Object> identity, Writer writer) {
    if (step < 0 || step >= 1_000_000_000_000_000_000L) {
      throw new IllegalArgumentException("no checkpoint after step " + step);
    }
    Path temporary = folder.resolve(WRITING + step);
    Path target;
    boolean written = false;
    try {
      Durable.deleteTree(temporary);
      Files.createDirectory(temporary);
      fill(temporary, step, identity, writer);
      target = free(step);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      written = true;
      Durable.syncDirectory(folder);
    } catch (IOException e) {
      throw failure("cannot write a checkpoint after step " + step + " into " + folder, e);
    } finally {
      if (!written) {
        discard(temporary);
      }
    }
    try {
      prune();
    } catch (IOException e) {
      throw failure("checkpoint " + target + " is written, but older ones cannot be deleted", e);
    }
    return target;
  }

  private static void fill(Path directory, long step, Map<String, Object> identity, Writer writer)
      throws IOException {
    Map<String, Object> files = new LinkedHashMap<>();
    writer.write((name, content) -> files.put(name, add(directory, files, name, content)));
    Map<String, Object> manifest = new LinkedHashMap<>();
    manifest.put("format", FORMAT_NAME);
    manifest.put("version", FORMAT);
    manifest.put("step", step);
    manifest.putAll(identity);
    manifest.put("files", files);
    byte[] text = Json.writeObject(manifest);
    Durable.write(directory.resolve(MANIFEST), text);
    Durable.write(directory.resolve(MANIFEST_DIGEST), digestLine(text));
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
    if (!FILE_NAME.matcher(name).matches() || reserved(name) || files.containsKey(name)) {
      throw new IllegalArgumentException("a checkpoint cannot have another file called " + name);
    }
    Durable.Digest digest = Durable.write(directory.resolve(name), content::writeTo);
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("bytes", digest.bytes());
    entry.put("sha256", digest.sha256());
    return entry;
  }

  private static boolean reserved(String name) {
    return name.equals(MANIFEST) || name.equals(MANIFEST_DIGEST);
  }

  /** As sha256sum writes it, so that {@code sha256sum -c} reads it. */
  private static byte[] digestLine(byte[] manifest) {
    return (Durable.sha256(manifest) + "  " + MANIFEST + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  private Path free(long step) throws IOException {
    String name = String.format(Locale.ROOT, "step-%012d", step);
    Path path = folder.resolve(name);
    for (int attempt = 2; exists(path); attempt++) {
      path = folder.resolve(name + "-" + attempt);
    }
    return path;
  }

  private static boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** Deletes what is older than the newest valid ones to keep. */
  private void prune() throws IOException {
    int valid = 0;
    boolean deleted = false;
    for (Entry entry : entries(folder)) {
      if (valid < keep) {
        valid += seemsWhole(entry.directory) ? 1 : 0;
      } else if (seemsWhole(entry.directory)) {
        // Under its own name a directory is never half there.
        Path doomed = folder.resolve(DELETING + entry.directory.getFileName());
        Files.move(entry.directory, doomed, StandardCopyOption.ATOMIC_MOVE);
        Durable.deleteTree(doomed);
        deleted = true;
      }
    }
    if (deleted) {
      Durable.syncDirectory(folder);
    }
  }

  /** Whether sizes are right; checksums would mean to read all checkpoints after each one. */
  private static boolean seemsWhole(Path directory) {
    try {
      verify(directory, false);
      return true;
    } catch (CheckpointException e) {
      return false;
    }
  }

  /**
   * Finds the newest valid checkpoint, reading all of it; damaged ones are passed over.
   *
   * @param folder where checkpoints lie, which may be missing; or the directory of one checkpoint,
   *     which is then the only one looked at
   * @return the newest valid checkpoint and what was passed over
   * @throws CheckpointException if the folder cannot be read, or the one checkpoint is damaged
   */
  public static Search search(Path folder) {
    if (exists(folder.resolve(MANIFEST))) {
      return new Search(Optional.of(verify(folder, true)), List.of());
    }
    List<Skipped> skipped = new ArrayList<>();
    try {
      for (Entry entry : entries(folder)) {
        try {
          Checkpoint found = verify(entry.directory, true);
          require(
              found.step() == entry.step,
              entry.directory,
              "was written after step " + found.step());
          return new Search(Optional.of(found), skipped);
        } catch (CheckpointException e) {
          skipped.add(new Skipped(entry.directory, e.getMessage()));
        }
      }
    } catch (IOException e) {
      throw failure("cannot read the folder of checkpoints " + folder, e);
    }
    return new Search(Optional.empty(), skipped);
  }

  /** Newest first. */
  private static List<Entry> entries(Path folder) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (Path path : Durable.list(folder)) {
      Matcher name = NAME.matcher(path.getFileName().toString());
      if (name.matches()) {
        long attempt = name.group(2) == null ? 1 : Long.parseLong(name.group(2));
        entries.add(new Entry(path, Long.parseLong(name.group(1)), attempt));
      }
    }
    entries.sort(
        Comparator.comparingLong(Entry::step).thenComparingLong(Entry::attempt).reversed());
    return entries;
  }

  private static Checkpoint verify(Path directory, boolean contents) {
    try {
      byte[] text = manifestBytes(directory);
      Map<String, Object> manifest = Json.readObject(text, directory.resolve(MANIFEST).toString());
      require(FORMAT_NAME.equals(manifest.get("format")), directory, "is no checkpoint");
      require(
          Long.valueOf(FORMAT).equals(manifest.get("version")),
          directory,
          "has format version "
              + manifest.get("version")
              + "; this version of Feedlight reads "
              + FORMAT);
      require(
          manifest.get("step") instanceof Long step && step >= 0,
          directory,
          "has step " + manifest.get("step"));
      require(manifest.get("files") instanceof Map<?, ?>, directory, "lists no files");
      List<String> names = new ArrayList<>();
      for (Map.Entry<?, ?> file : ((Map<?, ?>) manifest.get("files")).entrySet()) {
        names.add(verifyFile(directory, file.getKey(), file.getValue(), contents));
      }
      return new Checkpoint(directory, (Long) manifest.get("step"), manifest, names);
    } catch (FormatException e) {
      throw new CheckpointException("checkpoint " + directory + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw failure("checkpoint " + directory + " cannot be read", e);
    }
  }

  private static byte[] manifestBytes(Path directory) throws IOException {
    byte[] text = small(directory.resolve(MANIFEST));
    byte[] line = small(directory.resolve(MANIFEST_DIGEST));
    require(
        Arrays.equals(line, digestLine(text)),
        directory,
        "has a manifest of SHA-256 "
            + Durable.sha256(text)
            + ", which is not what "
            + MANIFEST_DIGEST
            + " says");
    return text;
  }

  private static byte[] small(Path file) throws IOException {
    long bytes = Files.size(file);
    if (bytes > MANIFEST_LIMIT) {
      throw new CheckpointException(
          file + " has " + bytes + " bytes, more than the " + MANIFEST_LIMIT + " that are read");
    }
    return Files.readAllBytes(file);
  }

  private static String verifyFile(Path directory, Object name, Object entry, boolean contents)
      throws IOException {
    require(
        name instanceof String text && FILE_NAME.matcher(text).matches() && !reserved(text),
        directory,
        "lists a file called " + name);
    String file = (String) name;
    require(
        entry instanceof Map<?, ?> values
            && values.get("bytes") instanceof Long
            && values.get("sha256") instanceof String sum
            && SHA_256.matcher(sum).matches(),
        directory,
        "lists " + file + " without size and SHA-256");
    Map<?, ?> values = (Map<?, ?>) entry;
    Path path = directory.resolve(file);
    long bytes = Files.size(path);
    require(
        values.get("bytes").equals(bytes),
        directory,
        "has " + bytes + " bytes in " + file + ", " + values.get("bytes") + " were written");
    if (contents) {
      String sum = Durable.digest(path).sha256();
      require(
          values.get("sha256").equals(sum),
          directory,
          "is damaged: " + file + " has SHA-256 " + sum + ", written was " + values.get("sha256"));
    }
    return file;
  }

  private static void require(boolean right, Path directory, String wrong) {
    if (!right) {
      throw new CheckpointException("checkpoint " + directory + " " + wrong);
    }
  }

  private static CheckpointException failure(String what, IOException cause) {
    return new CheckpointException(
        what + ": " + cause.getClass().getSimpleName() + ": " + cause.getMessage(), cause);
  }

  /** Lets other processes write into the folder; idempotent. */
  @Override
  public void close() {
    try {
      lockChannel.close();
    } catch (IOException e) {
      throw failure("cannot unlock the folder of checkpoints " + folder, e);
    }
  }
}
