package dev.feedlight.device.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The machine's widest vectors and all of its memory.
 *
 * <p>The loops call the Vector API directly and count in bytes: a helper of ours, however small, is
 * sometimes not inlined (too many nodes, a call site that was rare while profiling), and then every
 * vector it touches is boxed and the loop runs a hundred times slower. Methods are short and hold
 * one loop each for the same reason.
 */
final class VectorMemory {
  /** All of memory; only a static final segment from address 0 runs at full speed. */
  static final MemorySegment ALL = CpuAddress.ALL;

  static final ByteOrder ORDER = ByteOrder.nativeOrder();

  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
  static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
  static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_PREFERRED;

  private static final VectorShape HALF = VectorShape.forBitSize(FLOATS.vectorBitSize() / 2);

  /** As many floats as {@link #DOUBLES} has doubles. */
  static final VectorSpecies<Float> HALF_FLOATS = VectorSpecies.of(float.class, HALF);

  /** As many shorts as {@link #INTS} has ints. */
  static final VectorSpecies<Short> HALF_SHORTS = VectorSpecies.of(short.class, HALF);

  /** As many ints as {@link #DOUBLES} has doubles. */
  static final VectorSpecies<Integer> HALF_INTS = VectorSpecies.of(int.class, HALF);

  /** Floats per vector. */
  static final int LANES = FLOATS.length();

  /** Bytes per vector. */
  static final int WIDTH = FLOATS.vectorByteSize();

  /** Doubles per vector. */
  static final int DOUBLE_LANES = DOUBLES.length();

  /** Bytes per vector of {@link #HALF_FLOATS} or {@link #HALF_INTS}. */
  static final int HALF_WIDTH = HALF_FLOATS.vectorByteSize();

  private VectorMemory() {}
}
