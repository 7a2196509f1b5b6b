// Activations and their gradients; numbers are ordinals of dev.feedlight.device.Activation.
#pragma once

#include "feedlight.cuh"

#define FL_IDENTITY 0
#define FL_RELU 1
#define FL_TANH 2
#define FL_SIGMOID 3
#define FL_GELU 4

// The normal law's distribution function.
__device__ inline float fl_normal_distribution(float z) {
  return 0.5f * erfcf(z * -0.70710678f);
}

// f(z); NaN gives NaN, infinities give the limits.
__device__ inline float fl_activate(int activation, float z) {
  switch (activation) {
    case FL_RELU:
      return z <= 0.0f ? 0.0f : z;
    case FL_TANH:
      return tanhf(z);
    case FL_SIGMOID:
      return 1.0f / (1.0f + expf(-z));
    case FL_GELU:
      return z == -INFINITY ? -0.0f : z * fl_normal_distribution(z);
    default:
      return z;
  }
}

__device__ inline float fl_gelu_slope(float z) {
  if (isinf(z)) {
    return z > 0.0f ? 1.0f : 0.0f;
  }
  float density = 0.3989423f * expf(-0.5f * z * z);
  return fl_normal_distribution(z) + z * density;
}

// dy f'. For ReLU a selection, so that a masked dy leaves no trace; NaN in saved stays. Saved is z
// for GELU, otherwise f(z), and not read for the identity.
__device__ inline float fl_activation_slope(int activation, float dy, float saved) {
  switch (activation) {
    case FL_RELU:
      return saved > 0.0f ? dy : saved <= 0.0f ? 0.0f : saved;
    case FL_TANH:
      return dy * (1.0f - saved * saved);
    case FL_SIGMOID:
      return dy * (saved * (1.0f - saved));
    case FL_GELU:
      return dy * fl_gelu_slope(saved);
    default:
      return dy;
  }
}
