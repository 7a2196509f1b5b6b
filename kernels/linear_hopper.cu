#include "activation.cuh"
#include "control.cuh"
#include "tile_wgmma.cuh"

// The products of linear_tensor.cu for sm_90a, operands bf16 in memory (round_hopper.cu): by wgmma,
// bulk copies and mbarriers. Tiles have 128 columns, or 96 or 64 where these keep more multiprocessors
// at work; a sum has the same bits in all of them.

// Where a product goes: fp32, and beside it bf16, or null.
struct FlResult {
  float* values;
  unsigned short* copy;
  long long rows;
  long long columns;
  long long stride;
  long long copy_stride;
};

// One tile of a result, whose fours are finish(row, column, sums, inside); finish.end() follows the last
// of a thread.
template <bool weight_along_depth, int width, typename Finish>
__device__ inline void fl_result_tile(
    unsigned char* shared,
    const FlWgmmaTile& tile,
    const FlTensorMap* left,
    const FlTensorMap* weight,
    const FlResult& r,
    Finish& finish) {
  fl_wgmma_tile<true, weight_along_depth, width>(
      shared, tile, left, weight, [&](const FlTileRing& ring, const FlSums<width>& sums) {
        bool wide = fl_wide(r.values, r.stride);
        fl_wgmma_each_four(
            ring,
            sums,
            tile,
            r.rows,
            r.columns,
            [&](long long row, long long column, float4 v, int inside) {
              v = finish(row, column, v, inside);
              fl_put_four(r.values + row * r.stride + column, v, inside, wide);
              if (r.copy != nullptr) {
                fl_put_four(r.copy + row * r.copy_stride + column, v, inside);
              }
            });
        finish.end();
      });
}

// z = sums + bias where that is not null, kept where z is not null;  y = f(z);  and where control is not
// null the finite check of y, as `block`
struct FlForward {
  float* z;
  const float* bias;
  unsigned char* control;
  int activation;
  int block;
  long long z_stride;
  bool finite;  // all that the thread has made

  __device__ float4 operator()(long long row, long long column, float4 v, int inside) {
    if (bias != nullptr) {
      float4 b = fl_four(bias + column, inside, fl_wide(bias, 0));
      v = make_float4(v.x + b.x, v.y + b.y, v.z + b.z, v.w + b.w);
    }
    if (z != nullptr) {
      fl_put_four(z + row * z_stride + column, v, inside, fl_wide(z, z_stride));
    }
    float4 y = make_float4(
        fl_activate(activation, v.x),
        fl_activate(activation, v.y),
        fl_activate(activation, v.z),
        fl_activate(activation, v.w));
    finite = finite && fl_finite(y, inside);
    return y;
  }

  __device__ void end() const {
    if (control != nullptr && !finite) {
      fl_control_fail(control, block);
    }
  }
};

// FL_FORWARD_WGMMA(name, width) is the kernel
//
//   z = x weight^T + bias;  y = f(z);  and where control is given the finite check of y, as `block`
//
// y, z: batch x outputs (z may be null); copy: bf16 of y, batch x outputs, or null; bias: outputs or
// null; x: batch x inputs, bf16 in boxes of 128 rows x 64 columns; weight: outputs x inputs, bf16 in
// boxes of `width` rows x 64 columns
// grid (ceil(outputs / width), ceil(batch / 128)), block 288, shared FL_WGMMA_SHARED
#define FL_FORWARD_WGMMA(name, width)                                                          \
  extern "C" __global__ void FL_WGMMA_BOUNDS name(                                             \
      float* y,                                                                                \
      float* z,                                                                                \
      unsigned short* copy,                                                                    \
      unsigned char* control,                                                                  \
      const __grid_constant__ FlTensorMap x,                                                   \
      const __grid_constant__ FlTensorMap weight,                                              \
      const float* __restrict__ bias,                                                          \
      int activation,                                                                          \
      int block,                                                                               \
      long long batch,                                                                         \
      long long inputs,                                                                        \
      long long outputs,                                                                       \
      long long y_stride,                                                                      \
      long long z_stride,                                                                      \
      long long copy_stride) {                                                                 \
    FEEDLIGHT_DYNAMIC_SHARED(unsigned char, shared);                                           \
    FlWgmmaTile tile{(int)blockIdx.y * FL_WGMMA_TILE, (int)blockIdx.x * width, (int)inputs};   \
    FlResult result{y, copy, batch, outputs, y_stride, copy_stride};                           \
    FlForward finish{z, bias, control, activation, block, z_stride, true};                     \
    fl_result_tile<true, width>(shared, tile, &x, &weight, result, finish);                    \
  }                                                                                            \
  FEEDLIGHT_KERNEL(name)

FL_FORWARD_WGMMA(fl_linear_forward_wgmma, 128)
FL_FORWARD_WGMMA(fl_linear_forward_wgmma_96, 96)
FL_FORWARD_WGMMA(fl_linear_forward_wgmma_64, 64)

// dx = sums f'(saved); saved is null for the identity
struct FlBackward {
  const float* saved;
  int activation;
  long long saved_stride;

  __device__ float4 operator()(long long row, long long column, float4 v, int inside) const {
    float4 kept = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
    if (saved != nullptr) {
      kept = fl_four(saved + row * saved_stride + column, inside, fl_wide(saved, saved_stride));
    }
    return make_float4(
        fl_activation_slope(activation, v.x, kept.x),
        fl_activation_slope(activation, v.y, kept.y),
        fl_activation_slope(activation, v.z, kept.z),
        fl_activation_slope(activation, v.w, kept.w));
  }

  __device__ void end() const {}
};

// FL_BACKWARD_WGMMA(name, width) is the kernel
//
//   dx = (dz weight) * f'(saved)
//
// dx, saved: batch x inputs (saved null for the identity); copy: bf16 of dx, batch x inputs, or null;
// dz: batch x outputs, bf16 in boxes of 128 rows x 64 columns; weight: outputs x inputs, bf16 in boxes
// of 64 x 64
// grid (ceil(inputs / width), ceil(batch / 128)), block 288, shared FL_WGMMA_SHARED
#define FL_BACKWARD_WGMMA(name, width)                                                         \
  extern "C" __global__ void FL_WGMMA_BOUNDS name(                                             \
      float* dx,                                                                               \
      unsigned short* copy,                                                                    \
      const __grid_constant__ FlTensorMap dz,                                                  \
      const __grid_constant__ FlTensorMap weight,                                              \
      const float* __restrict__ saved,                                                         \
      int activation,                                                                          \
      long long batch,                                                                         \
      long long inputs,                                                                        \
      long long outputs,                                                                       \
      long long dx_stride,                                                                     \
      long long saved_stride,                                                                  \
      long long copy_stride) {                                                                 \
    FEEDLIGHT_DYNAMIC_SHARED(unsigned char, shared);                                           \
    FlWgmmaTile tile{(int)blockIdx.y * FL_WGMMA_TILE, (int)blockIdx.x * width, (int)outputs};  \
    FlResult result{dx, copy, batch, inputs, dx_stride, copy_stride};                          \
    FlBackward finish{saved, activation, saved_stride};                                        \
    fl_result_tile<false, width>(shared, tile, &dz, &weight, result, finish);                  \
  }                                                                                            \
  FEEDLIGHT_KERNEL(name)

FL_BACKWARD_WGMMA(fl_linear_backward_input_wgmma, 128)
FL_BACKWARD_WGMMA(fl_linear_backward_input_wgmma_96, 96)
FL_BACKWARD_WGMMA(fl_linear_backward_input_wgmma_64, 64)
