#include "activation.cuh"
#include "tile_wgmma.cuh"

// The products of linear_tensor.cu for sm_90a, operands bf16 in memory (round_hopper.cu): by wgmma,
// bulk copies and mbarriers.

// z = x weight^T + bias;  y = f(z)
// y, z: batch x outputs (z may be null); copy: bf16 of y, batch x outputs, or null; bias: outputs or
// null; x: batch x inputs, weight: outputs x inputs, both bf16 in boxes of 128 rows x 64 columns
// grid (ceil(outputs / 128), ceil(batch / 128)), block 288, shared FL_WGMMA_SHARED
extern "C" __global__ void FL_WGMMA_BOUNDS fl_linear_forward_wgmma(
    float* y,
    float* z,
    unsigned short* copy,
    const __grid_constant__ FlTensorMap x,
    const __grid_constant__ FlTensorMap weight,
    const float* __restrict__ bias,
    int activation,
    long long batch,
    long long inputs,
    long long outputs,
    long long y_stride,
    long long z_stride,
    long long copy_stride) {
  FEEDLIGHT_DYNAMIC_SHARED(unsigned char, shared);
  FlWgmmaTile tile{
      (int)blockIdx.y * FL_WGMMA_TILE, (int)blockIdx.x * FL_WGMMA_TILE, (int)inputs};
  fl_wgmma_tile<true, true>(shared, tile, &x, &weight, [&](const FlTileRing&, const FlSums& sums) {
    bool wide_y = fl_pairs(y, y_stride);
    bool wide_z = fl_pairs(z, z_stride);
    fl_wgmma_each_pair(tile, sums, [&](int row, int column, float2 value) {
      if (row >= batch || column >= outputs) {
        return;
      }
      bool both = column + 1 < outputs;
      if (bias != nullptr) {
        value.x += bias[column];
        value.y += both ? bias[column + 1] : 0.0f;
      }
      if (z != nullptr) {
        fl_put_two(z + row * z_stride + column, value, both, wide_z);
      }
      value.x = fl_activate(activation, value.x);
      value.y = fl_activate(activation, value.y);
      fl_put_two(y + row * y_stride + column, value, both, wide_y);
      if (copy != nullptr) {
        fl_put_two(copy + row * copy_stride + column, value, both);
      }
    });
  });
}
FEEDLIGHT_KERNEL(fl_linear_forward_wgmma)

// dx = (dz weight) * f'(saved)
// dx, saved: batch x inputs (saved null for the identity); copy: bf16 of dx, batch x inputs, or null;
// dz: batch x outputs, bf16 in boxes of 128 rows x 64 columns; weight: outputs x inputs, bf16 in boxes
// of 64 x 64
// grid (ceil(inputs / 128), ceil(batch / 128)), block 288, shared FL_WGMMA_SHARED
extern "C" __global__ void FL_WGMMA_BOUNDS fl_linear_backward_input_wgmma(
    float* dx,
    unsigned short* copy,
    const __grid_constant__ FlTensorMap dz,
    const __grid_constant__ FlTensorMap weight,
    const float* __restrict__ saved,
    int activation,
    long long batch,
    long long inputs,
    long long outputs,
    long long dx_stride,
    long long saved_stride,
    long long copy_stride) {
  FEEDLIGHT_DYNAMIC_SHARED(unsigned char, shared);
  FlWgmmaTile tile{
      (int)blockIdx.y * FL_WGMMA_TILE, (int)blockIdx.x * FL_WGMMA_TILE, (int)outputs};
  fl_wgmma_tile<true, false>(shared, tile, &dz, &weight, [&](const FlTileRing&, const FlSums& sums) {
    bool wide_dx = fl_pairs(dx, dx_stride);
    bool wide_saved = fl_pairs(saved, saved_stride);
    fl_wgmma_each_pair(tile, sums, [&](int row, int column, float2 value) {
      if (row >= batch || column >= inputs) {
        return;
      }
      bool both = column + 1 < inputs;
      float2 kept = saved == nullptr
                        ? make_float2(0.0f, 0.0f)
                        : fl_two(saved + row * saved_stride + column, both, wide_saved);
      value.x = fl_activation_slope(activation, value.x, kept.x);
      value.y = fl_activation_slope(activation, value.y, kept.y);
      fl_put_two(dx + row * dx_stride + column, value, both, wide_dx);
      if (copy != nullptr) {
        fl_put_two(copy + row * copy_stride + column, value, both);
      }
    });
  });
}
FEEDLIGHT_KERNEL(fl_linear_backward_input_wgmma)
