package dev.feedlight.crash;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What of the changes below a directory is on the disk for good: contents of files as they were
 * when last forced, names as they were when their directory was last forced. Of everything since
 * then a loss of power may keep any part, in any order; a rename is kept as a whole or not at all.
 */
final class Journal {
  private sealed interface Node {}

  private static final class FileNode implements Node {
    private final ByteArrayOutputStream now = new ByteArrayOutputStream();
    private byte[] forced = {};
  }

  private static final class DirectoryNode implements Node {
    private final Map<String, Node> now = new HashMap<>();
    private final Map<String, Node> forced = new HashMap<>();
    private final List<Change> pending = new ArrayList<>();

    private void change(Change change) {
      change.applyTo(now);
      pending.add(change);
    }
  }

  @FunctionalInterface
  private interface Change {
    void applyTo(Map<String, Node> names);
  }

  /** What a loss of power leaves. */
  enum Remains {
    /** Nothing that was not forced. */
    FORCED_ALONE,
    /** All names, and of the files that were not forced no byte. */
    NAMES_WITHOUT_CONTENTS,
    /** All contents, and no names that were not forced. */
    CONTENTS_WITHOUT_NAMES,
    /** Each change, and any length of each file, by chance. */
    BY_CHANCE
  }

  private final Path root;
  private final DirectoryNode tree;

  /** Takes what is below a directory now as forced. */
  Journal(Path root) {
    this.root = root;
    this.tree = scanned(root);
  }

  private static DirectoryNode scanned(Path directory) {
    DirectoryNode node = new DirectoryNode();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (Files.isDirectory(entry)) {
          node.now.put(name(entry), scanned(entry));
        } else {
          FileNode file = new FileNode();
          file.now.writeBytes(Files.readAllBytes(entry));
          file.forced = file.now.toByteArray();
          node.now.put(name(entry), file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    node.forced.putAll(node.now);
    return node;
  }

  private DirectoryNode directory(Path path) {
    DirectoryNode node = tree;
    for (Path name : root.relativize(path)) {
      if (!name.toString().isEmpty()) {
        node = (DirectoryNode) node.now.get(name.toString());
      }
    }
    return node;
  }

  private DirectoryNode parent(Path path) {
    return directory(path.getParent());
  }

  private FileNode file(Path path) {
    return (FileNode) parent(path).now.get(name(path));
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  void fileMade(Path path) {
    FileNode made = new FileNode();
    parent(path).change(names -> names.put(name(path), made));
  }

  void directoryMade(Path path) {
    DirectoryNode made = new DirectoryNode();
    parent(path).change(names -> names.put(name(path), made));
  }

  void written(Path path, byte[] bytes) {
    file(path).now.writeBytes(bytes);
  }

  void fileForced(Path path) {
    FileNode file = file(path);
    file.forced = file.now.toByteArray();
  }

  void directoryForced(Path path) {
    if (path.startsWith(root)) {
      DirectoryNode directory = directory(path);
      directory.forced.clear();
      directory.forced.putAll(directory.now);
      directory.pending.clear();
    }
  }

  void deleted(Path path) {
    parent(path).change(names -> names.remove(name(path)));
  }

  void moved(Path from, Path to) {
    if (!from.getParent().equals(to.getParent())) {
      throw new AssertionError("checkpoints are renamed within their folder");
    }
    Node node = parent(from).now.get(name(from));
    parent(from)
        .change(
            names -> {
              names.remove(name(from));
              names.put(name(to), node);
            });
  }

  /**
   * Writes what is left after a loss of power.
   *
   * @param remains what that is
   * @param random for what is left by chance
   * @param into an empty directory, which stands for the root
   * @throws IOException if the real disk fails
   */
  void recover(Remains remains, Random random, Path into) throws IOException {
    recover(tree, remains, random, into);
  }

  private static void recover(DirectoryNode directory, Remains remains, Random random, Path into)
      throws IOException {
    Map<String, Node> names = new HashMap<>(directory.forced);
    for (Change change : directory.pending) {
      boolean kept =
          switch (remains) {
            case FORCED_ALONE, CONTENTS_WITHOUT_NAMES -> false;
            case NAMES_WITHOUT_CONTENTS -> true;
            case BY_CHANCE -> random.nextBoolean();
          };
      if (kept) {
        change.applyTo(names);
      }
    }
    for (Map.Entry<String, Node> entry : names.entrySet()) {
      Path path = into.resolve(entry.getKey());
      switch (entry.getValue()) {
        case FileNode file -> Files.write(path, contents(file, remains, random));
        case DirectoryNode inner -> {
          Files.createDirectory(path);
          recover(inner, remains, random, path);
        }
      }
    }
  }

  private static byte[] contents(FileNode file, Remains remains, Random random) {
    byte[] now = file.now.toByteArray();
    return switch (remains) {
      case FORCED_ALONE, NAMES_WITHOUT_CONTENTS -> file.forced;
      case CONTENTS_WITHOUT_NAMES -> now;
      case BY_CHANCE -> {
        int more = random.nextInt(now.length - file.forced.length + 1);
        yield Arrays.copyOf(now, file.forced.length + more);
      }
    };
  }
}
