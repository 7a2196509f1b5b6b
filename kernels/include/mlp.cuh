// The forward pass of a net whose layers are narrow, in one launch. A block carries four samples
// through all layers: their activations stay in shared memory, and while it multiplies by one
// layer's weights those of the next are on their way to the other of two stages. A thread has one
// output of the four samples, so a weight is read from shared memory once for all of them.
//
// Rows of a stage are an odd number of float4 apart: the 8 lanes whose loads of 16 bytes are served
// together then meet all 32 banks. Each sum runs in ascending depth, as in tile_float.cuh, so that
// in fp32 the bits are those of layer by layer.
#pragma once

#include "activation.cuh"
#include "async_copy.cuh"
#include "control.cuh"
#include "reduce.cuh"
#include "tile.cuh"

#define FL_MLP_THREADS 128
#define FL_MLP_SAMPLES 4
#define FL_MLP_WIDTH 128
#define FL_MLP_FINITE 0x7FFFFFFF

// A layer: one of a table in device memory. Each member has eight bytes, as
// dev.feedlight.device.cuda.Arguments.struct lays them out.
//   y, z: batch x outputs (z may be null); weight: outputs x inputs; bias: outputs, or null
//   block: what FiniteCheck says of y, or -1 where nobody asks
struct FlLayer {
  alignas(8) float* y;
  alignas(8) float* z;
  alignas(8) const float* weight;
  alignas(8) const float* bias;
  alignas(8) long long inputs;
  alignas(8) long long outputs;
  alignas(8) long long y_stride;
  alignas(8) long long z_stride;
  alignas(8) int activation;
  alignas(8) int block;
};

static_assert(sizeof(FlLayer) == 10 * 8, "eight bytes for each member");

struct FlBlockMin {
  __device__ static int join(int a, int b) { return min(a, b); }
};

// Operands as they are; mlp_tensor.cu has those that are rounded.
struct FlAsItIs {
  __device__ static float4 operands(const float4& v) { return v; }
};

// Floats from one row of a stage to the next.
__device__ inline int fl_mlp_pitch(int inputs) { return 4 * ((inputs + 3) / 4 | 1); }

// Begins to bring a layer's weights, with zeros up to the next four inputs: a row to a warp, four
// inputs to a lane, so that no index has to be divided.
__device__ inline void fl_mlp_fetch(float* stage, const FlLayer& layer) {
  int inputs = (int)layer.inputs;
  int pitch = fl_mlp_pitch(inputs);
  int column = 4 * ((int)threadIdx.x % 32);
  bool wide = fl_wide(layer.weight, layer.inputs);
  if (column >= inputs) {
    return;
  }
#pragma unroll 4
  for (int row = threadIdx.x / 32; row < (int)layer.outputs; row += FL_MLP_THREADS / 32) {
    const float* from = layer.weight + row * inputs + column;
    float* to = stage + row * pitch + column;
    if (wide) {
      fl_cp_async_16(to, from, 16);
    } else {
      for (int k = 0; k < 4; k++) {
        bool there = column + k < inputs;
        fl_cp_async_4(to + k, there ? from + k : layer.weight, there ? 4 : 0);
      }
    }
  }
}

// One layer for the block's samples: from x to next, both in shared memory, samples 128 apart, with
// zeros up to the next four; y and z to memory. The number of the block if a value is not finite.
template <typename Rounding>
__device__ inline int fl_mlp_layer(
    float* next,
    const float* x,
    const float* stage,
    const FlLayer& layer,
    int samples,
    long long first) {
  int output = threadIdx.x;
  int outputs = (int)layer.outputs;
  int fours = ((int)layer.inputs + 3) / 4;
  int failed = FL_MLP_FINITE;
  float values[FL_MLP_SAMPLES] = {0.0f, 0.0f, 0.0f, 0.0f};
  if (output < outputs) {
    float bias = layer.bias == nullptr ? 0.0f : layer.bias[output];
    const float4* weights =
        reinterpret_cast<const float4*>(stage + output * fl_mlp_pitch((int)layer.inputs));
    const float4* held = reinterpret_cast<const float4*>(x);
#pragma unroll 4
    for (int k = 0; k < fours; k++) {
      float4 w = Rounding::operands(weights[k]);
#pragma unroll
      for (int sample = 0; sample < FL_MLP_SAMPLES; sample++) {
        float4 v = held[sample * (FL_MLP_WIDTH / 4) + k];
        values[sample] += v.x * w.x;
        values[sample] += v.y * w.y;
        values[sample] += v.z * w.z;
        values[sample] += v.w * w.w;
      }
    }
#pragma unroll
    for (int sample = 0; sample < FL_MLP_SAMPLES; sample++) {
      float z = layer.bias == nullptr ? values[sample] : values[sample] + bias;
      float y = fl_activate(layer.activation, z);
      if (sample < samples) {
        long long row = first + sample;
        if (layer.z != nullptr) {
          layer.z[row * layer.z_stride + output] = z;
        }
        layer.y[row * layer.y_stride + output] = y;
        failed = layer.block >= 0 && !isfinite(y) ? layer.block : failed;
      }
      values[sample] = y;
    }
  }
  if (output < (outputs + 3) / 4 * 4) {
    float4 rounded = Rounding::operands(make_float4(values[0], values[1], values[2], values[3]));
    next[output] = rounded.x;
    next[FL_MLP_WIDTH + output] = rounded.y;
    next[2 * FL_MLP_WIDTH + output] = rounded.z;
    next[3 * FL_MLP_WIDTH + output] = rounded.w;
  }
  return failed;
}

// The first block that failed anywhere, told by whichever block of the grid ends last: as if the
// layers had been checked one after the other. seen: the least number and how many have ended; left
// as it was found.
__device__ inline void fl_mlp_report(unsigned char* control, int* seen, int failed) {
  failed = fl_block_reduce<FlBlockMin>(failed, FL_MLP_FINITE);
  if (threadIdx.x == 0) {
    atomicMin(&seen[0], failed);
    __threadfence();
    if (atomicAdd(&seen[1], 1) == (int)gridDim.x - 1) {
      __threadfence();
      int least = atomicExch(&seen[0], FL_MLP_FINITE);
      atomicExch(&seen[1], 0);
      if (least != FL_MLP_FINITE) {
        fl_control_fail(control, least);
      }
    }
  }
}

// FL_MLP_FORWARD(name, Rounding) is the kernel
//
//   z = x weight^T + bias;  y = f(z)     for each layer, whose x is the y before
//
// and the finite checks of its results.
// x: batch x inputs of the first layer; layers: count, each at most 128 x 128; control may be null
// if no layer is checked; seen: two integers, FL_MLP_FINITE and 0
// stage: floats of one, for the largest weight as it lies there; dynamic shared memory of two
// grid ceil(batch / 4), block 128
#define FL_MLP_FORWARD(name, Rounding)                                                         \
  extern "C" __global__ void __launch_bounds__(FL_MLP_THREADS) name(                           \
      const FlLayer* __restrict__ layers,                                                      \
      unsigned char* control,                                                                  \
      int* seen,                                                                               \
      const float* __restrict__ x,                                                             \
      int stage,                                                                               \
      long long count,                                                                         \
      long long batch,                                                                         \
      long long x_stride) {                                                                    \
    FEEDLIGHT_DYNAMIC_SHARED(float, stages);                                                   \
    fl_mlp_pass<Rounding>(                                                                  \
        layers, control, seen, x, stages, stage, (int)count, batch, x_stride);                 \
  }                                                                                            \
  FEEDLIGHT_KERNEL(name)

template <typename Rounding>
__device__ inline void fl_mlp_pass(
    const FlLayer* layers,
    unsigned char* control,
    int* seen,
    const float* x,
    float* stages,
    int stage,
    int count,
    long long batch,
    long long x_stride) {
  __shared__ __align__(16) float values[2][FL_MLP_SAMPLES * FL_MLP_WIDTH];
  long long first = (long long)blockIdx.x * FL_MLP_SAMPLES;
  int samples = (int)(batch - first < FL_MLP_SAMPLES ? batch - first : FL_MLP_SAMPLES);
  FlLayer layer = layers[0];
  fl_mlp_fetch(stages, layer);
  fl_cp_async_commit();
  for (int i = threadIdx.x; i < FL_MLP_WIDTH; i += FL_MLP_THREADS) {
    float v[FL_MLP_SAMPLES];
#pragma unroll
    for (int sample = 0; sample < FL_MLP_SAMPLES; sample++) {
      bool there = sample < samples && i < layer.inputs;
      v[sample] = there ? x[(first + sample) * x_stride + i] : 0.0f;
    }
    float4 rounded = Rounding::operands(make_float4(v[0], v[1], v[2], v[3]));
    values[0][i] = rounded.x;
    values[0][FL_MLP_WIDTH + i] = rounded.y;
    values[0][2 * FL_MLP_WIDTH + i] = rounded.z;
    values[0][3 * FL_MLP_WIDTH + i] = rounded.w;
  }
  int failed = FL_MLP_FINITE;
  for (int i = 0; i < count; i++) {
    fl_cp_async_wait<0>();
    // This layer's weights and inputs are there, and nobody reads those before any more.
    __syncthreads();
    FlLayer current = layer;
    if (i + 1 < count) {
      layer = layers[i + 1];
      fl_mlp_fetch(stages + (i + 1) % 2 * stage, layer);
      fl_cp_async_commit();
    }
    failed = min(
        failed,
        fl_mlp_layer<Rounding>(
            values[(i + 1) % 2],
            values[i % 2],
            stages + i % 2 * stage,
            current,
            samples,
            first));
  }
  if (control != nullptr) {
    fl_mlp_report(control, seen, failed);
  }
}
