#include "few.cuh"

// Generation 2 of the dense layer for few samples (README.md here): the update of the step before
// is done in the forward pass of this one, which reads the weight anyway.

// A pending update of a warp's rows: weights change on their way to the product, and are written.
template <int SAMPLES>
struct FlFewPending {
  // Half of the traffic is writes, and a multiprocessor shall hold three blocks.
  static constexpr int loads = SAMPLES == 1 ? FL_FEW_LOADS : 2;
  const FlUpdate& u;
  FlOptimizer optimizer;
  long long first;
  bool wide;
  bool x_wide;
  bool changes;
  float dz[FL_FEW_FORWARD_ROWS][SAMPLES];
  float4 x[SAMPLES];

  __device__ FlFewPending(const FlUpdate& update, const unsigned char* control, long long row)
      : u(update), optimizer(fl_update_optimizer(update, control)), first(row) {
    wide = fl_wide(u.target, u.inputs);
    x_wide = fl_wide(u.x, u.x_stride);
    changes = fl_control_failure(control) == 0;
    fl_few_signal(dz, u, first);
  }

  __device__ void begin(long long column, int inside) {
    fl_few_fours(x, u.x, u.x_stride, column, u.batch, inside, x_wide);
  }

  __device__ float4 take(int i, long long column, const float4& w, int inside) const {
    if (!changes || first + i >= u.outputs) {
      return w;
    }
    float4 gradient = fl_few_gradient(dz[i], x);
    long long at = (first + i) * u.inputs + column;
    return fl_few_take(u, optimizer, at, w, gradient, inside, wide);
  }
};

// The bias of the output that fl_few_finish gives the lane, after its own pending update. The first
// lane of each output does that; the others must not read before.
template <int SAMPLES>
__device__ inline float fl_few_pending_bias(
    const FlUpdate& bias, const unsigned char* control, bool changes, long long row) {
  int lane = threadIdx.x % 32;
  long long output = row + lane / SAMPLES;
  float value = 0.0f;
  if (lane % SAMPLES == 0 && lane < FL_FEW_FORWARD_ROWS * SAMPLES && output < bias.outputs) {
    if (changes) {
      float dz[1][SAMPLES];
      fl_few_signal(dz, bias, output);
      FlOptimizer optimizer = fl_update_optimizer(bias, control);
      fl_take_gradient(bias, optimizer, output, fl_few_bias<SAMPLES>(dz[0]));
    }
    value = bias.target[output];
  }
  return __shfl_sync(0xFFFFFFFFu, value, lane / SAMPLES * SAMPLES);
}

// FL_LINEAR_LAZY(name, SAMPLES) is the kernel
//
//   weight = optimizer step of weight with dz^T x', bias = step of bias with the column sums of dz
//   z = x weight^T + bias;  y = f(z);  and where control is given the finite check of y, as `block`
//
// in one pass over the weight. Its bits are those of FL_FEW_UPDATES, fl_bias_updates and then
// FL_FEW_FORWARD. weight and bias are the layer's updates of the step before, by the rule of an
// optimizer; target of bias null without one. pending is that step's control, of which rate,
// corrections and failure are used, and another than control. What is written must not overlap what
// the updates read: x' is not x, though both are what the layer before made.
// y, z: batch x outputs (z may be null); x: batch x inputs; x': u.batch x inputs; at most SAMPLES
// of each
// grid ceil(outputs / 8), block 128
#define FL_LINEAR_LAZY(name, SAMPLES)                                                          \
  extern "C" __global__ void __launch_bounds__(FL_FEW_FORWARD_THREADS, 3) name(                \
      float* y,                                                                                \
      float* z,                                                                                \
      unsigned char* control,                                                                  \
      const float* __restrict__ x,                                                             \
      const FlUpdate weight,                                                                   \
      const FlUpdate bias,                                                                     \
      const unsigned char* __restrict__ pending,                                               \
      int activation,                                                                          \
      int block,                                                                               \
      long long batch,                                                                         \
      long long y_stride,                                                                      \
      long long z_stride,                                                                      \
      long long x_stride) {                                                                    \
    long long row = fl_few_first_row();                                                        \
    if (row >= weight.outputs) {                                                               \
      return;                                                                                  \
    }                                                                                          \
    FlFewResult to{                                                                            \
        y, z, control, activation, block, batch, weight.outputs, y_stride, z_stride};          \
    FlFewPending<SAMPLES> update(weight, pending, row);                                        \
    bool biased = bias.target != nullptr;                                                      \
    float shift =                                                                              \
        biased ? fl_few_pending_bias<SAMPLES>(bias, pending, update.changes, row) : 0.0f;      \
    FlFewSums<SAMPLES> all = fl_few_rows<SAMPLES>(                                             \
        update, x, weight.target, row, batch, weight.inputs, weight.outputs, x_stride);        \
    fl_few_finish(to, all, row, [&](long long, float sum) {                                    \
      return biased ? sum + shift : sum;                                                       \
    });                                                                                        \
  }                                                                                            \
  FEEDLIGHT_KERNEL(name)

FL_LINEAR_LAZY(fl_linear_lazy_one, 1)
FL_LINEAR_LAZY(fl_linear_lazy_few, FL_FEW)
