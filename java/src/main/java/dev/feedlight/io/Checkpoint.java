package dev.feedlight.io;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A checkpoint whose files were all there with the sizes and checksums of its manifest when it was
 * opened.
 *
 * @param directory where it lies
 * @param step that it was written after
 * @param manifest who wrote it, see docs/file-format.md
 * @param files names of its files besides the manifest
 */
public record Checkpoint(
    Path directory, long step, Map<String, Object> manifest, List<String> files) {
  /** Keeps copies. */
  public Checkpoint {
    // Not Map.copyOf: JSON has null, and the order is that of the file.
    manifest = Collections.unmodifiableMap(new LinkedHashMap<>(manifest));
    files = List.copyOf(files);
  }

  /**
   * The path of one of its files.
   *
   * @param name for example {@code weights.safetensors}
   * @return the path
   * @throws CheckpointException if the checkpoint has no such file
   */
  public Path file(String name) {
    if (!files.contains(name)) {
      throw new CheckpointException(
          "checkpoint " + directory + " has no file " + name + ", only " + files);
    }
    return directory.resolve(name);
  }
}
