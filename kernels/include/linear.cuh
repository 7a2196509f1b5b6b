// Products with a weight matrix, dense, outputs x inputs, for any of the products of tile.cuh.
#pragma once

#include "feedlight.cuh"
#include "activation.cuh"
#include "tile.cuh"

// FL_LINEAR_FORWARD(name, Product) is the kernel
//
//   z = x weight^T + bias;  y = f(z)
//
// y, z: batch x outputs (z may be null); x: batch x inputs; weight: outputs x inputs; bias: outputs
// or null
// grid (ceil(outputs / 64), ceil(batch / 64)), block 128
#define FL_LINEAR_FORWARD(name, Product)                                                       \
  extern "C" __global__ void __launch_bounds__(FL_TILE_THREADS, Product::blocks) name(         \
      float* y,                                                                                \
      float* z,                                                                                \
      const float* __restrict__ x,                                                             \
      const float* __restrict__ weight,                                                        \
      const float* __restrict__ bias,                                                          \
      int activation,                                                                          \
      long long batch,                                                                         \
      long long inputs,                                                                        \
      long long outputs,                                                                       \
      long long y_stride,                                                                      \
      long long z_stride,                                                                      \
      long long x_stride) {                                                                    \
    FlTile tile = fl_tile(batch, outputs, inputs);                                             \
    Product product;                                                                           \
    product.multiply(tile, FlRows{x, x_stride}, FlRows{weight, inputs});                       \
    product.each(tile, [&](long long row, long long column, float sum) {                       \
      float value = bias == nullptr ? sum : sum + bias[column];                                \
      if (z != nullptr) {                                                                      \
        z[row * z_stride + column] = value;                                                    \
      }                                                                                        \
      y[row * y_stride + column] = fl_activate(activation, value);                             \
    });                                                                                        \
  }                                                                                            \
  FEEDLIGHT_KERNEL(name)

// FL_LINEAR_BACKWARD_INPUT(name, Product) is the kernel
//
//   dx = (dz weight) * f'(saved)
//
// dx, saved: batch x inputs (saved null for the identity); dz: batch x outputs; weight: outputs x
// inputs
// grid (ceil(inputs / 64), ceil(batch / 64)), block 128
#define FL_LINEAR_BACKWARD_INPUT(name, Product)                                                \
  extern "C" __global__ void __launch_bounds__(FL_TILE_THREADS, Product::blocks) name(         \
      float* dx,                                                                               \
      const float* __restrict__ dz,                                                            \
      const float* __restrict__ weight,                                                        \
      const float* __restrict__ saved,                                                         \
      int activation,                                                                          \
      long long batch,                                                                         \
      long long inputs,                                                                        \
      long long outputs,                                                                       \
      long long dx_stride,                                                                     \
      long long dz_stride,                                                                     \
      long long saved_stride) {                                                                \
    FlTile tile = fl_tile(batch, inputs, outputs);                                             \
    Product product;                                                                           \
    product.multiply(tile, FlRows{dz, dz_stride}, FlColumns{weight, inputs});                  \
    product.each(tile, [&](long long row, long long column, float sum) {                       \
      float kept = saved == nullptr ? 0.0f : saved[row * saved_stride + column];               \
      dx[row * dx_stride + column] = fl_activation_slope(activation, sum, kept);               \
    });                                                                                        \
  }                                                                                            \
  FEEDLIGHT_KERNEL(name)
