package dev.feedlight.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 (FIPS 180-4) of files. */
final class Sha256 {
  private static final int BLOCK = 1 << 17;

  private Sha256() {}

  /** The sum of a file's bytes, 64 lower-case hexadecimal digits. */
  static String of(Path file) throws IOException {
    MessageDigest digest = digest();
    // A channel, because reading it can be interrupted; streams of files cannot.
    try (SeekableByteChannel in = Files.newByteChannel(file)) {
      ByteBuffer block = ByteBuffer.allocate(BLOCK);
      while (in.read(block) >= 0) {
        digest.update(block.flip());
        block.clear();
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
