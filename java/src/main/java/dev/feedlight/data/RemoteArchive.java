package dev.feedlight.data;

import java.net.URI;
import java.util.List;

/**
 * A {@code tar.gz} on the network some of whose files are known. What it weighs need not be: only
 * these files are kept, each with its own size and checksum.
 *
 * @param name its own name
 * @param urls where it is, each complete, http or https; tried in this order
 * @param files those that are kept, by their names in the archive, which are plain ones
 */
public record RemoteArchive(String name, List<URI> urls, List<RemoteFile> files) {
  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if there is no file, or no URL
   */
  public RemoteArchive {
    urls = List.copyOf(urls);
    files = List.copyOf(files);
    if (files.isEmpty() || urls.isEmpty() || !urls.stream().allMatch(RemoteFile::isWeb)) {
      throw new IllegalArgumentException(
          name + " needs files and http(s) URLs, not " + files + " at " + urls);
    }
  }

  /** The same archive from other places. */
  RemoteArchive from(List<URI> others) {
    return new RemoteArchive(name, others, files.stream().map(file -> file.from(others)).toList());
  }
}
