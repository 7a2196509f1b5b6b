#include "tile_float.cuh"
#include "update.cuh"

// Updates of weights in fp32, and of biases.

FL_LINEAR_UPDATE(fl_linear_update, FlFloatProduct)
FL_LINEAR_UPDATES(fl_linear_updates, FlFloatProduct)

#define FL_BIAS_COLUMNS 32
#define FL_BIAS_SAMPLES 8

// The sum of one column of dz per threadIdx.x, for threads with threadIdx.y 0. Threads (x, 0..7)
// take every eighth sample each; their sums are added by a fixed tree.
__device__ inline float fl_column_sum(
    const FlMasked& dz, long long column, long long columns, long long batch) {
  __shared__ float parts[FL_BIAS_SAMPLES][FL_BIAS_COLUMNS];
  float sum = 0.0f;
  if (column < columns) {
    long long sample = threadIdx.y;
    // Loads of four samples are under way before the first of them is used; the sum keeps its order.
    for (; sample + 3 * FL_BIAS_SAMPLES < batch; sample += 4 * FL_BIAS_SAMPLES) {
      float dy[4];
      float saved[4];
#pragma unroll
      for (int i = 0; i < 4; i++) {
        long long depth = sample + i * FL_BIAS_SAMPLES;
        dy[i] = dz.dy[depth * dz.dy_stride + column];
        saved[i] = dz.saved == nullptr ? 0.0f : dz.saved[depth * dz.saved_stride + column];
      }
#pragma unroll
      for (int i = 0; i < 4; i++) {
        sum += fl_activation_slope(dz.activation, dy[i], saved[i]);
      }
    }
    for (; sample < batch; sample += FL_BIAS_SAMPLES) {
      sum += dz.at(column, sample);
    }
  }
  parts[threadIdx.y][threadIdx.x] = sum;
  for (int half = FL_BIAS_SAMPLES / 2; half > 0; half /= 2) {
    __syncthreads();
    if ((int)threadIdx.y < half) {
      parts[threadIdx.y][threadIdx.x] += parts[threadIdx.y + half][threadIdx.x];
    }
  }
  return parts[threadIdx.y][threadIdx.x];
}

// 32 columns of a bias, from column0 on.
__device__ inline void fl_update_bias(
    const FlUpdate& u, const unsigned char* control, long long column0) {
  long long column = column0 + threadIdx.x;
  float sum = fl_column_sum(fl_signal(u), column, u.outputs, u.batch);
  if (threadIdx.y == 0 && column < u.outputs) {
    fl_take_gradient(u, fl_update_optimizer(u, control), column, sum);
  }
}

// bias = optimizer step of bias with g, or bias = beta1 bias + g
// grid ceil(outputs / 32), block (32, 8)
extern "C" __global__ void __launch_bounds__(256) fl_bias_update(
    const FlUpdate update, const unsigned char* __restrict__ control) {
  if (fl_control_failure(control) != 0) {
    return;
  }
  fl_update_bias(update, control, (long long)blockIdx.x * FL_BIAS_COLUMNS);
}
FEEDLIGHT_KERNEL(fl_bias_update)

// The same for `count` biases of any lengths in one launch.
// updates: count, in ascending order of first_tile; a bias has ceil(outputs / 32) tiles
// grid all tiles, block (32, 8)
extern "C" __global__ void __launch_bounds__(256) fl_bias_updates(
    const FlUpdate* __restrict__ updates,
    const unsigned char* __restrict__ control,
    long long count) {
  if (fl_control_failure(control) != 0) {
    return;
  }
  FlUpdate update = fl_find_update(updates, count, blockIdx.x);
  fl_update_bias(
      update, control, ((long long)blockIdx.x - update.first_tile) * FL_BIAS_COLUMNS);
}
FEEDLIGHT_KERNEL(fl_bias_updates)
