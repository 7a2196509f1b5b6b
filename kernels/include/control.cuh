// The 64 bytes of dev.feedlight.device.StepControl.
#pragma once

#include "feedlight.cuh"

#define FL_CONTROL_RATE 0
#define FL_CONTROL_CORRECTION_1 4
#define FL_CONTROL_CORRECTION_2 8
#define FL_CONTROL_FAILURE 12
#define FL_CONTROL_STEP 16
#define FL_CONTROL_PROJECTION 24
#define FL_CONTROL_FAILURE_STEP 32

__device__ inline float fl_control_float(const unsigned char* control, int offset) {
  return *reinterpret_cast<const float*>(control + offset);
}

// Two words, as the block is aligned to 4 bytes only.
__device__ inline long long fl_control_wide(const unsigned char* control, int offset) {
  const unsigned* words = reinterpret_cast<const unsigned*>(control + offset);
  return (long long)((unsigned long long)words[1] << 32 | words[0]);
}

__device__ inline float fl_control_rate(const unsigned char* control) {
  return fl_control_float(control, FL_CONTROL_RATE);
}

__device__ inline float fl_control_correction1(const unsigned char* control) {
  return fl_control_float(control, FL_CONTROL_CORRECTION_1);
}

__device__ inline float fl_control_correction2(const unsigned char* control) {
  return fl_control_float(control, FL_CONTROL_CORRECTION_2);
}

// The failure that stands for a label or a token out of range, of which the host is told elsewhere.
#define FL_CONTROL_REFUSED (-1)

// 0, 1 + the number of the block whose values were not finite, or FL_CONTROL_REFUSED; updates do
// nothing while set.
__device__ inline int fl_control_failure(const unsigned char* control) {
  return *reinterpret_cast<const int*>(control + FL_CONTROL_FAILURE);
}

__device__ inline long long fl_control_step(const unsigned char* control) {
  return fl_control_wide(control, FL_CONTROL_STEP);
}

__device__ inline long long fl_control_projection(const unsigned char* control) {
  return fl_control_wide(control, FL_CONTROL_PROJECTION);
}

// Keeps updates from what follows from a label or a token out of range.
__device__ inline void fl_control_refuse(unsigned char* control) {
  atomicCAS(reinterpret_cast<int*>(control + FL_CONTROL_FAILURE), 0, FL_CONTROL_REFUSED);
}

// Sets the failure unless one is set; any number of threads may call it at once.
__device__ inline void fl_control_fail(unsigned char* control, int block) {
  int* failure = reinterpret_cast<int*>(control + FL_CONTROL_FAILURE);
  if (atomicCAS(failure, 0, block + 1) == 0) {
    const unsigned* step = reinterpret_cast<const unsigned*>(control + FL_CONTROL_STEP);
    unsigned* seen = reinterpret_cast<unsigned*>(control + FL_CONTROL_FAILURE_STEP);
    seen[0] = step[0];
    seen[1] = step[1];
  }
}
