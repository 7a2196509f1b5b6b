#include "activation.cuh"
#include "feedlight.cuh"

// What follows a product that came from elsewhere.

// z = y + b, y = f(z), in place
// y: rows x columns, a product before, y = f(z) after; z: the same extents, or null; bias: columns, or
// null
// grid (ceil(columns/256), at most 65535 rows), block 256: threads stride over the rows
extern "C" __global__ void __launch_bounds__(256) fl_bias_activation(
    float* y,
    float* z,
    const float* __restrict__ bias,
    int activation,
    long long rows,
    long long columns,
    long long y_stride,
    long long z_stride) {
  long long column = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  if (column >= columns) {
    return;
  }
  float added = bias == nullptr ? 0.0f : bias[column];
  for (long long row = blockIdx.y; row < rows; row += gridDim.y) {
    float value = y[row * y_stride + column];
    if (bias != nullptr) {
      value += added;
    }
    if (z != nullptr) {
      z[row * z_stride + column] = value;
    }
    y[row * y_stride + column] = fl_activate(activation, value);
  }
}
FEEDLIGHT_KERNEL(fl_bias_activation)
