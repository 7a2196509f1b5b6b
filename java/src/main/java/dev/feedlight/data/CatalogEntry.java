package dev.feedlight.data;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A data set that can be fetched. Files of any size will do: none is held in memory.
 *
 * @param name what commands call it, and the name of its folder
 * @param purpose what it is and what it is for, a sentence
 * @param licence under which it may be used
 * @param home where its authors describe it
 * @param files all of them, fetched in this order
 * @param archives that hold them; none if each is fetched by itself
 */
public record CatalogEntry(
    String name,
    String purpose,
    String licence,
    URI home,
    List<RemoteFile> files,
    List<RemoteArchive> archives) {
  private static final String PACKED = ".gz";

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if there are no files, or archives hold others
   */
  public CatalogEntry {
    files = List.copyOf(files);
    archives = List.copyOf(archives);
    if (!archives.isEmpty() && !files.equals(held(archives))) {
      throw new IllegalArgumentException(name + " has files that its archives do not hold");
    }
    if (files.isEmpty()) {
      throw new IllegalArgumentException(name + " needs at least one file");
    }
  }

  /**
   * A set whose files are fetched one by one.
   *
   * @param name as above
   * @param purpose as above
   * @param licence as above
   * @param home as above
   * @param files as above
   */
  public CatalogEntry(
      String name, String purpose, String licence, URI home, List<RemoteFile> files) {
    this(name, purpose, licence, home, files, List.of());
  }

  /**
   * A set in archives.
   *
   * @param name what commands call it
   * @param purpose a sentence
   * @param licence under which it may be used
   * @param home where its authors describe it
   * @param archives fetched in this order
   * @return their known files
   */
  public static CatalogEntry inArchives(
      String name, String purpose, String licence, URI home, List<RemoteArchive> archives) {
    return new CatalogEntry(name, purpose, licence, home, held(archives), archives);
  }

  private static List<RemoteFile> held(List<RemoteArchive> archives) {
    return archives.stream().flatMap(archive -> archive.files().stream()).toList();
  }

  /**
   * The size of the whole set.
   *
   * @return bytes, as they are kept
   */
  public long bytes() {
    return files.stream().mapToLong(RemoteFile::bytes).sum();
  }

  /**
   * The same set from one other place.
   *
   * @param mirror a URL, http or https, that a slash and the name of a file, or of an archive, are
   *     added to
   * @return the set, with the same sizes and checksums
   * @throws IllegalArgumentException if it is no such URL
   */
  public CatalogEntry from(URI mirror) {
    String base = mirror.toString().replaceFirst("/+$", "");
    if (!archives.isEmpty()) {
      return inArchives(
          name,
          purpose,
          licence,
          home,
          archives.stream()
              .map(archive -> archive.from(List.of(URI.create(base + "/" + archive.name()))))
              .toList());
    }
    return new CatalogEntry(
        name,
        purpose,
        licence,
        home,
        files.stream()
            .map(file -> file.from(List.of(URI.create(base + "/" + file.name()))))
            .toList());
  }

  /**
   * Looks at the copies in a folder and compares checksums.
   *
   * @param directory may be missing
   * @return one per file, in order
   * @throws IOException if a copy cannot be read
   */
  public List<FileStatus> status(Path directory) throws IOException {
    List<FileStatus> found = new ArrayList<>();
    for (RemoteFile file : files) {
      found.add(file.status(directory));
    }
    return List.copyOf(found);
  }

  /**
   * Unpacked files that readers take instead of the ones fetched ({@link FashionMnist#load} prefers
   * them), whose contents nobody has checked.
   *
   * @param directory may be missing
   * @return their paths, none in a folder that only this catalog filled
   */
  public List<Path> readInstead(Path directory) {
    return files.stream()
        .map(RemoteFile::name)
        .filter(file -> file.endsWith(PACKED))
        .map(file -> directory.resolve(file.substring(0, file.length() - PACKED.length())))
        .filter(Files::exists)
        .toList();
  }
}
