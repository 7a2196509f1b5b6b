package dev.feedlight.bench.results;

import dev.feedlight.io.AtomicFile;
import dev.feedlight.io.Json;
import dev.feedlight.io.RecordTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The {@code settings.json} of a folder of runs that can go on: all that decides what they come to,
 * so that runs of other settings are not taken for theirs.
 *
 * @param runs the folder; need not be there
 * @param settings as {@link RecordTree} makes them
 */
public record RunSettings(Path runs, Map<String, Object> settings) {
  /**
   * Refuses a folder with runs of other settings; writes nothing.
   *
   * @throws RunFolderException if there are such
   * @throws IOException if the folder cannot be read
   */
  public void check() throws IOException {
    if (!Files.exists(file())) {
      return;
    }
    List<String> differences =
        RecordTree.differences(
            Json.readObject(Files.readAllBytes(file()), file().toString()),
            settings,
            "there",
            "here");
    if (!differences.isEmpty()) {
      throw new RunFolderException(
          runs
              + " holds runs of other settings ("
              + String.join("; ", differences)
              + "): take another --out, or delete that folder first");
    }
  }

  /** Makes the folder, and the file in it. */
  public void write() throws IOException {
    Files.createDirectories(runs);
    AtomicFile.write(file(), Json.writeObject(settings));
  }

  private Path file() {
    return runs.resolve("settings.json");
  }

  /** A record as settings, to be changed. */
  public static Map<String, Object> tree(Record value) {
    Map<String, Object> tree = new LinkedHashMap<>();
    ((Map<?, ?>) RunFile.tree(value)).forEach((key, entry) -> tree.put((String) key, entry));
    return tree;
  }

  /** Values by name, each as a setting. */
  public static Map<String, Object> tree(Map<String, Object> values) {
    Map<String, Object> tree = new LinkedHashMap<>();
    values.forEach((key, value) -> tree.put(key, RecordTree.of(value)));
    return tree;
  }
}
