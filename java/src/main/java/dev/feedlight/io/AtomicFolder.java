package dev.feedlight.io;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;

/**
 * Makes folders of a few files that are there whole or not at all: the files are written into a
 * folder of another name beside it, which is then renamed. Files are to be forced to disk by who
 * writes them, as {@link AtomicFile} does.
 */
public final class AtomicFolder {
  private AtomicFolder() {}

  /** What is written. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes all files.
     *
     * @param folder empty
     * @throws IOException if one cannot be written
     */
    void writeTo(Path folder) throws IOException;
  }

  /**
   * Makes a folder.
   *
   * @param folder its name; missing parents are made
   * @param content its files
   * @throws FileAlreadyExistsException if there is something of that name
   * @throws IOException if it cannot be written; nothing of that name is there then
   */
  public static void create(Path folder, Content content) throws IOException {
    Path target = folder.toAbsolutePath();
    if (Files.exists(target)) {
      throw new FileAlreadyExistsException(folder.toString());
    }
    Durable.createDirectories(target.getParent());
    Path writing = beside(target, "part");
    try {
      write(writing, content);
      Files.move(writing, target, StandardCopyOption.ATOMIC_MOVE);
      Durable.syncDirectory(target.getParent());
    } finally {
      Durable.deleteTree(writing);
    }
  }

  /**
   * Makes a folder in place of one that is there. The old one is renamed before the new one is, and
   * deleted after: a crash between leaves both beside their name, whole, as {@code .NAME.old} and
   * {@code .NAME.part} with the number of the process.
   *
   * @param folder its name; missing parents are made
   * @param names what the old one may hold: a folder with anything else is not the caller's
   * @param content its files
   * @throws FileAlreadyExistsException if something else is there, or a folder that holds more;
   *     nothing changes then
   * @throws IOException if it cannot be written; the old one is there then
   */
  public static void replace(Path folder, Set<String> names, Content content) throws IOException {
    Path target = folder.toAbsolutePath();
    if (!Files.exists(target)) {
      create(folder, content);
      return;
    }
    requireOnly(folder, names);
    Path writing = beside(target, "part");
    Path old = beside(target, "old");
    try {
      write(writing, content);
      Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
      try {
        Files.move(writing, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
        throw e;
      }
      Durable.syncDirectory(target.getParent());
      Durable.deleteTree(old);
    } finally {
      Durable.deleteTree(writing);
    }
  }

  private static void requireOnly(Path folder, Set<String> names) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new FileAlreadyExistsException(folder.toString(), null, "is no folder");
    }
    List<String> others =
        Durable.list(folder).stream()
            .map(path -> path.getFileName().toString())
            .filter(name -> !names.contains(name))
            .toList();
    if (!others.isEmpty()) {
      throw new FileAlreadyExistsException(
          folder.toString(), null, "holds " + others.getFirst() + ", so it is not replaced");
    }
  }

  private static void write(Path writing, Content content) throws IOException {
    Durable.deleteTree(writing);
    Files.createDirectory(writing);
    content.writeTo(writing);
    Durable.syncDirectory(writing);
  }

  private static Path beside(Path target, String what) {
    return target.resolveSibling(
        "." + target.getFileName() + "." + ProcessHandle.current().pid() + "." + what);
  }
}
