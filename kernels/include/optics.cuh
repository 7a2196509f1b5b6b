// What the optical kernels share: pixels, fields, the camera.
//
// Bits are part of the contract here: every fp32 step is one of the _rn intrinsics, which are never
// contracted, in the order of the oracle (dev.feedlight.device.reference).
#pragma once

#include "feedlight.cuh"
#include "philox.cuh"

// Number of the pixel that is output i; in order where there are no numbers.
__device__ inline int fl_pixel(const int* numbers, long long first, long long i) {
  return numbers != nullptr ? numbers[i] : (int)(first + i);
}

// Where a thread stands in a one-dimensional grid.
__device__ inline long long fl_element() {
  return (long long)blockIdx.x * blockDim.x + threadIdx.x;
}

// Re(conj(a) b) of exact fields: in 64 bits, rounded once.
__device__ inline float fl_against(
    long long a_real, long long a_imaginary, long long b_real, long long b_imaginary) {
  return (float)(a_real * b_real + a_imaginary * b_imaginary);
}

// Re(conj(a) b) of fp32 fields.
__device__ inline float fl_against(
    float a_real, float a_imaginary, float b_real, float b_imaginary) {
  return __fadd_rn(__fmul_rn(a_real, b_real), __fmul_rn(a_imaginary, b_imaginary));
}

__device__ inline long long fl_minus(long long a, long long b) {
  return a - b;
}

__device__ inline float fl_minus(float a, float b) {
  return __fsub_rn(a, b);
}

// CameraResponse, with a factor and a term per output where pixels differ.
struct FlCamera {
  float gain;
  float read_noise;
  float shot_noise;
  float dark_offset;
  int quantised;
  float max_count;
  const float* sensitivity;
  const float* offset;
};

__device__ inline bool fl_noisy(const FlCamera& camera) {
  return camera.read_noise > 0.0f || camera.shot_noise > 0.0f;
}

// The words that make the noise of four frames of a pixel.
__device__ inline uint4 fl_camera_words(
    unsigned long long key, int pixel, long long projection, int frames) {
  return fl_philox(
      key,
      (unsigned)pixel,
      (unsigned)projection,
      (unsigned)((unsigned long long)projection >> 32),
      (unsigned)frames);
}

// The count of one output, in the order of CameraResponse. NaN stays NaN.
__device__ inline float fl_camera_count(
    const FlCamera& camera,
    float intensity,
    long long output,
    const float* normal,
    unsigned word) {
  float s = __fmul_rn(intensity, camera.gain);
  if (camera.sensitivity != nullptr) {
    s = __fmul_rn(s, camera.sensitivity[output]);
  }
  if (fl_noisy(camera)) {
    float shot = __fmul_rn(camera.shot_noise, s);
    float read = __fmul_rn(camera.read_noise, camera.read_noise);
    float deviation = __fsqrt_rn(__fadd_rn(shot, read));
    s = __fadd_rn(s, __fmul_rn(deviation, normal[word >> FL_NORMAL_SHIFT]));
  }
  if (camera.dark_offset != 0.0f) {
    s = __fadd_rn(s, camera.dark_offset);
  }
  if (camera.offset != nullptr) {
    s = __fadd_rn(s, camera.offset[output]);
  }
  if (camera.quantised) {
    s = rintf(s);
    s = s <= 0.0f ? 0.0f : s;  // -0 becomes +0
  }
  return s > camera.max_count ? camera.max_count : s;
}
