package dev.feedlight.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.io.Checkpoint;
import dev.feedlight.io.CheckpointFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Checkpoints of two small files whose contents follow from the step. */
final class SmallCheckpoints {
  private static final Map<String, Object> IDENTITY = Map.of("by", "a test");

  private SmallCheckpoints() {}

  /** Opens, writes, closes. */
  static Path save(Path folder, int keep, long step) {
    try (CheckpointFolder open = CheckpointFolder.open(folder, keep)) {
      return save(open, step);
    }
  }

  static Path save(CheckpointFolder folder, long step) {
    return folder.save(
        step,
        IDENTITY,
        files -> {
          for (int file = 0; file < 2; file++) {
            byte[] content = content(step, file);
            files.add(
                name(file),
                channel -> {
                  ByteBuffer bytes = ByteBuffer.wrap(content);
                  while (bytes.hasRemaining()) {
                    // In pieces, as tensors come.
                    ByteBuffer piece =
                        bytes.slice(bytes.position(), Math.min(16, bytes.remaining()));
                    int written = channel.write(piece);
                    bytes.position(bytes.position() + written);
                  }
                });
          }
        });
  }

  /** The step that the name of a directory tells. */
  static long step(Path directory) {
    return Long.parseLong(directory.getFileName().toString().substring("step-".length()));
  }

  /** Finds the newest and compares its contents. */
  static long newest(Path folder) throws IOException {
    CheckpointFolder.Search search = CheckpointFolder.search(folder);
    assertThat(search.skipped()).isEmpty();
    return search.newest().isEmpty() ? 0 : checked(search.newest().get());
  }

  static long checked(Checkpoint checkpoint) throws IOException {
    for (int file = 0; file < 2; file++) {
      assertThat(Files.readAllBytes(checkpoint.file(name(file))))
          .isEqualTo(content(checkpoint.step(), file));
    }
    return checkpoint.step();
  }

  private static String name(int file) {
    return "part" + file;
  }

  private static byte[] content(long step, int file) {
    byte[] content = new byte[24];
    Arrays.fill(content, (byte) (7 * step + file));
    return content;
  }

  /** What lies in a folder besides the lock. */
  static List<String> names(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(path -> path.getFileName().toString())
          .filter(name -> !name.startsWith(".lock"))
          .sorted()
          .toList();
    }
  }
}
