// Dense layers for few samples, where a weight is used once or a few times for each time that it
// crosses memory: what counts is to read it 16 bytes at a time, with enough loads under way, and
// never twice. SAMPLES is how many there may be: 1, or FL_FEW. In fp32; operands as in linear.cuh
// and update.cuh.
#pragma once

#include "activation.cuh"
#include "reduce.cuh"
#include "update.cuh"

#define FL_FEW 8

// Loads of a weight that a thread has under way before it uses the first.
#define FL_FEW_LOADS 4

__device__ inline void fl_add_product(float& sum, const float4& a, const float4& b) {
  sum += a.x * b.x;
  sum += a.y * b.y;
  sum += a.z * b.z;
  sum += a.w * b.w;
}

__device__ inline void fl_add_scaled(float4& sum, float scale, const float4& v) {
  sum.x += scale * v.x;
  sum.y += scale * v.y;
  sum.z += scale * v.z;
  sum.w += scale * v.w;
}

__device__ inline float4 fl_no_four() { return make_float4(0.0f, 0.0f, 0.0f, 0.0f); }

// Four neighbours of every sample, with zeros beyond the batch.
template <int SAMPLES>
__device__ inline void fl_few_fours(
    float4 (&fours)[SAMPLES],
    const float* x,
    long long stride,
    long long column,
    long long batch,
    int inside,
    bool wide) {
#pragma unroll
  for (int sample = 0; sample < SAMPLES; sample++) {
    fours[sample] =
        sample < batch ? fl_four(x + sample * stride + column, inside, wide) : fl_no_four();
  }
}

// ---- forward: a warp has two rows of the weight, a lane every 32nd four of them

#define FL_FEW_FORWARD_THREADS 128
#define FL_FEW_FORWARD_ROWS 2

template <int SAMPLES>
struct FlFewSums {
  float sums[FL_FEW_FORWARD_ROWS][SAMPLES];

  __device__ void add(int row, const float4& w, const float4 (&x)[SAMPLES]) {
#pragma unroll
    for (int sample = 0; sample < SAMPLES; sample++) {
      fl_add_product(sums[row][sample], w, x[sample]);
    }
  }
};

// What a forward pass writes.
struct FlFewResult {
  float* y;
  float* z;
  unsigned char* control;
  int activation;
  int block;
  long long batch;
  long long outputs;
  long long y_stride;
  long long z_stride;
};

// By a warp: the lanes' sums of two rows meet, and z = shifted(output, sum), y = f(z) are written.
template <int SAMPLES, typename Shifted>
__device__ inline void fl_few_finish(
    const FlFewResult& to, const FlFewSums<SAMPLES>& all, long long row, const Shifted& shifted) {
  float sum = 0.0f;
  int lane = threadIdx.x % 32;
  for (int i = 0; i < FL_FEW_FORWARD_ROWS * SAMPLES; i++) {
    float whole = fl_warp_reduce<FlBlockSum>(all.sums[i / SAMPLES][i % SAMPLES]);
    sum = lane == i ? whole : sum;
  }
  long long output = row + lane / SAMPLES;
  long long sample = lane % SAMPLES;
  if (lane < FL_FEW_FORWARD_ROWS * SAMPLES && output < to.outputs && sample < to.batch) {
    float value = shifted(output, sum);
    if (to.z != nullptr) {
      to.z[sample * to.z_stride + output] = value;
    }
    float result = fl_activate(to.activation, value);
    to.y[sample * to.y_stride + output] = result;
    if (to.control != nullptr && !isfinite(result)) {
      fl_control_fail(to.control, to.block);
    }
  }
}

// The first row of the thread's warp.
__device__ inline long long fl_few_first_row() {
  return ((long long)blockIdx.x * FL_FEW_FORWARD_THREADS + threadIdx.x) / 32 * FL_FEW_FORWARD_ROWS;
}

// FL_FEW_FORWARD(name, SAMPLES) is the kernel
//
//   z = x weight^T + bias;  y = f(z);  and where control is given the finite check of y, as `block`
//
// grid ceil(outputs / 8), block 128
#define FL_FEW_FORWARD(name, SAMPLES)                                                          \
  extern "C" __global__ void __launch_bounds__(FL_FEW_FORWARD_THREADS) name(                   \
      float* y,                                                                                \
      float* z,                                                                                \
      unsigned char* control,                                                                  \
      const float* __restrict__ x,                                                             \
      const float* __restrict__ weight,                                                        \
      const float* __restrict__ bias,                                                          \
      int activation,                                                                          \
      int block,                                                                               \
      long long batch,                                                                         \
      long long inputs,                                                                        \
      long long outputs,                                                                       \
      long long y_stride,                                                                      \
      long long z_stride,                                                                      \
      long long x_stride) {                                                                    \
    long long row = fl_few_first_row();                                                        \
    if (row >= outputs) {                                                                      \
      return;                                                                                  \
    }                                                                                          \
    FlFewResult to{y, z, control, activation, block, batch, outputs, y_stride, z_stride};      \
    FlFewAsItIs as_it_is;                                                                      \
    FlFewSums<SAMPLES> all = fl_few_rows<SAMPLES>(                                             \
        as_it_is, x, weight, row, batch, inputs, outputs, x_stride);                           \
    fl_few_finish(to, all, row, [&](long long output, float sum) {                             \
      return bias == nullptr ? sum : sum + bias[output];                                       \
    });                                                                                        \
  }                                                                                            \
  FEEDLIGHT_KERNEL(name)

// What becomes of four neighbouring weights between memory and the product: nothing.
struct FlFewAsItIs {
  // Of a weight that a thread has under way.
  static constexpr int loads = FL_FEW_LOADS;
  // Before those of all rows from a column on; so many of the four are inside.
  __device__ void begin(long long, int) const {}
  // Those of row i of the warp's, from a column on, so many inside.
  __device__ float4 take(int, long long, const float4& w, int) const { return w; }
};

// The lane's part of the sums of a warp's rows; beyond the last row the one before counts again.
template <int SAMPLES, typename Weights>
__device__ inline FlFewSums<SAMPLES> fl_few_rows(
    Weights& weights,
    const float* x,
    const float* weight,
    long long row,
    long long batch,
    long long inputs,
    long long outputs,
    long long x_stride) {
  FlFewSums<SAMPLES> all;
#pragma unroll
  for (int i = 0; i < FL_FEW_FORWARD_ROWS * SAMPLES; i++) {
    all.sums[i / SAMPLES][i % SAMPLES] = 0.0f;
  }
  const float* rows[FL_FEW_FORWARD_ROWS];
#pragma unroll
  for (int i = 0; i < FL_FEW_FORWARD_ROWS; i++) {
    rows[i] = weight + (row + i < outputs ? row + i : row) * inputs;
  }
  bool wide = fl_wide(weight, inputs) && fl_wide(x, x_stride);
  constexpr long long step = 4 * 32;
  constexpr int LOADS = Weights::loads;
  long long column = 4 * (threadIdx.x % 32);
  // All loads of a round are under way before the first is used.
  for (; wide && column + (LOADS - 1) * step < inputs; column += LOADS * step) {
    float4 w[LOADS][FL_FEW_FORWARD_ROWS];
#pragma unroll
    for (int load = 0; load < LOADS; load++) {
#pragma unroll
      for (int i = 0; i < FL_FEW_FORWARD_ROWS; i++) {
        w[load][i] = *reinterpret_cast<const float4*>(rows[i] + column + load * step);
      }
    }
#pragma unroll
    for (int load = 0; load < LOADS; load++) {
      long long at = column + load * step;
      weights.begin(at, 4);
#pragma unroll
      for (int i = 0; i < FL_FEW_FORWARD_ROWS; i++) {
        w[load][i] = weights.take(i, at, w[load][i], 4);
      }
      float4 values[SAMPLES];
      fl_few_fours(values, x, x_stride, at, batch, 4, true);
#pragma unroll
      for (int i = 0; i < FL_FEW_FORWARD_ROWS; i++) {
        all.add(i, w[load][i], values);
      }
    }
  }
  for (; column < inputs; column += step) {
    int inside = inputs - column < 4 ? (int)(inputs - column) : 4;
    float4 w[FL_FEW_FORWARD_ROWS];
    weights.begin(column, inside);
#pragma unroll
    for (int i = 0; i < FL_FEW_FORWARD_ROWS; i++) {
      w[i] = weights.take(i, column, fl_four(rows[i] + column, inside, wide), inside);
    }
    float4 values[SAMPLES];
    fl_few_fours(values, x, x_stride, column, batch, inside, wide);
#pragma unroll
    for (int i = 0; i < FL_FEW_FORWARD_ROWS; i++) {
      all.add(i, w[i], values);
    }
  }
  return all;
}

// ---- updates

// The gradients of four neighbouring weights go where they belong. w: their values, as read
// before; inside: how many there are. What is there then, with zeros beyond those inside.
__device__ inline float4 fl_few_take(
    const FlUpdate& u,
    const FlOptimizer& optimizer,
    long long i,
    const float4& w,
    const float4& gradient,
    int inside,
    bool wide) {
  if (u.rule == FL_SGD && wide) {
    float4 after = make_float4(
        fl_sgd_step(optimizer, w.x, gradient.x),
        fl_sgd_step(optimizer, w.y, gradient.y),
        fl_sgd_step(optimizer, w.z, gradient.z),
        fl_sgd_step(optimizer, w.w, gradient.w));
    *reinterpret_cast<float4*>(u.target + i) = after;
    return after;
  }
  float gradients[4] = {gradient.x, gradient.y, gradient.z, gradient.w};
#pragma unroll
  for (int k = 0; k < 4; k++) {
    if (k < inside) {
      fl_take_gradient(u, optimizer, i + k, gradients[k]);
    }
  }
  return fl_four(u.target + i, inside, wide);
}

// The signal of a few rows of a weight, with zeros beyond the last row and sample.
template <int ROWS, int SAMPLES>
__device__ inline void fl_few_signal(
    float (&dz)[ROWS][SAMPLES], const FlUpdate& u, long long first) {
  FlMasked signal = fl_signal(u);
#pragma unroll
  for (int i = 0; i < ROWS; i++) {
#pragma unroll
    for (int sample = 0; sample < SAMPLES; sample++) {
      bool there = first + i < u.outputs && sample < u.batch;
      dz[i][sample] = there ? signal.at(first + i, sample) : 0.0f;
    }
  }
}

// Of four neighbouring weights, sample by sample.
template <int SAMPLES>
__device__ inline float4 fl_few_gradient(const float (&dz)[SAMPLES], const float4 (&x)[SAMPLES]) {
  float4 gradient = fl_no_four();
#pragma unroll
  for (int sample = 0; sample < SAMPLES; sample++) {
    fl_add_scaled(gradient, dz[sample], x[sample]);
  }
  return gradient;
}

#define FL_FEW_UPDATE_THREADS 128

// Rows of a weight that a block of fl_few_update has: fewer where more is kept of each.
template <int SAMPLES>
struct FlFewTile {
  static constexpr int rows = SAMPLES == 1 ? 4 : 2;
};

// FL_FEW_UPDATES(name, SAMPLES) is the kernel
//
//   weight = optimizer step of weight with G, or weight = beta1 weight + G, G = dz^T x
//
// for `count` weights, none of which touches another. A block has 4 rows of one for 1 sample, 2 for
// more; a thread has four columns of all of them at a time, whose x it reads once.
// updates: count, in ascending order of first_tile; a weight has ceil(outputs / 4 or 2) tiles
// grid all tiles, block 128
#define FL_FEW_UPDATES(name, SAMPLES)                                                          \
  extern "C" __global__ void __launch_bounds__(FL_FEW_UPDATE_THREADS) name(                    \
      const FlUpdate* __restrict__ updates,                                                    \
      const unsigned char* __restrict__ control,                                               \
      long long count) {                                                                       \
    if (fl_control_failure(control) == 0) {                                                    \
      FlUpdate update = fl_find_update(updates, count, blockIdx.x);                            \
      long long tile = (long long)blockIdx.x - update.first_tile;                              \
      fl_few_update<SAMPLES>(update, control, tile * FlFewTile<SAMPLES>::rows);                \
    }                                                                                          \
  }                                                                                            \
  FEEDLIGHT_KERNEL(name)

template <int SAMPLES>
__device__ inline void fl_few_update(
    const FlUpdate& u, const unsigned char* control, long long first) {
  constexpr int ROWS = FlFewTile<SAMPLES>::rows;
  FlOptimizer optimizer = fl_update_optimizer(u, control);
  float dz[ROWS][SAMPLES];
  fl_few_signal(dz, u, first);
  bool x_wide = fl_wide(u.x, u.x_stride);
  bool wide = fl_wide(u.target, u.inputs);
  bool sgd = wide && u.rule == FL_SGD;
  for (long long column = 4 * threadIdx.x; column < u.inputs; column += 4 * FL_FEW_UPDATE_THREADS) {
    int inside = u.inputs - column < 4 ? (int)(u.inputs - column) : 4;
    float4 w[ROWS];
#pragma unroll
    for (int i = 0; i < ROWS; i++) {
      const float* at = u.target + (first + i) * u.inputs + column;
      w[i] = sgd && first + i < u.outputs ? *reinterpret_cast<const float4*>(at) : fl_no_four();
    }
    float4 x[SAMPLES];
    fl_few_fours(x, u.x, u.x_stride, column, u.batch, inside, x_wide);
#pragma unroll
    for (int i = 0; i < ROWS; i++) {
      float4 gradient = fl_few_gradient(dz[i], x);
      if (first + i < u.outputs) {
        fl_few_take(u, optimizer, (first + i) * u.inputs + column, w[i], gradient, inside, wide);
      }
    }
  }
}

// ---- backward: a block has 16 columns of the weight, a thread four of them in every so many rows

#define FL_FEW_STRIP 16
#define FL_FEW_LANES (FL_FEW_STRIP / 4)

// Threads of a block: as many as registers allow where all blocks of a layer of 3080 shall be under
// way at once.
template <int SAMPLES>
struct FlFewStrip {
  static constexpr int threads = SAMPLES == 1 ? 512 : 256;
  static constexpr int loads = SAMPLES == 1 ? FL_FEW_LOADS : 2;
};

// What a strip knows of its layer.
struct FlFewBackward {
  float* dx;
  const float* dz;
  const float* weight;
  const float* saved;
  int activation;
  long long batch;
  long long inputs;
  long long outputs;
  long long dx_stride;
  long long dz_stride;
  long long saved_stride;
};

// FL_FEW_BACKWARD(name, SAMPLES) is the kernel
//
//   dx = (dz weight) * f'(saved)
//   weight = optimizer step of weight with dz^T x, bias = step of bias with the column sums of dz
//
// in one pass over the weight, each of whose elements is used for dx before it changes. update and
// bias: of the same layer, with dz as it is; target null where it stays as it is. dx must not
// overlap what is read.
// grid ceil(inputs / 16), block 512 for 1 sample, 256 for more
#define FL_FEW_BACKWARD(name, SAMPLES)                                                         \
  extern "C" __global__ void __launch_bounds__(FlFewStrip<SAMPLES>::threads, 2) name(          \
      float* dx,                                                                               \
      const float* __restrict__ dz,                                                            \
      const float* weight,                                                                     \
      const float* __restrict__ saved,                                                         \
      const FlUpdate update,                                                                   \
      const FlUpdate bias,                                                                     \
      const unsigned char* __restrict__ control,                                               \
      int activation,                                                                          \
      long long batch,                                                                         \
      long long inputs,                                                                        \
      long long outputs,                                                                       \
      long long dx_stride,                                                                     \
      long long dz_stride,                                                                     \
      long long saved_stride) {                                                                \
    FlFewBackward layer{                                                                       \
        dx, dz, weight, saved, activation, batch, inputs, outputs, dx_stride, dz_stride,       \
        saved_stride};                                                                         \
    fl_few_backward<SAMPLES>(layer, update, bias, control);                                    \
  }                                                                                            \
  FEEDLIGHT_KERNEL(name)

// The gradient of a bias by the tree of fl_column_sum, for as many samples as that has threads.
template <int SAMPLES>
__device__ inline float fl_few_bias(const float (&dz)[SAMPLES]) {
  static_assert(SAMPLES == 1 || SAMPLES == 8, "one, or as many as the tree has leaves");
  if constexpr (SAMPLES == 1) {
    return 0.0f + dz[0];
  } else {
    return ((dz[0] + dz[4]) + (dz[2] + dz[6])) + ((dz[1] + dz[5]) + (dz[3] + dz[7]));
  }
}

template <int SAMPLES>
__device__ inline void fl_few_backward(
    const FlFewBackward& layer,
    const FlUpdate& update,
    const FlUpdate& bias,
    const unsigned char* control) {
  constexpr int THREADS = FlFewStrip<SAMPLES>::threads;
  constexpr int AT_ONCE = THREADS / FL_FEW_LANES;
  constexpr int WARPS = THREADS / 32;
  constexpr int LOADS = FlFewStrip<SAMPLES>::loads;
  __shared__ float parts[WARPS][SAMPLES][FL_FEW_STRIP];
  bool changes = update.target != nullptr && fl_control_failure(control) == 0;
  FlOptimizer optimizer = changes ? fl_update_optimizer(update, control) : FlOptimizer{};
  bool biased = changes && bias.target != nullptr && blockIdx.x == 0
                && threadIdx.x % FL_FEW_LANES == 0;
  long long column = (long long)blockIdx.x * FL_FEW_STRIP + 4 * (threadIdx.x % FL_FEW_LANES);
  long long left = layer.inputs - column;
  int inside = left <= 0 ? 0 : left < 4 ? (int)left : 4;
  bool wide = fl_wide(layer.weight, layer.inputs);
  float4 x[SAMPLES];
  float4 sums[SAMPLES];
  bool x_wide = changes && fl_wide(update.x, update.x_stride);
  long long changing = changes ? layer.batch : 0;
  fl_few_fours(x, update.x, update.x_stride, column, changing, inside, x_wide);
#pragma unroll
  for (int sample = 0; sample < SAMPLES; sample++) {
    sums[sample] = fl_no_four();
  }
  for (long long first = threadIdx.x / FL_FEW_LANES; first < layer.outputs;
       first += LOADS * AT_ONCE) {
    float4 w[LOADS];
    float dz[LOADS][SAMPLES];
#pragma unroll
    for (int load = 0; load < LOADS; load++) {
      long long row = first + load * AT_ONCE;
      bool there = row < layer.outputs;
      const float* at = layer.weight + row * layer.inputs + column;
      if (wide) {
        w[load] = there && inside == 4 ? *reinterpret_cast<const float4*>(at) : fl_no_four();
      } else {
        w[load] = fl_four(at, there ? inside : 0, false);
      }
#pragma unroll
      for (int sample = 0; sample < SAMPLES; sample++) {
        bool given = there && sample < layer.batch;
        dz[load][sample] = given ? layer.dz[sample * layer.dz_stride + row] : 0.0f;
      }
    }
#pragma unroll
    for (int load = 0; load < LOADS; load++) {
      long long row = first + load * AT_ONCE;
      float4 gradient = fl_no_four();
#pragma unroll
      for (int sample = 0; sample < SAMPLES; sample++) {
        fl_add_scaled(sums[sample], dz[load][sample], w[load]);
        fl_add_scaled(gradient, dz[load][sample], x[sample]);
      }
      if (changes && row < layer.outputs) {
        if (inside > 0) {
          long long at = row * layer.inputs + column;
          fl_few_take(update, optimizer, at, w[load], gradient, inside, wide);
        }
        if (biased) {
          fl_take_gradient(
              bias, fl_update_optimizer(bias, control), row, fl_few_bias<SAMPLES>(dz[load]));
        }
      }
    }
  }
  // Over the rows of a warp, then over the warps, in one order.
#pragma unroll
  for (int sample = 0; sample < SAMPLES; sample++) {
    float four[4] = {sums[sample].x, sums[sample].y, sums[sample].z, sums[sample].w};
#pragma unroll
    for (int k = 0; k < 4; k++) {
#pragma unroll
      for (int distance = 16; distance >= FL_FEW_LANES; distance /= 2) {
        four[k] += __shfl_xor_sync(0xFFFFFFFFu, four[k], distance);
      }
      if (threadIdx.x % 32 < FL_FEW_LANES) {
        parts[threadIdx.x / 32][sample][4 * (threadIdx.x % 32) + k] = four[k];
      }
    }
  }
  __syncthreads();
  int sample = threadIdx.x / FL_FEW_STRIP;
  long long input = (long long)blockIdx.x * FL_FEW_STRIP + threadIdx.x % FL_FEW_STRIP;
  if (sample < SAMPLES && sample < layer.batch && input < layer.inputs) {
    float sum = 0.0f;
    for (int warp = 0; warp < WARPS; warp++) {
      sum += parts[warp][sample][threadIdx.x % FL_FEW_STRIP];
    }
    float kept = layer.saved == nullptr ? 0.0f : layer.saved[sample * layer.saved_stride + input];
    layer.dx[sample * layer.dx_stride + input] = fl_activation_slope(layer.activation, sum, kept);
  }
}
