package dev.feedlight.device;

/**
 * What decides how much scratch memory the fields of one operation take.
 *
 * @param samples patterns
 * @param outputs pixels that are read
 * @param transform extent of the Hadamard transforms; 0 for a matrix with rows
 * @param parts matrices whose fields are mixed
 */
public record FieldExtents(long samples, long outputs, long transform, int parts) {
  /**
   * Those of an operation.
   *
   * @param transmission T
   * @param samples patterns
   * @return its extents
   */
  public static FieldExtents of(Transmission transmission, long samples) {
    return new FieldExtents(
        samples, transmission.outputs(), transform(transmission), transmission.parts());
  }

  private static long transform(Transmission transmission) {
    return switch (transmission) {
      case Transmission.Structured structured -> structured.size();
      case Transmission.Drifting drifting ->
          Math.max(transform(drifting.start()), transform(drifting.end()));
      case Transmission.Stored _, Transmission.Procedural _ -> 0;
    };
  }

  /**
   * Whether the fields are those of fast transforms.
   *
   * @return false if they are products with the rows of a matrix
   */
  public boolean structured() {
    return transform > 0;
  }

  /**
   * Whether the fields of two media are mixed.
   *
   * @return true if there is more than one part
   */
  public boolean mixed() {
    return parts > 1;
  }
}
