// Fields behind a stored matrix of floats: a block makes those of 32 outputs for 32 patterns, one
// output and four patterns to a thread. Positive and negative mirrors are summed apart, in double,
// input after input, and rounded once.
#pragma once

#include "optics.cuh"

#define FL_FLOATS_THREADS 256
#define FL_FLOATS_TILE 32
#define FL_FLOATS_PATTERNS 4
// Inputs of a step, and what rows of them take, so that the threads of a warp read other banks.
#define FL_FLOATS_STEP 32
#define FL_FLOATS_PITCH 33

// take.pixel(output), then take(pixel, pattern, output, p_real, p_imaginary, n_real, n_imaginary)
// for each of the thread's patterns.
//   pattern S8 or U8 patterns x inputs; entries F32 outputs x inputs, real and imaginary parts apart
// Grid: ceil(outputs / 32) ceil(patterns / 32) blocks of 256 threads, patterns fastest.
template <typename Take>
__device__ inline void fl_fields_of_floats(
    const signed char* pattern,
    const float* entries_real,
    const float* entries_imaginary,
    long long patterns,
    long long inputs,
    long long outputs,
    long long pattern_stride,
    long long entries_stride,
    const Take& take) {
  __shared__ float u[FL_FLOATS_TILE * FL_FLOATS_PITCH];
  __shared__ float v[FL_FLOATS_TILE * FL_FLOATS_PITCH];
  __shared__ int lit[FL_FLOATS_TILE * FL_FLOATS_STEP];
  int thread = threadIdx.x;
  long long tiles = (patterns + FL_FLOATS_TILE - 1) / FL_FLOATS_TILE;
  long long first_output = blockIdx.x / tiles * FL_FLOATS_TILE;
  long long first_pattern = blockIdx.x % tiles * FL_FLOATS_TILE;
  int lane = thread % FL_FLOATS_TILE;
  int warp = thread / FL_FLOATS_TILE;
  int group = FL_FLOATS_PATTERNS * warp;
  double sum[FL_FLOATS_PATTERNS][4];
  for (int s = 0; s < FL_FLOATS_PATTERNS; s++) {
    for (int part = 0; part < 4; part++) {
      sum[s][part] = 0.0;
    }
  }
  for (long long input = 0; input < inputs; input += FL_FLOATS_STEP) {
    // A warp brings a row of 32 inputs at a time.
    long long column = input + lane;
    for (int row = warp; row < FL_FLOATS_TILE; row += FL_FLOATS_THREADS / FL_FLOATS_TILE) {
      long long output = first_output + row;
      long long sample = first_pattern + row;
      bool there = output < outputs && column < inputs;
      long long at = output * entries_stride + column;
      u[row * FL_FLOATS_PITCH + lane] = there ? entries_real[at] : 0.0f;
      v[row * FL_FLOATS_PITCH + lane] = there ? entries_imaginary[at] : 0.0f;
      bool shown = sample < patterns && column < inputs;
      lit[row * FL_FLOATS_STEP + lane] = shown ? pattern[sample * pattern_stride + column] : 0;
    }
    __syncthreads();
    for (int i = 0; i < FL_FLOATS_STEP; i++) {
      double real = (double)u[lane * FL_FLOATS_PITCH + i];
      double imaginary = (double)v[lane * FL_FLOATS_PITCH + i];
#pragma unroll
      for (int s = 0; s < FL_FLOATS_PATTERNS; s++) {
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
  if (output < outputs) {
    auto pixel = take.pixel(output);
#pragma unroll
    for (int s = 0; s < FL_FLOATS_PATTERNS; s++) {
      long long sample = first_pattern + group + s;
      if (sample < patterns) {
        take(
            pixel,
            sample,
            output,
            (float)sum[s][0],
            (float)sum[s][1],
            (float)sum[s][2],
            (float)sum[s][3]);
      }
    }
  }
}
