package dev.feedlight.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds checkpoints and checks them. */
final class CheckpointReader {
  static final String FORMAT_NAME = "feedlight-checkpoint";
  static final String MANIFEST = "manifest.json";
  static final String MANIFEST_DIGEST = "manifest.sha256";

  private static final Pattern NAME = Pattern.compile("step-(\\d{12,18})(?:-(\\d{1,9}))?");
  private static final Pattern FILE_NAME = Pattern.compile("[a-z][a-z0-9_.-]{0,63}");
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

  /** Most bytes of a manifest that is read (ours; one is about a kilobyte). */
  private static final long MANIFEST_LIMIT = 1 << 20;

  /** Listings of a folder while another process deletes what they name (ours). */
  private static final int LISTINGS = 100;

  /**
   * A directory with the name of a checkpoint.
   *
   * @param directory where it lies
   * @param step that it was written after, by its name
   * @param attempt 1, or more if the step had been written before
   */
  record Entry(Path directory, long step, long attempt) {}

  private CheckpointReader() {}

  /** All directories with the name of a checkpoint, newest first. */
  static List<Entry> entries(Path folder) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (Path path : Durable.list(folder)) {
      entry(path).ifPresent(entries::add);
    }
    entries.sort(
        Comparator.comparingLong(Entry::step).thenComparingLong(Entry::attempt).reversed());
    return entries;
  }

  private static Optional<Entry> entry(Path directory) {
    Path last = directory.getFileName();
    Matcher name = NAME.matcher(last == null ? "" : last.toString());
    if (!name.matches()) {
      return Optional.empty();
    }
    long attempt = name.group(2) == null ? 1 : Long.parseLong(name.group(2));
    return Optional.of(new Entry(directory, Long.parseLong(name.group(1)), attempt));
  }

  static CheckpointFolder.Search search(Path folder) {
    if (entry(folder).isPresent()
        || Files.exists(folder.resolve(MANIFEST), LinkOption.NOFOLLOW_LINKS)) {
      return new CheckpointFolder.Search(Optional.of(verify(folder)), List.of());
    }
    try {
      for (int listing = 1; ; listing++) {
        Optional<CheckpointFolder.Search> found = search(entries(folder), listing < LISTINGS);
        if (found.isPresent()) {
          return found.get();
        }
      }
    } catch (IOException e) {
      throw CheckpointException.of("cannot read the folder of checkpoints " + folder, e);
    }
  }

  /**
   * Looks through one listing.
   *
   * @return nothing if a checkpoint was deleted meanwhile, because a newer one is there
   */
  private static Optional<CheckpointFolder.Search> search(List<Entry> entries, boolean again) {
    List<CheckpointFolder.Skipped> skipped = new ArrayList<>();
    for (Entry entry : entries) {
      try {
        Checkpoint found = verify(entry.directory);
        return Optional.of(new CheckpointFolder.Search(Optional.of(found), skipped));
      } catch (CheckpointException e) {
        if (again && Files.notExists(entry.directory, LinkOption.NOFOLLOW_LINKS)) {
          return Optional.empty();
        }
        skipped.add(new CheckpointFolder.Skipped(entry.directory, e.getMessage()));
      }
    }
    return Optional.of(new CheckpointFolder.Search(Optional.empty(), skipped));
  }

  /** Reads and checks all of a checkpoint. */
  static Checkpoint verify(Path directory) {
    return verify(directory, true);
  }

  static boolean isValid(Path directory) {
    return isValid(directory, true);
  }

  /** Whether names and sizes are right; checksums would mean to read everything. */
  static boolean seemsWhole(Path directory) {
    return isValid(directory, false);
  }

  private static boolean isValid(Path directory, boolean contents) {
    try {
      verify(directory, contents);
      return true;
    } catch (CheckpointException e) {
      return false;
    }
  }

  private static Checkpoint verify(Path directory, boolean contents) {
    try {
      byte[] text = manifestBytes(directory);
      Map<String, Object> manifest = Json.readObject(text, directory.resolve(MANIFEST).toString());
      requireFormat(directory, manifest);
      require(
          manifest.get("step") instanceof Long step && step >= 0,
          directory,
          "has step " + manifest.get("step"));
      long step = (Long) manifest.get("step");
      require(
          entry(directory).map(entry -> entry.step == step).orElse(true),
          directory,
          "was written after step " + step + ", its name says another");
      require(manifest.get("files") instanceof Map<?, ?>, directory, "lists no files");
      List<String> names = new ArrayList<>();
      for (Map.Entry<?, ?> file : ((Map<?, ?>) manifest.get("files")).entrySet()) {
        names.add(verifyFile(directory, file.getKey(), file.getValue(), contents));
      }
      requireNothingElse(directory, names);
      return new Checkpoint(directory, step, manifest, names);
    } catch (FormatException e) {
      throw new CheckpointException("checkpoint " + directory + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw CheckpointException.of("checkpoint " + directory + " cannot be read", e);
    }
  }

  private static void requireFormat(Path directory, Map<String, Object> manifest) {
    require(
        FORMAT_NAME.equals(manifest.get("format"))
            && Long.valueOf(CheckpointFolder.FORMAT).equals(manifest.get("version")),
        directory,
        "has format "
            + manifest.get("format")
            + " version "
            + manifest.get("version")
            + "; this version of Feedlight reads "
            + FORMAT_NAME
            + " version "
            + CheckpointFolder.FORMAT);
  }

  private static byte[] manifestBytes(Path directory) throws IOException {
    byte[] text = small(directory, MANIFEST);
    byte[] line = small(directory, MANIFEST_DIGEST);
    require(
        Arrays.equals(line, digestLine(text)),
        directory,
        "has a manifest of SHA-256 "
            + Sha256.of(text)
            + ", which is not what "
            + MANIFEST_DIGEST
            + " says");
    return text;
  }

  /** As sha256sum writes it, so that {@code sha256sum -c} reads it. */
  static byte[] digestLine(byte[] manifest) {
    return (Sha256.of(manifest) + "  " + MANIFEST + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] small(Path directory, String name) throws IOException {
    long bytes = size(directory, name);
    require(
        bytes <= MANIFEST_LIMIT,
        directory,
        "has " + bytes + " bytes in " + name + ", more than the " + MANIFEST_LIMIT + " read");
    return Files.readAllBytes(directory.resolve(name));
  }

  /** Asked first of every file, because reading a pipe or a device might never end. */
  private static long size(Path directory, String name) throws IOException {
    BasicFileAttributes file =
        Files.readAttributes(directory.resolve(name), BasicFileAttributes.class);
    require(file.isRegularFile(), directory, "has a " + name + " that is no regular file");
    return file.size();
  }

  /** Whether a file of a checkpoint may have this name. */
  static boolean isFileName(String name) {
    return FILE_NAME.matcher(name).matches()
        && !name.equals(MANIFEST)
        && !name.equals(MANIFEST_DIGEST);
  }

  private static String verifyFile(Path directory, Object name, Object entry, boolean contents)
      throws IOException {
    require(
        name instanceof String text && isFileName(text), directory, "lists a file called " + name);
    String file = (String) name;
    require(
        entry instanceof Map<?, ?> values
            && values.get("bytes") instanceof Long
            && values.get("sha256") instanceof String sum
            && SHA_256.matcher(sum).matches(),
        directory,
        "lists " + file + " without size and SHA-256");
    Map<?, ?> values = (Map<?, ?>) entry;
    long bytes = size(directory, file);
    require(
        values.get("bytes").equals(bytes),
        directory,
        "has " + bytes + " bytes in " + file + ", " + values.get("bytes") + " were written");
    if (contents) {
      String sum = Sha256.of(directory.resolve(file));
      require(
          values.get("sha256").equals(sum),
          directory,
          "is damaged: " + file + " has SHA-256 " + sum + ", written was " + values.get("sha256"));
    }
    return file;
  }

  private static void requireNothingElse(Path directory, List<String> names) throws IOException {
    TreeSet<String> others = new TreeSet<>();
    for (Path path : Durable.list(directory)) {
      others.add(path.getFileName().toString());
    }
    names.forEach(others::remove);
    others.removeAll(List.of(MANIFEST, MANIFEST_DIGEST));
    require(others.isEmpty(), directory, "holds what its manifest does not list: " + others);
  }

  private static void require(boolean right, Path directory, String wrong) {
    if (!right) {
      throw new CheckpointException("checkpoint " + directory + " " + wrong);
    }
  }
}
