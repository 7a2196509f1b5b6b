#include "linear.cuh"
#include "tile_float.cuh"

// Products with a weight matrix in fp32, and what masks a signal.

FL_LINEAR_FORWARD(fl_linear_forward, FlFloatProduct)
FL_LINEAR_BACKWARD_INPUT(fl_linear_backward_input, FlFloatProduct)

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
