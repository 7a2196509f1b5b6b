// Reductions over a block by a fixed tree: the result depends on the block's size alone, never on
// timing. All threads of the block call; all get the result. A block has at most 1024 threads, in
// whole warps.
#pragma once

#include "feedlight.cuh"

__device__ inline int fl_thread() {
  return (int)(threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z));
}

__device__ inline int fl_threads() { return (int)(blockDim.x * blockDim.y * blockDim.z); }

// A NaN on either side wins, as in Java's Math.max.
__device__ inline float fl_max(float a, float b) { return a > b || isnan(a) ? a : b; }

struct FlBlockSum {
  template <typename T>
  __device__ static T join(T a, T b) {
    return a + b;
  }
};

struct FlBlockMax {
  __device__ static float join(float a, float b) { return fl_max(a, b); }
};

// The same over a warp, all of whose threads call.
template <typename Rule, typename T>
__device__ inline T fl_warp_reduce(T value) {
  for (int distance = 16; distance > 0; distance /= 2) {
    value = Rule::join(value, __shfl_xor_sync(0xFFFFFFFFu, value, distance));
  }
  return value;
}

template <typename Rule, typename T>
__device__ inline T fl_block_reduce(T value, T neutral) {
  __shared__ T warps[32];
  int lane = fl_thread() % 32;
  int warp = fl_thread() / 32;
  value = fl_warp_reduce<Rule>(value);
  // The previous reduction may still be read.
  __syncthreads();
  if (lane == 0) {
    warps[warp] = value;
  }
  __syncthreads();
  T whole = lane < fl_threads() / 32 ? warps[lane] : neutral;
  return fl_warp_reduce<Rule>(whole);
}

__device__ inline double fl_block_sum(double value) { return fl_block_reduce<FlBlockSum>(value, 0.0); }

__device__ inline float fl_block_sum(float value) { return fl_block_reduce<FlBlockSum>(value, 0.0f); }

__device__ inline int fl_block_sum(int value) { return fl_block_reduce<FlBlockSum>(value, 0); }

__device__ inline float fl_block_max(float value) {
  return fl_block_reduce<FlBlockMax>(value, -INFINITY);
}
