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
  fl_wgmma_tile<true, true>(
      shared, tile, &x, &weight, [&](const FlTileRing& ring, const FlSums& sums) {
        bool wide_bias = fl_wide(bias, 0);
        bool wide_y = fl_wide(y, y_stride);
        bool wide_z = fl_wide(z, z_stride);
        fl_wgmma_each_four(
            ring,
            sums,
            tile,
            batch,
            outputs,
            [&](long long row, long long column, float4 v, int inside) {
              if (bias != nullptr) {
                float4 b = fl_four(bias + column, inside, wide_bias);
                v = make_float4(v.x + b.x, v.y + b.y, v.z + b.z, v.w + b.w);
              }
              if (z != nullptr) {
                fl_put_four(z + row * z_stride + column, v, inside, wide_z);
              }
              v = make_float4(
                  fl_activate(activation, v.x),
                  fl_activate(activation, v.y),
                  fl_activate(activation, v.z),
                  fl_activate(activation, v.w));
              fl_put_four(y + row * y_stride + column, v, inside, wide_y);
              if (copy != nullptr) {
                fl_put_four(copy + row * copy_stride + column, v, inside);
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
  fl_wgmma_tile<true, false>(
      shared, tile, &dz, &weight, [&](const FlTileRing& ring, const FlSums& sums) {
        bool wide_dx = fl_wide(dx, dx_stride);
        bool wide_saved = fl_wide(saved, saved_stride);
        fl_wgmma_each_four(
            ring,
            sums,
            tile,
            batch,
            inputs,
            [&](long long row, long long column, float4 v, int inside) {
              float4 kept = saved == nullptr ? make_float4(0.0f, 0.0f, 0.0f, 0.0f)
                                             : fl_four(
                                                 saved + row * saved_stride + column,
                                                 inside,
                                                 wide_saved);
              v = make_float4(
                  fl_activation_slope(activation, v.x, kept.x),
                  fl_activation_slope(activation, v.y, kept.y),
                  fl_activation_slope(activation, v.z, kept.z),
                  fl_activation_slope(activation, v.w, kept.w));
              fl_put_four(dx + row * dx_stride + column, v, inside, wide_dx);
              if (copy != nullptr) {
                fl_put_four(copy + row * copy_stride + column, v, inside);
              }
            });
      });
}
FEEDLIGHT_KERNEL(fl_linear_backward_input_wgmma)
