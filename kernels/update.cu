#include "feedlight.cuh"
#include "activation.cuh"
#include "control.cuh"
#include "optimizer.cuh"
#include "tile.cuh"

// The weight gradient G = dz^T x and the bias gradient g = column sums of dz, with dz = dy f', and
// where they go: through the optimizer into the parameter (update), or into a kept gradient
// (accumulate). Parameters, their state and kept gradients are dense. Nothing is done while the
// failure word is set.
//
// rule: 0 SGD, 1 momentum, 2 Adam, 3 AdamW. rate_factor: of the parameter's group. decay: 0 for a
// group without. beta1: also the momentum. State that the rule does not keep is null.

// Column `place` of dz at depth `depth`, which is the sample.
struct FlMasked {
  static constexpr bool along_depth = false;
  const float* dy;
  const float* saved;
  int activation;
  long long dy_stride;
  long long saved_stride;
  __device__ float at(long long place, long long depth) const {
    float kept = saved == nullptr ? 0.0f : saved[depth * saved_stride + place];
    return fl_activation_slope(activation, dy[depth * dy_stride + place], kept);
  }
};

// weight = optimizer step of weight with G
// weight, moment1, moment2: outputs x inputs; x: batch x inputs; dy, saved: batch x outputs (saved
// null for the identity)
// grid (ceil(inputs / 64), ceil(outputs / 64)), block (16, 16)
extern "C" __global__ void __launch_bounds__(256) fl_linear_update(
    float* weight,
    float* moment1,
    float* moment2,
    const float* __restrict__ x,
    const float* __restrict__ dy,
    const float* __restrict__ saved,
    const unsigned char* __restrict__ control,
    int activation,
    int rule,
    float rate_factor,
    float decay,
    float beta1,
    float beta2,
    float epsilon,
    long long batch,
    long long inputs,
    long long outputs,
    long long x_stride,
    long long dy_stride,
    long long saved_stride) {
  if (fl_control_failure(control) != 0) {
    return;
  }
  float sums[FL_TILE_SUMS][FL_TILE_SUMS];
  fl_tile_product(
      sums,
      FlMasked{dy, saved, activation, dy_stride, saved_stride},
      FlColumns{x, x_stride},
      outputs,
      inputs,
      batch);
  FlOptimizer optimizer =
      fl_optimizer(control, rule, rate_factor, decay, beta1, beta2, epsilon);
  fl_tile_each(sums, outputs, inputs, [&](long long row, long long column, float sum) {
    fl_optimizer_step(optimizer, weight, moment1, moment2, row * inputs + column, sum);
  });
}
FEEDLIGHT_KERNEL(fl_linear_update)

// gradient = beta gradient + G
// gradient: outputs x inputs; the rest as in fl_linear_update
// grid (ceil(inputs / 64), ceil(outputs / 64)), block (16, 16)
extern "C" __global__ void __launch_bounds__(256) fl_linear_update_accumulate(
    float* gradient,
    const float* __restrict__ x,
    const float* __restrict__ dy,
    const float* __restrict__ saved,
    const unsigned char* __restrict__ control,
    int activation,
    float beta,
    long long batch,
    long long inputs,
    long long outputs,
    long long x_stride,
    long long dy_stride,
    long long saved_stride) {
  if (fl_control_failure(control) != 0) {
    return;
  }
  float sums[FL_TILE_SUMS][FL_TILE_SUMS];
  fl_tile_product(
      sums,
      FlMasked{dy, saved, activation, dy_stride, saved_stride},
      FlColumns{x, x_stride},
      outputs,
      inputs,
      batch);
  fl_tile_each(sums, outputs, inputs, [&](long long row, long long column, float sum) {
    fl_accumulate(gradient, row * inputs + column, beta, sum);
  });
}
FEEDLIGHT_KERNEL(fl_linear_update_accumulate)

// The sum of one column of dz per threadIdx.x, for threads with threadIdx.y 0. Threads (x, 0..7)
// take every eighth sample each; their sums are added by a fixed tree.
__device__ inline float fl_column_sum(
    const FlMasked& dz, long long column, long long columns, long long batch) {
  __shared__ float parts[8][32];
  float sum = 0.0f;
  if (column < columns) {
    for (long long sample = threadIdx.y; sample < batch; sample += 8) {
      sum += dz.at(column, sample);
    }
  }
  parts[threadIdx.y][threadIdx.x] = sum;
  for (int half = 4; half > 0; half /= 2) {
    __syncthreads();
    if ((int)threadIdx.y < half) {
      parts[threadIdx.y][threadIdx.x] += parts[threadIdx.y + half][threadIdx.x];
    }
  }
  return parts[threadIdx.y][threadIdx.x];
}

// bias = optimizer step of bias with g
// bias, moment1, moment2: outputs; dy, saved: batch x outputs (saved null for the identity)
// grid ceil(outputs / 32), block (32, 8)
extern "C" __global__ void __launch_bounds__(256) fl_bias_update(
    float* bias,
    float* moment1,
    float* moment2,
    const float* __restrict__ dy,
    const float* __restrict__ saved,
    const unsigned char* __restrict__ control,
    int activation,
    int rule,
    float rate_factor,
    float decay,
    float beta1,
    float beta2,
    float epsilon,
    long long batch,
    long long outputs,
    long long dy_stride,
    long long saved_stride) {
  if (fl_control_failure(control) != 0) {
    return;
  }
  long long column = (long long)blockIdx.x * 32 + threadIdx.x;
  FlMasked dz{dy, saved, activation, dy_stride, saved_stride};
  float sum = fl_column_sum(dz, column, outputs, batch);
  if (threadIdx.y == 0 && column < outputs) {
    FlOptimizer optimizer =
        fl_optimizer(control, rule, rate_factor, decay, beta1, beta2, epsilon);
    fl_optimizer_step(optimizer, bias, moment1, moment2, column, sum);
  }
}
FEEDLIGHT_KERNEL(fl_bias_update)

// gradient = beta gradient + g
// gradient: outputs; the rest as in fl_bias_update
// grid ceil(outputs / 32), block (32, 8)
extern "C" __global__ void __launch_bounds__(256) fl_bias_update_accumulate(
    float* gradient,
    const float* __restrict__ dy,
    const float* __restrict__ saved,
    const unsigned char* __restrict__ control,
    int activation,
    float beta,
    long long batch,
    long long outputs,
    long long dy_stride,
    long long saved_stride) {
  if (fl_control_failure(control) != 0) {
    return;
  }
  long long column = (long long)blockIdx.x * 32 + threadIdx.x;
  FlMasked dz{dy, saved, activation, dy_stride, saved_stride};
  float sum = fl_column_sum(dz, column, outputs, batch);
  if (threadIdx.y == 0 && column < outputs) {
    fl_accumulate(gradient, column, beta, sum);
  }
}
FEEDLIGHT_KERNEL(fl_bias_update_accumulate)
