#include "feedlight.cuh"
#include "optics.cuh"
#include "optics_bytes.cuh"

// Stored transmission matrices. Row i holds the real parts of output i, row outputs + i the
// imaginary ones; numbers (null: in order) say which pixel an output is.

#define FL_GENERATE_THREADS 256

// entries[i, c], entries[outputs + i, c] = bytes u, v of TransmissionBytes.
//   entries S8 2 outputs x inputs, numbers S32 1 x outputs or null
// Grid: one thread for each output and eight columns, blocks of 256.
extern "C" __global__ void __launch_bounds__(FL_GENERATE_THREADS) fl_speckle_generate(
    signed char* entries,
    const int* __restrict__ numbers,
    unsigned long long key,
    long long outputs,
    long long inputs,
    long long entries_stride) {
  __shared__ signed char table[256];
  fl_copy_table(table);
  __syncthreads();
  long long blocks = (inputs + FL_ENTRIES_PER_BLOCK - 1) / FL_ENTRIES_PER_BLOCK;
  long long output = fl_element() / blocks;
  long long block = fl_element() % blocks;
  if (output < outputs) {
    uint4 words = fl_entries(key, block, fl_pixel(numbers, 0, output));
    signed char* real = entries + output * entries_stride;
    signed char* imaginary = entries + (outputs + output) * entries_stride;
    for (int i = 0; i < FL_ENTRIES_PER_BLOCK; i++) {
      long long column = FL_ENTRIES_PER_BLOCK * block + i;
      if (column < inputs) {
        real[column] = (signed char)fl_entry(table, i < 4 ? words.x : words.y, i & 3);
        imaginary[column] = (signed char)fl_entry(table, i < 4 ? words.z : words.w, i & 3);
      }
    }
  }
}
FEEDLIGHT_KERNEL(fl_speckle_generate)

// Sums of TransmissionBytes over the mirrors of a macropixel, as floats.
//   entries F32 2 outputs x inputs, numbers S32 1 x outputs or null
// Grid: one thread for each output and input, blocks of 256.
extern "C" __global__ void __launch_bounds__(FL_GENERATE_THREADS) fl_macropixel_generate(
    float* entries,
    const int* __restrict__ numbers,
    unsigned long long key,
    long long mirrors,
    long long outputs,
    long long inputs,
    long long entries_stride) {
  __shared__ signed char table[256];
  fl_copy_table(table);
  __syncthreads();
  long long output = fl_element() / inputs;
  long long input = fl_element() % inputs;
  if (output < outputs) {
    int pixel = fl_pixel(numbers, 0, output);
    long long first = input * mirrors;
    long long end = first + mirrors;
    int real = 0;
    int imaginary = 0;
    long long block = first / FL_ENTRIES_PER_BLOCK;
    for (; FL_ENTRIES_PER_BLOCK * block < end; block++) {
      uint4 words = fl_entries(key, block, pixel);
      for (int i = 0; i < FL_ENTRIES_PER_BLOCK; i++) {
        long long column = FL_ENTRIES_PER_BLOCK * block + i;
        if (column >= first && column < end) {
          real += fl_entry(table, i < 4 ? words.x : words.y, i & 3);
          imaginary += fl_entry(table, i < 4 ? words.z : words.w, i & 3);
        }
      }
    }
    entries[output * entries_stride + input] = (float)real;
    entries[(outputs + output) * entries_stride + input] = (float)imaginary;
  }
}
FEEDLIGHT_KERNEL(fl_macropixel_generate)

// sqrt(-ln u) (cos 2 pi v, sin 2 pi v) in double, rounded once; u = (word + 1) / 2^32, v = word /
// 2^32, from Philox (column / 2, pixel, 1, 0): words x, y of even columns, z, w of odd ones.
//   entries F32 2 outputs x inputs, numbers S32 1 x outputs or null
// Grid: one thread for each output and two columns, blocks of 256.
extern "C" __global__ void __launch_bounds__(FL_GENERATE_THREADS) fl_gaussian_generate(
    float* entries,
    const int* __restrict__ numbers,
    unsigned long long key,
    long long outputs,
    long long inputs,
    long long entries_stride) {
  long long pairs = (inputs + 1) / 2;
  long long output = fl_element() / pairs;
  long long pair = fl_element() % pairs;
  if (output < outputs) {
    uint4 words = fl_philox(key, (unsigned)pair, (unsigned)fl_pixel(numbers, 0, output), 1u, 0u);
    for (int i = 0; i < 2; i++) {
      long long column = 2 * pair + i;
      if (column < inputs) {
        double u = ((double)(i == 0 ? words.x : words.z) + 1.0) * 0x1p-32;
        double v = (double)(i == 0 ? words.y : words.w) * 0x1p-32;
        double modulus = sqrt(-log(u));
        double angle = 2.0 * 3.141592653589793 * v;
        entries[output * entries_stride + column] = (float)(modulus * cos(angle));
        entries[(outputs + output) * entries_stride + column] = (float)(modulus * sin(angle));
      }
    }
  }
}
FEEDLIGHT_KERNEL(fl_gaussian_generate)
