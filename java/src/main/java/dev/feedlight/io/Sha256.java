package dev.feedlight.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 (FIPS 180-4), as 64 lower-case hexadecimal digits. */
public final class Sha256 {
  private static final int BLOCK = 1 << 20;

  private Sha256() {}

  /**
   * The sum of a file's bytes, which are read once from end to end; that can be interrupted.
   *
   * @param file any file
   * @return 64 digits
   * @throws IOException if it cannot be read
   */
  public static String of(Path file) throws IOException {
    MessageDigest digest = begin();
    // A channel, because reading it can be interrupted; streams of files cannot.
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer block = ByteBuffer.allocate((int) Math.min(BLOCK, Math.max(1, in.size())));
      while (in.read(block) >= 0) {
        digest.update(block.flip());
        block.clear();
      }
    }
    return end(digest);
  }

  /**
   * The sum of these bytes.
   *
   * @param bytes any bytes
   * @return 64 digits
   */
  public static String of(byte[] bytes) {
    MessageDigest digest = begin();
    digest.update(bytes);
    return end(digest);
  }

  /**
   * Begins the sum of bytes that come piece by piece.
   *
   * @return takes the pieces
   */
  public static MessageDigest begin() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /**
   * Ends a sum.
   *
   * @param digest has taken all pieces
   * @return 64 digits
   */
  public static String end(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }
}
