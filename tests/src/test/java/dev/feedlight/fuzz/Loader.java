package dev.feedlight.fuzz;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * A loader under test.
 *
 * @param name for messages and for repeating
 * @param corpus small files that it loads
 * @param load takes a file and uses all of it; returns normally or throws
 * @param refusals what it may throw: its documented exceptions
 * @param edits changes that know the format; changes of plain bytes are always made too
 * @param mostBytes what the thread may allocate for a file, in bytes
 */
public record Loader(
    String name,
    List<byte[]> corpus,
    Load load,
    List<Class<? extends Exception>> refusals,
    List<Edit> edits,
    ToLongFunction<byte[]> mostBytes) {
  /**
   * What a loader may allocate whatever the size of the file: its buffers (64 KiB are the largest),
   * Jackson's, the exception with its message and stack, and the names and objects of a header of a
   * few hundred bytes.
   */
  public static final long MACHINERY_BYTES = 400_000;

  /** Copies the lists. */
  public Loader {
    corpus = List.copyOf(corpus);
    refusals = List.copyOf(refusals);
    edits = List.copyOf(edits);
  }

  /** Loads a file. */
  @FunctionalInterface
  public interface Load {
    /** Returns normally, or throws one of the refusals. */
    void load(byte[] file) throws Exception;
  }

  /** Twice the file and the machinery, for files that are held as they are. */
  public static long twice(byte[] file) {
    return 2L * file.length + MACHINERY_BYTES;
  }

  /** The same of what a deflate stream as long as the file can at most stand for. */
  public static long twiceInflated(byte[] file) {
    return 2L * 1032 * file.length + MACHINERY_BYTES;
  }

  /**
   * For texts that become objects: a map's entry, a string and its bytes for every few bytes of the
   * file, some of them several times.
   */
  public static long parsed(byte[] file) {
    return 150L * file.length + MACHINERY_BYTES;
  }

  @Override
  public String toString() {
    return name;
  }
}
