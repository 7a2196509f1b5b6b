#include "feedlight.cuh"
#include "optics_floats.cuh"
#include "optics_tile.cuh"

// Fields behind matrices with rows: those of the positive mirrors of a pattern and of its negative
// ones, apart; or, where no memory is given for the negative ones, that of the pattern with its
// signs. Fields are planes, patterns x outputs, of real and of imaginary parts.

template <typename Field>
struct FlFieldPlanes {
  Field* positive_real;
  Field* positive_imaginary;
  Field* negative_real;
  Field* negative_imaginary;
  long long stride;

  // Nothing is the same for all patterns of an output.
  __device__ int pixel(long long) const { return 0; }

  __device__ void operator()(
      int, long long pattern, long long output, Field real, Field imaginary) const {
    positive_real[pattern * stride + output] = real;
    positive_imaginary[pattern * stride + output] = imaginary;
  }

  __device__ void operator()(
      int,
      long long pattern,
      long long output,
      Field p_real,
      Field p_imaginary,
      Field n_real,
      Field n_imaginary) const {
    (*this)(0, pattern, output, p_real, p_imaginary);
    if (negative_real != nullptr) {
      negative_real[pattern * stride + output] = n_real;
      negative_imaginary[pattern * stride + output] = n_imaginary;
    }
  }
};

template <typename Rows>
static __device__ inline void fl_field_tile(
    const FlFieldPlanes<int>& planes,
    FlFieldStage* stages,
    const Rows& rows,
    const FlFieldPlace& place,
    const signed char* pattern,
    long long count,
    long long inputs,
    long long outputs,
    long long pattern_stride) {
  FlByteRows patterns = {
      pattern + place.first_pattern * pattern_stride,
      count - place.first_pattern,
      inputs,
      pattern_stride};
  if (planes.negative_real == nullptr) {
    FlFieldSums<false> fields;
    fl_field_sum(fields, stages, rows, patterns);
    fl_field_each(fields, place, count, outputs, planes);
  } else {
    FlFieldSums<true> fields;
    fl_field_sum(fields, stages, rows, patterns);
    fl_field_each(fields, place, count, outputs, planes);
  }
}

// positive = T (pattern == 1), negative = T (pattern == -1); or positive = T pattern. Exact.
//   fields S32 patterns x outputs, real and imaginary parts apart; negative may be null
//   pattern S8 or U8 patterns x inputs; entries S8 outputs x inputs, real and imaginary parts apart
// Grid: ceil(outputs / 32) ceil(patterns / 64) blocks of 128 threads, patterns fastest.
extern "C" __global__ void __launch_bounds__(FL_FIELD_THREADS, FL_FIELD_BLOCKS)
    fl_speckle_field_stored(
        int* positive_real,
        int* positive_imaginary,
        int* negative_real,
        int* negative_imaginary,
        const signed char* __restrict__ pattern,
        const signed char* __restrict__ entries_real,
        const signed char* __restrict__ entries_imaginary,
        long long patterns,
        long long inputs,
        long long outputs,
        long long field_stride,
        long long pattern_stride,
        long long entries_stride) {
  __shared__ FlFieldStage stages[FL_FIELD_STAGES];
  FlFieldPlace place(patterns);
  FlStoredRows rows(
      entries_real, entries_imaginary, place.first_output, outputs, inputs, entries_stride);
  FlFieldPlanes<int> planes = {
      positive_real, positive_imaginary, negative_real, negative_imaginary, field_stride};
  fl_field_tile(
      planes, stages, rows, place, pattern, patterns, inputs, outputs, pattern_stride);
}
FEEDLIGHT_KERNEL(fl_speckle_field_stored)

// The same with the entries made again in every block: row i is that of pixel numbers[i], or of
// first_pixel + i where numbers are null.
//   numbers S32 1 x outputs or null
// Grid: ceil(outputs / 32) ceil(patterns / 64) blocks of 128 threads, patterns fastest.
extern "C" __global__ void __launch_bounds__(FL_FIELD_THREADS, FL_FIELD_BLOCKS)
    fl_speckle_field_procedural(
        int* positive_real,
        int* positive_imaginary,
        int* negative_real,
        int* negative_imaginary,
        const signed char* __restrict__ pattern,
        const int* __restrict__ numbers,
        unsigned long long key,
        long long first_pixel,
        long long patterns,
        long long inputs,
        long long outputs,
        long long field_stride,
        long long pattern_stride) {
  __shared__ FlFieldStage stages[FL_FIELD_STAGES];
  __shared__ __align__(16) unsigned char table[FL_BANKED_TABLE_BYTES];
  FlFieldPlace place(patterns);
  FlProceduralRows rows(table, key, numbers, first_pixel, place.first_output, outputs);
  FlFieldPlanes<int> planes = {
      positive_real, positive_imaginary, negative_real, negative_imaginary, field_stride};
  fl_field_tile(
      planes, stages, rows, place, pattern, patterns, inputs, outputs, pattern_stride);
}
FEEDLIGHT_KERNEL(fl_speckle_field_procedural)

// The same for entries in fp32; without negative, the pattern has no negative mirrors.
//   fields F32 patterns x outputs; entries F32 outputs x inputs, real and imaginary parts apart
// Grid: ceil(outputs / 32) ceil(patterns / 32) blocks of 256 threads, patterns fastest.
extern "C" __global__ void __launch_bounds__(FL_FLOATS_THREADS) fl_speckle_field_floats(
    float* positive_real,
    float* positive_imaginary,
    float* negative_real,
    float* negative_imaginary,
    const signed char* __restrict__ pattern,
    const float* __restrict__ entries_real,
    const float* __restrict__ entries_imaginary,
    long long patterns,
    long long inputs,
    long long outputs,
    long long field_stride,
    long long pattern_stride,
    long long entries_stride) {
  FlFieldPlanes<float> planes = {
      positive_real, positive_imaginary, negative_real, negative_imaginary, field_stride};
  fl_fields_of_floats(
      pattern,
      entries_real,
      entries_imaginary,
      patterns,
      inputs,
      outputs,
      pattern_stride,
      entries_stride,
      planes);
}
FEEDLIGHT_KERNEL(fl_speckle_field_floats)

// field = positive - negative.
//   all F32, rows x columns
// Grid: one thread for each element, blocks of 256.
extern "C" __global__ void fl_speckle_field_difference(
    float* field,
    const float* __restrict__ positive,
    const float* __restrict__ negative,
    long long rows,
    long long columns,
    long long field_stride,
    long long parts_stride) {
  long long row = fl_element() / columns;
  long long column = fl_element() % columns;
  if (row < rows) {
    long long at = row * parts_stride + column;
    field[row * field_stride + column] = __fsub_rn(positive[at], negative[at]);
  }
}
FEEDLIGHT_KERNEL(fl_speckle_field_difference)

// field = weights[0] start + weights[1] end: two products and a sum, each rounded.
//   field F32; start and end S32, or F32 where float_parts is 1; rows x columns; weights F32 1 x 2;
//   field and start may be the same memory
// Grid: one thread for each element, blocks of 256.
extern "C" __global__ void fl_speckle_field_mix(
    float* field,
    const int* start,
    const int* end,
    const float* weights,
    int float_parts,
    long long rows,
    long long columns,
    long long field_stride,
    long long parts_stride) {
  long long row = fl_element() / columns;
  long long column = fl_element() % columns;
  if (row < rows) {
    int a = start[row * parts_stride + column];
    int b = end[row * parts_stride + column];
    float from = float_parts ? __int_as_float(a) : (float)a;
    float to = float_parts ? __int_as_float(b) : (float)b;
    field[row * field_stride + column] =
        __fadd_rn(__fmul_rn(weights[0], from), __fmul_rn(weights[1], to));
  }
}
FEEDLIGHT_KERNEL(fl_speckle_field_mix)
