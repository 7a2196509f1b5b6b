#include "feedlight.cuh"
#include "activation.cuh"
#include "tile.cuh"

// Products with a weight matrix. Weights are dense, outputs x inputs.

// z = x weight^T + bias;  y = f(z)
// y, z: batch x outputs (z may be null); x: batch x inputs; weight: outputs x inputs; bias: outputs
// or null
// grid (ceil(outputs / 64), ceil(batch / 64)), block (16, 16)
extern "C" __global__ void __launch_bounds__(256) fl_linear_forward(
    float* y,
    float* z,
    const float* __restrict__ x,
    const float* __restrict__ weight,
    const float* __restrict__ bias,
    int activation,
    long long batch,
    long long inputs,
    long long outputs,
    long long y_stride,
    long long z_stride,
    long long x_stride) {
  float sums[FL_TILE_SUMS][FL_TILE_SUMS];
  fl_tile_product(sums, FlRows{x, x_stride}, FlRows{weight, inputs}, batch, outputs, inputs);
  fl_tile_each(sums, batch, outputs, [&](long long row, long long column, float sum) {
    float value = bias == nullptr ? sum : sum + bias[column];
    if (z != nullptr) {
      z[row * z_stride + column] = value;
    }
    y[row * y_stride + column] = fl_activate(activation, value);
  });
}
FEEDLIGHT_KERNEL(fl_linear_forward)

// dx = (dz weight) * f'(saved)
// dx, saved: batch x inputs (saved null for the identity); dz: batch x outputs; weight: outputs x
// inputs
// grid (ceil(inputs / 64), ceil(batch / 64)), block (16, 16)
extern "C" __global__ void __launch_bounds__(256) fl_linear_backward_input(
    float* dx,
    const float* __restrict__ dz,
    const float* __restrict__ weight,
    const float* __restrict__ saved,
    int activation,
    long long batch,
    long long inputs,
    long long outputs,
    long long dx_stride,
    long long dz_stride,
    long long saved_stride) {
  float sums[FL_TILE_SUMS][FL_TILE_SUMS];
  fl_tile_product(sums, FlRows{dz, dz_stride}, FlColumns{weight, inputs}, batch, inputs, outputs);
  fl_tile_each(sums, batch, inputs, [&](long long row, long long column, float sum) {
    float kept = saved == nullptr ? 0.0f : saved[row * saved_stride + column];
    dx[row * dx_stride + column] = fl_activation_slope(activation, sum, kept);
  });
}
FEEDLIGHT_KERNEL(fl_linear_backward_input)

// dz = dy * f'(saved); in place if dz is dy
// dz, dy, saved: rows x columns (saved null for the identity)
// grid (ceil(columns / 256), min(rows, 65535)), block 256; blocks stride over the rest of the rows
extern "C" __global__ void fl_activation_gradient(
    float* dz,
    const float* dy,
    const float* __restrict__ saved,
    int activation,
    long long rows,
    long long columns,
    long long dz_stride,
    long long dy_stride,
    long long saved_stride) {
  long long column = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  if (column >= columns) {
    return;
  }
  for (long long row = blockIdx.y; row < rows; row += gridDim.y) {
    float kept = saved == nullptr ? 0.0f : saved[row * saved_stride + column];
    dz[row * dz_stride + column] =
        fl_activation_slope(activation, dy[row * dy_stride + column], kept);
  }
}
FEEDLIGHT_KERNEL(fl_activation_gradient)
