#include "activation.cuh"
#include "tile_wgmma.cuh"

// The products of linear_tensor.cu for sm_90a, operands bf16 in memory (round_hopper.cu): by wgmma,
// bulk copies and mbarriers. Tiles have 128 columns, or 96 or 64 where these keep more multiprocessors
// at work; a sum has the same bits in all of them.

// Of a forward product, beside its operands.
struct FlForward {
  float* y;
  float* z;
  unsigned short* copy;
  const float* bias;
  int activation;
  long long batch;
  long long outputs;
  long long y_stride;
  long long z_stride;
  long long copy_stride;
};

template <int width>
__device__ inline void fl_forward_tile(
    unsigned char* shared,
    const FlWgmmaTile& tile,
    const FlTensorMap* x,
    const FlTensorMap* weight,
    const FlForward& p) {
  fl_wgmma_tile<true, true, width>(
      shared, tile, x, weight, [&](const FlTileRing& ring, const FlSums<width>& sums) {
        bool wide_bias = fl_wide(p.bias, 0);
        bool wide_y = fl_wide(p.y, p.y_stride);
        bool wide_z = fl_wide(p.z, p.z_stride);
        fl_wgmma_each_four(
            ring,
            sums,
            tile,
            p.batch,
            p.outputs,
            [&](long long row, long long column, float4 v, int inside) {
              if (p.bias != nullptr) {
                float4 b = fl_four(p.bias + column, inside, wide_bias);
                v = make_float4(v.x + b.x, v.y + b.y, v.z + b.z, v.w + b.w);
              }
              if (p.z != nullptr) {
                fl_put_four(p.z + row * p.z_stride + column, v, inside, wide_z);
              }
              v = make_float4(
                  fl_activate(p.activation, v.x),
                  fl_activate(p.activation, v.y),
                  fl_activate(p.activation, v.z),
                  fl_activate(p.activation, v.w));
              fl_put_four(p.y + row * p.y_stride + column, v, inside, wide_y);
              if (p.copy != nullptr) {
                fl_put_four(p.copy + row * p.copy_stride + column, v, inside);
              }
            });
      });
}

// FL_FORWARD_WGMMA(name, width) is the kernel
//
//   z = x weight^T + bias;  y = f(z)
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
      const __grid_constant__ FlTensorMap x,                                                   \
      const __grid_constant__ FlTensorMap weight,                                              \
      const float* __restrict__ bias,                                                          \
      int activation,                                                                          \
      long long batch,                                                                         \
      long long inputs,                                                                        \
      long long outputs,                                                                       \
      long long y_stride,                                                                      \
      long long z_stride,                                                                      \
      long long copy_stride) {                                                                 \
    FEEDLIGHT_DYNAMIC_SHARED(unsigned char, shared);                                           \
    FlWgmmaTile tile{(int)blockIdx.y * FL_WGMMA_TILE, (int)blockIdx.x * width, (int)inputs};   \
    FlForward p{                                                                               \
        y, z, copy, bias, activation, batch, outputs, y_stride, z_stride, copy_stride};        \
    fl_forward_tile<width>(shared, tile, &x, &weight, p);                                      \
  }                                                                                            \
  FEEDLIGHT_KERNEL(name)

FL_FORWARD_WGMMA(fl_linear_forward_wgmma, 128)
FL_FORWARD_WGMMA(fl_linear_forward_wgmma_96, 96)
FL_FORWARD_WGMMA(fl_linear_forward_wgmma_64, 64)

// Of a product backward to the input, beside its operands.
struct FlBackward {
  float* dx;
  unsigned short* copy;
  const float* saved;
  int activation;
  long long batch;
  long long inputs;
  long long dx_stride;
  long long saved_stride;
  long long copy_stride;
};

template <int width>
__device__ inline void fl_backward_tile(
    unsigned char* shared,
    const FlWgmmaTile& tile,
    const FlTensorMap* dz,
    const FlTensorMap* weight,
    const FlBackward& p) {
  fl_wgmma_tile<true, false, width>(
      shared, tile, dz, weight, [&](const FlTileRing& ring, const FlSums<width>& sums) {
        bool wide_dx = fl_wide(p.dx, p.dx_stride);
        bool wide_saved = fl_wide(p.saved, p.saved_stride);
        fl_wgmma_each_four(
            ring,
            sums,
            tile,
            p.batch,
            p.inputs,
            [&](long long row, long long column, float4 v, int inside) {
              float4 kept = p.saved == nullptr ? make_float4(0.0f, 0.0f, 0.0f, 0.0f)
                                             : fl_four(
                                                 p.saved + row * p.saved_stride + column,
                                                 inside,
                                                 wide_saved);
              v = make_float4(
                  fl_activation_slope(p.activation, v.x, kept.x),
                  fl_activation_slope(p.activation, v.y, kept.y),
                  fl_activation_slope(p.activation, v.z, kept.z),
                  fl_activation_slope(p.activation, v.w, kept.w));
              fl_put_four(p.dx + row * p.dx_stride + column, v, inside, wide_dx);
              if (p.copy != nullptr) {
                fl_put_four(p.copy + row * p.copy_stride + column, v, inside);
              }
            });
      });
}

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
    FlBackward p{                                                                              \
        dx, copy, saved, activation, batch, inputs, dx_stride, saved_stride, copy_stride};     \
    fl_backward_tile<width>(shared, tile, &dz, &weight, p);                                    \
  }                                                                                            \
  FEEDLIGHT_KERNEL(name)

FL_BACKWARD_WGMMA(fl_linear_backward_input_wgmma, 128)
FL_BACKWARD_WGMMA(fl_linear_backward_input_wgmma_96, 96)
FL_BACKWARD_WGMMA(fl_linear_backward_input_wgmma_64, 64)
