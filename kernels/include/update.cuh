// The weight gradient G = dz^T x and the bias gradient g = column sums of dz, with dz = dy f', and
// where they go: through the optimizer into the parameter, or into a kept gradient. Parameters,
// their state and kept gradients are dense. Nothing is done while the failure word is set.
//
// rule: 0 SGD, 1 momentum, 2 Adam, 3 AdamW of optimizer.cuh, or 4: target = beta1 target + gradient.
// rate_factor: of the parameter's group. decay: 0 for a group without. beta1: also the momentum.
// State that the rule does not keep is null.
#pragma once

#include "feedlight.cuh"
#include "activation.cuh"
#include "control.cuh"
#include "optimizer.cuh"
#include "tile.cuh"

#define FL_ACCUMULATE 4

// One update, of a weight or of a bias: an argument, or one of a table in device memory. Each member
// has eight bytes, as dev.feedlight.device.cuda.Arguments.struct lays them out;
// dev.feedlight.device.cuda.GradientUpdate gives them. For a bias, x is null and inputs is 1.
//   target, moment1, moment2: outputs x inputs; x: batch x inputs; dy, saved: batch x outputs (saved
//   null for the identity); first_tile: of those of the launch
struct FlUpdate {
  alignas(8) long long first_tile;
  alignas(8) float* target;
  alignas(8) float* moment1;
  alignas(8) float* moment2;
  alignas(8) const float* x;
  alignas(8) const float* dy;
  alignas(8) const float* saved;
  alignas(8) long long batch;
  alignas(8) long long inputs;
  alignas(8) long long outputs;
  alignas(8) long long x_stride;
  alignas(8) long long dy_stride;
  alignas(8) long long saved_stride;
  alignas(8) int activation;
  alignas(8) int rule;
  alignas(8) float rate_factor;
  alignas(8) float decay;
  alignas(8) float beta1;
  alignas(8) float beta2;
  alignas(8) float epsilon;
};

static_assert(sizeof(FlUpdate) == 20 * 8, "eight bytes for each member");

__device__ inline long long fl_first_tile(const FlUpdate& update) { return update.first_tile; }

// The update that a tile of the launch belongs to: the last one that does not begin after it. Of a
// table of updates or of what else has fl_first_tile().
template <typename Update>
__device__ inline const Update& fl_find_update(
    const Update* updates, long long count, long long tile) {
  long long first = 0;
  long long end = count;
  while (end - first > 1) {
    long long middle = (first + end) / 2;
    if (fl_first_tile(updates[middle]) <= tile) {
      first = middle;
    } else {
      end = middle;
    }
  }
  return updates[first];
}

// Column `place` of dz at depth `depth`, which is the sample.
struct FlMasked {
  static constexpr bool along_depth = false;
  static constexpr bool plain = false;
  struct Held {
    float4 dy;
    float4 saved;
  };
  const float* dy;
  const float* saved;
  int activation;
  long long dy_stride;
  long long saved_stride;
  // One element.
  __device__ float at(long long place, long long depth) const {
    float kept = saved == nullptr ? 0.0f : saved[depth * saved_stride + place];
    return fl_activation_slope(activation, dy[depth * dy_stride + place], kept);
  }
  __device__ bool wide() const {
    return fl_wide(dy, dy_stride) && (saved == nullptr || fl_wide(saved, saved_stride));
  }
  __device__ Held hold(long long place, long long depth, int inside, bool wide) const {
    Held held;
    held.dy = fl_four(dy + depth * dy_stride + place, inside, wide);
    held.saved = saved == nullptr ? make_float4(0.0f, 0.0f, 0.0f, 0.0f)
                                  : fl_four(saved + depth * saved_stride + place, inside, wide);
    return held;
  }
  __device__ float4 values(const Held& held) const {
    return make_float4(
        fl_activation_slope(activation, held.dy.x, held.saved.x),
        fl_activation_slope(activation, held.dy.y, held.saved.y),
        fl_activation_slope(activation, held.dy.z, held.saved.z),
        fl_activation_slope(activation, held.dy.w, held.saved.w));
  }
};

__device__ inline FlMasked fl_signal(const FlUpdate& u) {
  return FlMasked{u.dy, u.saved, u.activation, u.dy_stride, u.saved_stride};
}

__device__ inline FlOptimizer fl_update_optimizer(
    const FlUpdate& u, const unsigned char* control) {
  return fl_optimizer(control, u.rule, u.rate_factor, u.decay, u.beta1, u.beta2, u.epsilon);
}

// A gradient goes where it belongs.
__device__ inline void fl_take_gradient(
    const FlUpdate& u, const FlOptimizer& optimizer, long long i, float gradient) {
  if (u.rule == FL_ACCUMULATE) {
    fl_accumulate(u.target, i, u.beta1, gradient);
  } else {
    fl_optimizer_step(optimizer, u.target, u.moment1, u.moment2, i, gradient);
  }
}

// One tile of a weight, which begins at (row, column).
template <typename Product>
__device__ inline void fl_update_weight(
    const FlUpdate& u, const unsigned char* control, long long row, long long column) {
  FlTile tile{row, column, u.outputs, u.inputs, u.batch};
  Product product;
  product.multiply(tile, fl_signal(u), FlColumns{u.x, u.x_stride});
  FlOptimizer optimizer = fl_update_optimizer(u, control);
  product.each(tile, [&](long long output, long long input, float sum) {
    fl_take_gradient(u, optimizer, output * u.inputs + input, sum);
  });
}

// FL_LINEAR_UPDATE(name, Product) is the kernel
//
//   weight = optimizer step of weight with G, or weight = beta1 weight + G
//
// grid (ceil(inputs / 64), ceil(outputs / 64)), block 128
#define FL_LINEAR_UPDATE(name, Product)                                                        \
  extern "C" __global__ void __launch_bounds__(FL_TILE_THREADS, Product::blocks) name(         \
      const FlUpdate update, const unsigned char* __restrict__ control) {                      \
    if (fl_control_failure(control) != 0) {                                                    \
      return;                                                                                  \
    }                                                                                          \
    fl_update_weight<Product>(                                                                 \
        update,                                                                                \
        control,                                                                               \
        (long long)blockIdx.y * FL_TILE,                                                       \
        (long long)blockIdx.x * FL_TILE);                                                      \
  }                                                                                            \
  FEEDLIGHT_KERNEL(name)

// FL_LINEAR_UPDATES(name, Product) is the kernel that does this for `count` weights of any shapes,
// none of which touches another, in one launch.
// updates: count, in ascending order of first_tile; a weight has ceil(outputs / 64) ceil(inputs /
// 64) tiles, row by row
// grid all tiles, block 128
#define FL_LINEAR_UPDATES(name, Product)                                                       \
  extern "C" __global__ void __launch_bounds__(FL_TILE_THREADS, Product::blocks) name(         \
      const FlUpdate* __restrict__ updates,                                                    \
      const unsigned char* __restrict__ control,                                               \
      long long count) {                                                                       \
    if (fl_control_failure(control) != 0) {                                                    \
      return;                                                                                  \
    }                                                                                          \
    FlUpdate update = fl_find_update(updates, count, blockIdx.x);                              \
    long long tile = (long long)blockIdx.x - update.first_tile;                                \
    long long across = (update.inputs + FL_TILE - 1) / FL_TILE;                                \
    fl_update_weight<Product>(                                                                 \
        update, control, tile / across * FL_TILE, tile % across * FL_TILE);                    \
  }                                                                                            \
  FEEDLIGHT_KERNEL(name)
