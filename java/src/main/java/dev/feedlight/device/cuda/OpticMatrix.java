package dev.feedlight.device.cuda;

import static dev.feedlight.device.cuda.OpticLaunches.at;

import dev.feedlight.device.PixelMap;
import dev.feedlight.device.Transmission;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Tensor;

/**
 * Launches that compute fields behind one matrix, not a drifting one, or project through one with
 * rows.
 *
 * @param launches where they go
 * @param pattern S8 or U8, batch x inputs
 * @param pixels numbers of the matrix's rows
 * @param hadamard address of scratch for the transforms, see {@link #hadamardBytes}; 0 for matrices
 *     with rows
 */
record OpticMatrix(OpticLaunches launches, Tensor pattern, PixelMap pixels, long hadamard) {
  /** Outputs of a block of the products. */
  static final long TILE = 32;

  /** Samples of a block, and its threads: by tensor cores for bytes, otherwise in doubles. */
  private static final long BYTE_SAMPLES = 64;

  private static final int BYTE_THREADS = 128;
  private static final long FLOAT_SAMPLES = 32;
  private static final int FLOAT_THREADS = 256;

  /** Of kernels/optics_hopper.cu. */
  private static final int WGMMA_OUTPUTS = 64;

  private static final int WGMMA_SAMPLES = 128;
  private static final int WGMMA_THREADS = 384;
  private static final int WGMMA_STAGES = 5;

  private static final long HADAMARD_TILE = 4096;
  private static final String FIELDS = "optics_fields";
  private static final String PROJECT = "optics_project";
  private static final String HADAMARD = "optics_hadamard";

  /** Scratch of so many transforms: a vector for each sample and the two parts it becomes. */
  static long hadamardBytes(long samples, long size) {
    return 3L * Float.BYTES * samples * size;
  }

  /** Computes the fields of a patch. */
  void compute(Transmission matrix, OpticPatch patch, OpticMirrors mirrors, OpticPlanes target) {
    switch (matrix) {
      case Transmission.Stored(Tensor entries) -> stored(entries, patch, target);
      case Transmission.Procedural procedural -> procedural(procedural, patch, target);
      case Transmission.Structured structured -> {
        int selected = mirrors == OpticMirrors.SIGNED ? 0 : 1;
        long real = target.positiveReal();
        structured(structured, patch, selected, real, target.positiveImaginary(), target.stride());
        if (mirrors == OpticMirrors.APART) {
          real = target.negativeReal();
          structured(structured, patch, -1, real, target.negativeImaginary(), target.stride());
        }
      }
      case Transmission.Drifting _ ->
          throw new IllegalArgumentException(matrix + " is not one matrix");
    }
  }

  /**
   * Launches the projection of a batch through a matrix with rows, fields and read-out in one.
   *
   * @param readOut of the whole batch, as {@link OpticReadOut#arguments} makes it
   */
  void project(Transmission matrix, Arguments readOut) {
    OpticPatch whole = OpticPatch.whole(pattern.rows(), matrix.outputs());
    Arguments arguments = new Arguments().struct(readOut).tensor(pattern);
    switch (matrix) {
      case Transmission.Stored(Tensor entries) when byWgmma(entries) ->
          launches.add(
              new Launch(
                  "optics_hopper",
                  "fl_speckle_project_wgmma",
                  Extent.of(
                      Math.ceilDiv(whole.outputs(), WGMMA_OUTPUTS)
                          * Math.ceilDiv(whole.samples(), WGMMA_SAMPLES)),
                  Extent.of(WGMMA_THREADS),
                  WgmmaTiles.sharedBytes(WGMMA_STAGES)),
              new Arguments()
                  .struct(readOut)
                  .struct(TensorMaps.of(pattern, WGMMA_SAMPLES))
                  .struct(TensorMaps.of(entries, WGMMA_OUTPUTS))
                  .s64(whole.samples())
                  .s64(whole.outputs()));
      case Transmission.Stored(Tensor entries) -> {
        entries(arguments, entries, whole)
            .s64(whole.samples())
            .s64(whole.outputs())
            .s64(pattern.rowStride())
            .s64(entries.rowStride());
        if (entries.dtype() == DType.S8) {
          overBytes(PROJECT, "fl_speckle_project_stored", whole, arguments);
        } else {
          overFloats(PROJECT, "fl_speckle_project_floats", whole, arguments);
        }
      }
      case Transmission.Procedural procedural ->
          overBytes(
              PROJECT,
              "fl_speckle_project_procedural",
              whole,
              arguments
                  .s64(procedural.key())
                  .s64(whole.samples())
                  .s64(whole.outputs())
                  .s64(pattern.rowStride()));
      case Transmission.Structured _, Transmission.Drifting _ ->
          throw new IllegalArgumentException(matrix + " has no rows");
    }
  }

  /**
   * Whether a stored matrix is multiplied by wgmma, which is so on sm_90 for bytes whose rows begin
   * at multiples of 16; the bits are the same in either way.
   */
  private boolean byWgmma(Tensor entries) {
    return wgmma(launches.context().architecture())
        && entries.dtype() == DType.S8
        && TensorMaps.fit(entries)
        && TensorMaps.fit(pattern);
  }

  private static boolean wgmma(String architecture) {
    return architecture.equals(Multiplier.HOPPER);
  }

  /**
   * How matrices are multiplied, for people.
   *
   * @param architecture for example {@code sm_90}
   */
  static String words(String architecture) {
    return (wgmma(architecture)
            ? "stored bytes by wgmma of int8 where rows begin at multiples of 16 bytes; other bytes"
            : "bytes, stored and procedural,")
        + " by mma.sync of int8; floats in double; structured by fast Hadamard transforms";
  }

  private void overBytes(String module, String function, OpticPatch patch, Arguments arguments) {
    long tiles = tiles(patch, BYTE_SAMPLES);
    launches.add(Launch.overRows(module, function, tiles, BYTE_THREADS), arguments);
  }

  private void overFloats(String module, String function, OpticPatch patch, Arguments arguments) {
    long tiles = tiles(patch, FLOAT_SAMPLES);
    launches.add(Launch.overRows(module, function, tiles, FLOAT_THREADS), arguments);
  }

  private static long tiles(OpticPatch patch, long samples) {
    return Math.ceilDiv(patch.outputs(), TILE) * Math.ceilDiv(patch.samples(), samples);
  }

  /** Real and imaginary parts of the rows of a patch. */
  private static Arguments entries(Arguments arguments, Tensor entries, OpticPatch patch) {
    long outputs = entries.rows() / 2;
    return arguments
        .pointer(at(entries, patch.firstOutput(), 0))
        .pointer(at(entries, outputs + patch.firstOutput(), 0));
  }

  private Arguments planes(OpticPatch patch, OpticPlanes target) {
    return new Arguments()
        .pointer(target.positiveReal())
        .pointer(target.positiveImaginary())
        .pointer(target.negativeReal())
        .pointer(target.negativeImaginary())
        .pointer(firstPattern(patch));
  }

  private long firstPattern(OpticPatch patch) {
    return at(pattern, patch.firstSample(), 0);
  }

  private long numbers(OpticPatch patch) {
    return OpticLaunches.optional(pixels.numbers(), 0, patch.firstOutput());
  }

  private void stored(Tensor entries, OpticPatch patch, OpticPlanes target) {
    Arguments arguments =
        entries(planes(patch, target), entries, patch)
            .s64(patch.samples())
            .s64(entries.columns())
            .s64(patch.outputs())
            .s64(target.stride())
            .s64(pattern.rowStride())
            .s64(entries.rowStride());
    if (entries.dtype() == DType.S8) {
      overBytes(FIELDS, "fl_speckle_field_stored", patch, arguments);
    } else {
      overFloats(FIELDS, "fl_speckle_field_floats", patch, arguments);
    }
  }

  private void procedural(Transmission.Procedural matrix, OpticPatch patch, OpticPlanes target) {
    overBytes(
        FIELDS,
        "fl_speckle_field_procedural",
        patch,
        planes(patch, target)
            .pointer(numbers(patch))
            .s64(matrix.key())
            .s64(patch.firstOutput())
            .s64(patch.samples())
            .s64(matrix.inputs())
            .s64(patch.outputs())
            .s64(target.stride())
            .s64(pattern.rowStride()));
  }

  /** One pattern per sample: {@code selected} as the kernel has it. */
  private void structured(
      Transmission.Structured matrix,
      OpticPatch patch,
      int selected,
      long real,
      long imaginary,
      long stride) {
    long size = matrix.size();
    long samples = patch.samples();
    long parts = hadamard + Float.BYTES * samples * size;
    long blocks = samples * (size / Math.min(size, HADAMARD_TILE));
    launches.overBlocks(
        HADAMARD,
        "fl_hadamard_first",
        blocks,
        new Arguments()
            .pointer(hadamard)
            .pointer(firstPattern(patch))
            .s32(selected)
            .s64(matrix.key())
            .s64(matrix.inputs())
            .s64(size)
            .s64(pattern.rowStride()));
    rest(hadamard, samples, size);
    launches.overBlocks(
        HADAMARD,
        "fl_hadamard_second",
        blocks,
        new Arguments().pointer(hadamard).s64(matrix.key()).s64(size));
    rest(hadamard, samples, size);
    launches.overBlocks(
        HADAMARD,
        "fl_hadamard_third",
        2 * blocks,
        new Arguments().pointer(parts).pointer(hadamard).s64(matrix.key()).s64(samples).s64(size));
    rest(parts, 2 * samples, size);
    launches.overElements(
        HADAMARD,
        "fl_hadamard_gather",
        patch.elements(),
        new Arguments()
            .pointer(real)
            .pointer(imaginary)
            .pointer(parts)
            .pointer(numbers(patch))
            .s64(patch.firstOutput())
            .s64(samples)
            .s64(patch.outputs())
            .s64(size)
            .s64(stride));
  }

  private void rest(long vectors, long count, long size) {
    if (size > HADAMARD_TILE) {
      launches.overBlocks(
          HADAMARD,
          "fl_hadamard_rest",
          count * (size / HADAMARD_TILE),
          new Arguments().pointer(vectors).s64(size));
    }
  }
}
