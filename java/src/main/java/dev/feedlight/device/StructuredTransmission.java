package dev.feedlight.device;

import dev.feedlight.tensor.Philox;
import dev.feedlight.tensor.ShapeException;

/**
 * The frozen definition of the structured transmission matrix T = R H D3 H D2 H D1 E / N, whose
 * product with a vector costs O(N log N) and no memory for entries (ours; three rounds of signs and
 * Hadamard transforms as in Yu et al., "Orthogonal random features", NIPS 2016, the last signs made
 * quarter turns so that the field is complex).
 *
 * <p>N is the smallest power of two that is at least {@link #MIN_SIZE} and both extents; where
 * pixels are selected, all pixels of the region count and R keeps the selected ones. The field of a
 * pattern x of bytes -1, 0, 1 is defined down to the last bit, in fp32, as follows.
 *
 * <ol>
 *   <li>E and D1: v[j] = x[j], negated where the bit j of {@link Plane#FIRST} is 1, as an integer,
 *       so that a zero is +0; v[j] = +0 from the number of inputs to N - 1.
 *   <li>v = H v.
 *   <li>D2: the sign bit of v[j] is flipped where the bit of {@link Plane#SECOND} is 1, of a zero
 *       too.
 *   <li>v = H v.
 *   <li>D3: v is multiplied by 1 / N; its sign bits are flipped by {@link Plane#THIRD}; then v[j]
 *       is the real part where the bit of {@link Plane#TURN} is 0, the imaginary part where it is
 *       1, and the other part is +0. So D3 has entries 1, -1, i, -i.
 *   <li>re = H re, im = H im.
 *   <li>R: the first elements, as many as there are outputs.
 * </ol>
 *
 * <p>H is the Hadamard matrix in Sylvester's order, not normalised: for each stride 1, 2, 4, ... N
 * / 2, in this order, every pair (a, b) of elements j and j + stride, where j has the bit {@code
 * stride} clear, becomes (a + b, a - b), each rounded once. Any tiling that gives each element
 * these additions in this order gives the same bits. The first transform is exact, for its values
 * are integers of at most N, and may be done in any order. Multiplying by 1 / N is exact and may be
 * done at any point: all values are multiples of 2^-21 of at most 2^42. By Cauchy and Schwarz no
 * sum exceeds N^2 in units of 1 / N, so up to N = 2^12 the whole field is exact and T (x - y) is T
 * x - T y; ternary patterns at random begin to round between 2^14 and 2^18.
 *
 * <p>Bit j of a plane is bit j % 32 of word j % 128 / 32 of the Philox4x32-10 block with counter (j
 * / 128, 0, 0, number of the plane). No bit depends on N, but all entries do: asking for more rows
 * or columns changes none as long as N stays the same, and all when it grows.
 *
 * <p>The columns of the full N x N matrix are orthogonal, of squared length N, so that the mean of
 * |T x|^2 over all N rows is |x|^2: E|T[i, j]|^2 = 1. Real and imaginary parts have variance 1/2
 * each, as with {@link TransmissionBytes} after its scale.
 */
public final class StructuredTransmission {
  /** Smallest N; ours: one Philox block of each plane. */
  public static final long MIN_SIZE = 128;

  /** Largest N, enough for 10^6 x 2 10^6; the first transform is exact in fp32 far beyond it. */
  public static final long MAX_SIZE = 1L << 21;

  /** Bits that one Philox block holds. */
  public static final int BITS_PER_BLOCK = 128;

  /** The random bits, one plane each; the number is the last word of the counter. */
  public enum Plane {
    /** Signs of D1. */
    FIRST(1),
    /** Signs of D2. */
    SECOND(2),
    /** Signs of D3. */
    THIRD(3),
    /** Where D3 is imaginary. */
    TURN(4);

    private final int number;

    Plane(int number) {
      this.number = number;
    }

    /**
     * The last word of the Philox counter. Never 0, as in {@link TransmissionBytes}.
     *
     * @return the number
     */
    public int number() {
      return number;
    }
  }

  private StructuredTransmission() {}

  /**
   * N, the length of the transforms.
   *
   * @param inputs columns of T
   * @param outputs rows of T
   * @return a power of two from {@link #MIN_SIZE} to {@link #MAX_SIZE}
   * @throws ShapeException if an extent is not positive or exceeds {@link #MAX_SIZE}
   */
  public static int size(long inputs, long outputs) {
    if (inputs < 1 || outputs < 1) {
      throw new ShapeException(
          "structured transmission matrix of "
              + outputs
              + " x "
              + inputs
              + ": extents must be positive");
    }
    long larger = Math.max(MIN_SIZE, Math.max(inputs, outputs));
    if (larger > MAX_SIZE) {
      throw new ShapeException(
          "structured transmission matrix of "
              + outputs
              + " x "
              + inputs
              + " exceeds "
              + MAX_SIZE
              + " x "
              + MAX_SIZE);
    }
    return Math.toIntExact(Long.highestOneBit(2 * larger - 1));
  }

  /**
   * 1 / N, exactly.
   *
   * @param size N
   * @return a power of two
   */
  public static float scale(int size) {
    return 1f / size;
  }

  /**
   * The bits of {@value #BITS_PER_BLOCK} elements.
   *
   * @param key Philox key
   * @param plane which bits
   * @param block number of the first element, divided by {@value #BITS_PER_BLOCK}
   * @param words receives four words; bit j % 32 of word j / 32 belongs to element j of the block
   */
  public static void bits(long key, Plane plane, int block, int[] words) {
    Philox.block(key, block, 0, 0, plane.number(), words);
  }
}
