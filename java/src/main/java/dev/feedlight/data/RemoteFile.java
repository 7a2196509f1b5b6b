package dev.feedlight.data;

import dev.feedlight.io.Sha256;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A file on the network whose contents are known: whoever serves it, only these bytes are accepted.
 *
 * @param name its name in the folder where it is kept, without any path
 * @param urls where it is, each complete, http or https; tried in this order
 * @param bytes its size, at least 1
 * @param sha256 its SHA-256 (FIPS 180-4), 64 lower-case hexadecimal digits
 */
public record RemoteFile(String name, List<URI> urls, long bytes, String sha256) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if a part is not as described
   */
  public RemoteFile {
    urls = List.copyOf(urls);
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("'" + name + "' is no plain name of a file");
    }
    if (urls.isEmpty()) {
      throw new IllegalArgumentException(name + " needs at least one URL");
    }
    for (URI url : urls) {
      if (!isWeb(url)) {
        throw new IllegalArgumentException(name + ": " + url + " is no complete http(s) URL");
      }
    }
    if (bytes < 1) {
      throw new IllegalArgumentException(name + " must have at least 1 byte, not " + bytes);
    }
    if (!SHA256.matcher(sha256).matches()) {
      throw new IllegalArgumentException(
          name + ": SHA-256 must be 64 lower-case hexadecimal digits, not '" + sha256 + "'");
    }
  }

  /** Whether a URL says http or https and where. */
  static boolean isWeb(URI url) {
    String scheme = url.getScheme();
    return scheme != null
        && List.of("http", "https").contains(scheme.toLowerCase(Locale.ROOT))
        && url.getHost() != null;
  }

  /**
   * The same file from other places.
   *
   * @param others where it is, at least one
   * @return the file, with the same size and checksum
   */
  public RemoteFile from(List<URI> others) {
    return new RemoteFile(name, others, bytes, sha256);
  }

  /**
   * Looks at the copy in a folder; a copy of the right size is read whole, for its checksum.
   *
   * @param directory may be missing
   * @return what is there
   * @throws IOException if the copy cannot be read
   */
  public FileStatus status(Path directory) throws IOException {
    Objects.requireNonNull(directory, "directory");
    Path path = directory.resolve(name);
    if (!Files.exists(path)) {
      Path part = PartFile.path(directory, this);
      return Files.exists(part)
          ? new FileStatus(this, path, FileStatus.State.PARTIAL, Files.size(part))
          : new FileStatus(this, path, FileStatus.State.MISSING, 0);
    }
    boolean right =
        Files.isRegularFile(path) && Files.size(path) == bytes && Sha256.of(path).equals(sha256);
    return new FileStatus(
        this,
        path,
        right ? FileStatus.State.COMPLETE : FileStatus.State.DIFFERENT,
        Files.size(path));
  }
}
