package dev.feedlight.opu;

import dev.feedlight.device.Device;
import dev.feedlight.device.Transmission;
import dev.feedlight.device.VendorNormals;
import dev.feedlight.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What made the entries of a transmission matrix that Feedlight cannot make by itself: enough to
 * know whether another machine has the same one.
 *
 * @param generator library, version and kind
 * @param seeds of the library's sequences, one for each matrix that is mixed
 * @param sha256 of the first entries of each matrix, as little-endian floats, in hexadecimal
 */
public record MatrixOrigin(VendorNormals.Generator generator, List<Long> seeds, String sha256) {
  /** Entries of a matrix that are digested (ours): another generator shows in the first. */
  private static final long DIGESTED = 1 << 16;

  /** Keeps a copy. */
  public MatrixOrigin {
    seeds = List.copyOf(seeds);
  }

  static MatrixOrigin of(Device device, Medium medium, long seed) {
    List<Long> seeds = new ArrayList<>();
    MessageDigest digest = digest();
    for (Transmission part : medium.parts()) {
      seeds.add(Medium.key(seed, seeds.size()));
      Tensor entries = part.tensors().getFirst();
      long rows = Math.clamp(DIGESTED / entries.columns(), 1, entries.rows());
      Tensor first = entries.rowRange(0, rows);
      float[] values = new float[first.shape().arrayLength()];
      device.read(first, values);
      ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(values);
      digest.update(bytes);
    }
    return new MatrixOrigin(
        device.vendorNormals().generator(), seeds, HexFormat.of().formatHex(digest.digest()));
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** One line for people. */
  @Override
  public String toString() {
    return generator + ", seed " + String.join(", ", seeds.stream().map(String::valueOf).toList());
  }
}
