package dev.feedlight.fuzz;

import dev.feedlight.crash.MemoryDirectory;
import dev.feedlight.io.CheckpointFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A checkpoint whose manifest is exchanged, together with the manifest's checksum: without it every
 * change would be refused before the manifest is read.
 */
final class CheckpointOfManifest implements AutoCloseable {
  private final Path folder;
  private final Path checkpoint;

  /** Writes a checkpoint of two files, in memory where Linux offers that. */
  CheckpointOfManifest() {
    try {
      folder = MemoryDirectory.create();
      try (CheckpointFolder open = CheckpointFolder.open(folder, 1)) {
        checkpoint =
            open.save(
                17,
                Map.of("device", "cpu", "threads", 2L),
                files -> {
                  files.add("weights.bin", channel -> channel.write(ByteBuffer.allocate(20)));
                  files.add("state.json", channel -> channel.write(ByteBuffer.allocate(2)));
                });
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
  }

  /** The manifest as it was written. */
  byte[] manifest() {
    try {
      return Files.readAllBytes(checkpoint.resolve("manifest.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Loads the checkpoint with this manifest. */
  void load(byte[] manifest) throws IOException, NoSuchAlgorithmException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(manifest);
    String line = HexFormat.of().formatHex(digest) + "  manifest.json\n";
    Files.write(checkpoint.resolve("manifest.json"), manifest);
    Files.writeString(checkpoint.resolve("manifest.sha256"), line, StandardCharsets.US_ASCII);
    CheckpointFolder.search(checkpoint);
  }

  @Override
  public void close() {
    try (Stream<Path> paths = Files.walk(folder)) {
      paths.sorted((one, other) -> other.compareTo(one)).forEach(CheckpointOfManifest::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
