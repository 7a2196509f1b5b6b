package dev.feedlight.data;

import dev.feedlight.io.Sha256;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Tells whether two data sets hold the same values, whatever files they came from. */
public final class DatasetDigest {
  private DatasetDigest() {}

  /**
   * SHA-256 over task, sizes and all values, in the order of the examples: little-endian floats of
   * the input, then the label as four bytes or the floats of the target. Reads the whole data set.
   *
   * @param data any data set
   * @return 64 hexadecimal digits
   */
  public static String sha256(Dataset data) {
    MessageDigest digest = Sha256.begin();
    String head =
        data.task() + " " + data.size() + " x " + data.inputs() + " -> " + data.outputs() + "\n";
    digest.update(head.getBytes(StandardCharsets.US_ASCII));
    boolean labelled = data.task() == Task.CLASSIFICATION;
    int targetBytes = labelled ? 4 : 4 * data.outputs();
    byte[] bytes = new byte[Math.addExact(Math.multiplyExact(4, data.inputs()), targetBytes)];
    MemorySegment segment = MemorySegment.ofArray(bytes);
    long targetAt = 4L * data.inputs();
    for (long i = 0; i < data.size(); i++) {
      data.input(i, segment, 0);
      if (labelled) {
        segment.set(ValueLayout.JAVA_INT_UNALIGNED, targetAt, data.label(i));
      } else {
        data.target(i, segment, targetAt);
      }
      if (ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN) {
        swap(segment);
      }
      digest.update(bytes);
    }
    return Sha256.end(digest);
  }

  private static void swap(MemorySegment words) {
    for (long at = 0; at < words.byteSize(); at += 4) {
      int word = words.get(ValueLayout.JAVA_INT_UNALIGNED, at);
      words.set(ValueLayout.JAVA_INT_UNALIGNED, at, Integer.reverseBytes(word));
    }
  }
}
