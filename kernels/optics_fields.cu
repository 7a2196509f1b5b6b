#include "feedlight.cuh"
#include "optics.cuh"
#include "optics_bytes.cuh"

// Fields behind matrices with rows. A ternary pattern gives two: that of its positive mirrors and
// that of its negative ones, from one pass over the matrix. Fields are planes, samples x outputs,
// of real and of imaginary parts.

#define FL_FIELD_THREADS 256
// Outputs and samples of a block; a thread has one output and four samples.
#define FL_FIELD_TILE 32
#define FL_FIELD_SAMPLES 4
// Inputs of a step: 16 words of four bytes, with one word between rows so that the threads of a
// warp read different banks.
#define FL_BYTES_STEP 64
#define FL_BYTES_WORDS 16
#define FL_BYTES_PITCH 17
// The same for floats.
#define FL_FLOATS_STEP 32
#define FL_FLOATS_PITCH 33

// Four bytes, or as many as there are and zeros; by one load where that is aligned.
static __device__ inline unsigned fl_four_bytes(const signed char* bytes, long long count) {
  if (count >= 4 && ((unsigned long long)bytes & 3ull) == 0) {
    return *(const unsigned*)bytes;
  }
  unsigned word = 0;
  for (int i = 0; i < 4; i++) {
    if (i < count) {
      word |= (unsigned)(unsigned char)bytes[i] << (8 * i);
    }
  }
  return word;
}

// The products of one tile of outputs with one tile of samples, in exact integers.
template <bool PROCEDURAL>
static __device__ void fl_field_of_bytes(
    int* positive_real,
    int* positive_imaginary,
    int* negative_real,
    int* negative_imaginary,
    const signed char* pattern,
    const signed char* entries_real,
    const signed char* entries_imaginary,
    const int* numbers,
    unsigned long long key,
    long long first_pixel,
    long long samples,
    long long inputs,
    long long outputs,
    long long field_stride,
    long long pattern_stride,
    long long entries_stride) {
  __shared__ int u[FL_FIELD_TILE * FL_BYTES_PITCH];
  __shared__ int v[FL_FIELD_TILE * FL_BYTES_PITCH];
  __shared__ int lit_positive[FL_FIELD_TILE * FL_BYTES_WORDS];
  __shared__ int lit_negative[FL_FIELD_TILE * FL_BYTES_WORDS];
  __shared__ signed char table[256];
  if (PROCEDURAL) {
    fl_copy_table(table);
    __syncthreads();
  }
  int thread = threadIdx.x;
  long long across = (outputs + FL_FIELD_TILE - 1) / FL_FIELD_TILE;
  long long first_output = (blockIdx.x % across) * FL_FIELD_TILE;
  long long first_sample = (blockIdx.x / across) * FL_FIELD_TILE;
  // Filling: eight threads bring a row, two words each.
  int row = thread / 8;
  int word = 2 * (thread % 8);
  long long row_output = first_output + row;
  long long row_sample = first_sample + row;
  int pixel = 0;
  if (PROCEDURAL && row_output < outputs) {
    pixel = fl_pixel(numbers, first_pixel, row_output);
  }
  int lane = thread % FL_FIELD_TILE;
  int group = FL_FIELD_SAMPLES * (thread / FL_FIELD_TILE);
  int sum[FL_FIELD_SAMPLES][4];
  for (int s = 0; s < FL_FIELD_SAMPLES; s++) {
    for (int part = 0; part < 4; part++) {
      sum[s][part] = 0;
    }
  }
  for (long long input = 0; input < inputs; input += FL_BYTES_STEP) {
    long long first = input + 4 * word;
    for (int i = 0; i < 2; i++) {
      long long at = first + 4 * i;
      unsigned four = 0;
      if (row_sample < samples) {
        four = fl_four_bytes(pattern + row_sample * pattern_stride + at, inputs - at);
      }
      // Of 1, 0, -1 only -1 has the top bit of a byte, and both 1 and -1 the lowest.
      unsigned top = (four >> 7) & 0x01010101u;
      lit_positive[row * FL_BYTES_WORDS + word + i] = (int)(four & 0x01010101u & ~top);
      lit_negative[row * FL_BYTES_WORDS + word + i] = (int)top;
    }
    int* u_row = u + row * FL_BYTES_PITCH + word;
    int* v_row = v + row * FL_BYTES_PITCH + word;
    if (PROCEDURAL) {
      // Beyond the last input too: no mirror is lit there.
      uint4 words = fl_entries(key, first / FL_ENTRIES_PER_BLOCK, pixel);
      u_row[0] = fl_packed_entries(table, words.x);
      u_row[1] = fl_packed_entries(table, words.y);
      v_row[0] = fl_packed_entries(table, words.z);
      v_row[1] = fl_packed_entries(table, words.w);
    } else {
      for (int i = 0; i < 2; i++) {
        long long at = first + 4 * i;
        long long left = row_output < outputs ? inputs - at : 0;
        u_row[i] = (int)fl_four_bytes(entries_real + row_output * entries_stride + at, left);
        v_row[i] = (int)fl_four_bytes(entries_imaginary + row_output * entries_stride + at, left);
      }
    }
    __syncthreads();
    for (int i = 0; i < FL_BYTES_WORDS; i++) {
      int real = u[lane * FL_BYTES_PITCH + i];
      int imaginary = v[lane * FL_BYTES_PITCH + i];
#pragma unroll
      for (int s = 0; s < FL_FIELD_SAMPLES; s++) {
        int p = lit_positive[(group + s) * FL_BYTES_WORDS + i];
        int n = lit_negative[(group + s) * FL_BYTES_WORDS + i];
        sum[s][0] = __dp4a(real, p, sum[s][0]);
        sum[s][1] = __dp4a(imaginary, p, sum[s][1]);
        sum[s][2] = __dp4a(real, n, sum[s][2]);
        sum[s][3] = __dp4a(imaginary, n, sum[s][3]);
      }
    }
    __syncthreads();
  }
  long long output = first_output + lane;
#pragma unroll
  for (int s = 0; s < FL_FIELD_SAMPLES; s++) {
    long long sample = first_sample + group + s;
    if (output < outputs && sample < samples) {
      long long at = sample * field_stride + output;
      positive_real[at] = sum[s][0];
      positive_imaginary[at] = sum[s][1];
      if (negative_real != nullptr) {
        negative_real[at] = sum[s][2];
        negative_imaginary[at] = sum[s][3];
      }
    }
  }
}

// positive = T (pattern == 1), negative = T (pattern == -1), exact.
//   fields S32 samples x outputs, real and imaginary parts apart; negative may be null
//   pattern S8 or U8 samples x inputs; entries S8 outputs x inputs, real and imaginary parts apart
// Grid: ceil(outputs / 32) ceil(samples / 32) blocks of 256 threads, outputs fastest.
extern "C" __global__ void __launch_bounds__(FL_FIELD_THREADS) fl_speckle_field_stored(
    int* positive_real,
    int* positive_imaginary,
    int* negative_real,
    int* negative_imaginary,
    const signed char* __restrict__ pattern,
    const signed char* __restrict__ entries_real,
    const signed char* __restrict__ entries_imaginary,
    long long samples,
    long long inputs,
    long long outputs,
    long long field_stride,
    long long pattern_stride,
    long long entries_stride) {
  fl_field_of_bytes<false>(
      positive_real,
      positive_imaginary,
      negative_real,
      negative_imaginary,
      pattern,
      entries_real,
      entries_imaginary,
      nullptr,
      0ull,
      0,
      samples,
      inputs,
      outputs,
      field_stride,
      pattern_stride,
      entries_stride);
}
FEEDLIGHT_KERNEL(fl_speckle_field_stored)

// The same with the entries made again in every block: row i is that of pixel numbers[i], or of
// first_pixel + i where numbers are null.
//   numbers S32 1 x outputs or null
// Grid: ceil(outputs / 32) ceil(samples / 32) blocks of 256 threads, outputs fastest.
extern "C" __global__ void __launch_bounds__(FL_FIELD_THREADS) fl_speckle_field_procedural(
    int* positive_real,
    int* positive_imaginary,
    int* negative_real,
    int* negative_imaginary,
    const signed char* __restrict__ pattern,
    const int* __restrict__ numbers,
    unsigned long long key,
    long long first_pixel,
    long long samples,
    long long inputs,
    long long outputs,
    long long field_stride,
    long long pattern_stride) {
  fl_field_of_bytes<true>(
      positive_real,
      positive_imaginary,
      negative_real,
      negative_imaginary,
      pattern,
      nullptr,
      nullptr,
      numbers,
      key,
      first_pixel,
      samples,
      inputs,
      outputs,
      field_stride,
      pattern_stride,
      0);
}
FEEDLIGHT_KERNEL(fl_speckle_field_procedural)

// The same for entries in fp32: summed in double, input after input, rounded once.
//   fields F32 samples x outputs; entries F32 outputs x inputs, real and imaginary parts apart
// Grid: ceil(outputs / 32) ceil(samples / 32) blocks of 256 threads, outputs fastest.
extern "C" __global__ void __launch_bounds__(FL_FIELD_THREADS) fl_speckle_field_floats(
    float* positive_real,
    float* positive_imaginary,
    float* negative_real,
    float* negative_imaginary,
    const signed char* __restrict__ pattern,
    const float* __restrict__ entries_real,
    const float* __restrict__ entries_imaginary,
    long long samples,
    long long inputs,
    long long outputs,
    long long field_stride,
    long long pattern_stride,
    long long entries_stride) {
  __shared__ float u[FL_FIELD_TILE * FL_FLOATS_PITCH];
  __shared__ float v[FL_FIELD_TILE * FL_FLOATS_PITCH];
  __shared__ int lit[FL_FIELD_TILE * FL_FLOATS_STEP];
  int thread = threadIdx.x;
  long long across = (outputs + FL_FIELD_TILE - 1) / FL_FIELD_TILE;
  long long first_output = (blockIdx.x % across) * FL_FIELD_TILE;
  long long first_sample = (blockIdx.x / across) * FL_FIELD_TILE;
  int lane = thread % FL_FIELD_TILE;
  int warp = thread / FL_FIELD_TILE;
  int group = FL_FIELD_SAMPLES * warp;
  double sum[FL_FIELD_SAMPLES][4];
  for (int s = 0; s < FL_FIELD_SAMPLES; s++) {
    for (int part = 0; part < 4; part++) {
      sum[s][part] = 0.0;
    }
  }
  for (long long input = 0; input < inputs; input += FL_FLOATS_STEP) {
    // A warp brings a row of 32 inputs at a time.
    long long column = input + lane;
    for (int row = warp; row < FL_FIELD_TILE; row += FL_FIELD_THREADS / FL_FIELD_TILE) {
      long long output = first_output + row;
      long long sample = first_sample + row;
      bool there = output < outputs && column < inputs;
      long long at = output * entries_stride + column;
      u[row * FL_FLOATS_PITCH + lane] = there ? entries_real[at] : 0.0f;
      v[row * FL_FLOATS_PITCH + lane] = there ? entries_imaginary[at] : 0.0f;
      bool shown = sample < samples && column < inputs;
      lit[row * FL_FLOATS_STEP + lane] = shown ? pattern[sample * pattern_stride + column] : 0;
    }
    __syncthreads();
    for (int i = 0; i < FL_FLOATS_STEP; i++) {
      double real = (double)u[lane * FL_FLOATS_PITCH + i];
      double imaginary = (double)v[lane * FL_FLOATS_PITCH + i];
#pragma unroll
      for (int s = 0; s < FL_FIELD_SAMPLES; s++) {
        int mirror = lit[(group + s) * FL_FLOATS_STEP + i];
        if (mirror == 1) {
          sum[s][0] += real;
          sum[s][1] += imaginary;
        } else if (mirror == -1) {
          sum[s][2] += real;
          sum[s][3] += imaginary;
        }
      }
    }
    __syncthreads();
  }
  long long output = first_output + lane;
#pragma unroll
  for (int s = 0; s < FL_FIELD_SAMPLES; s++) {
    long long sample = first_sample + group + s;
    if (output < outputs && sample < samples) {
      long long at = sample * field_stride + output;
      positive_real[at] = (float)sum[s][0];
      positive_imaginary[at] = (float)sum[s][1];
      if (negative_real != nullptr) {
        negative_real[at] = (float)sum[s][2];
        negative_imaginary[at] = (float)sum[s][3];
      }
    }
  }
}
FEEDLIGHT_KERNEL(fl_speckle_field_floats)

// field = positive - negative.
//   all S32, or all F32 where float_fields is 1; rows x columns
// Grid: one thread for each element, blocks of 256.
extern "C" __global__ void fl_speckle_field_difference(
    int* field,
    const int* __restrict__ positive,
    const int* __restrict__ negative,
    int float_fields,
    long long rows,
    long long columns,
    long long field_stride,
    long long parts_stride) {
  long long row = fl_element() / columns;
  long long column = fl_element() % columns;
  if (row < rows) {
    int p = positive[row * parts_stride + column];
    int n = negative[row * parts_stride + column];
    field[row * field_stride + column] =
        float_fields ? __float_as_int(fl_minus(__int_as_float(p), __int_as_float(n))) : p - n;
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
