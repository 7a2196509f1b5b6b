#include "feedlight.cuh"
#include "control.cuh"
#include "optimizer.cuh"
#include "reduce.cuh"

// Layer normalisation of rows; the variance is that of the row itself. Sums over a row are in
// double precision. gain, bias, their state and their gradients are dense.

// mean, rstd = 1 / sqrt(variance + epsilon);  y = residual + (x - mean) rstd gain + bias
// y, x, residual: rows x columns (residual null for nothing); mean, rstd: rows; gain, bias: columns
// (null for 1 and 0)
// grid rows, block 256
extern "C" __global__ void __launch_bounds__(256) fl_layernorm_forward(
    float* y,
    float* mean,
    float* rstd,
    const float* __restrict__ x,
    const float* __restrict__ residual,
    const float* __restrict__ gain,
    const float* __restrict__ bias,
    float epsilon,
    long long columns,
    long long y_stride,
    long long x_stride,
    long long residual_stride) {
  long long row = blockIdx.x;
  const float* in = x + row * x_stride;
  double sum = 0.0;
  for (long long c = threadIdx.x; c < columns; c += blockDim.x) {
    sum += in[c];
  }
  float middle = (float)(fl_block_sum(sum) / (double)columns);
  double squares = 0.0;
  for (long long c = threadIdx.x; c < columns; c += blockDim.x) {
    double difference = in[c] - middle;
    squares += difference * difference;
  }
  float factor = (float)(1.0 / sqrt(fl_block_sum(squares) / (double)columns + (double)epsilon));
  for (long long c = threadIdx.x; c < columns; c += blockDim.x) {
    float value = (in[c] - middle) * factor;
    if (gain != nullptr) {
      value = value * gain[c] + bias[c];
    }
    y[row * y_stride + c] =
        residual == nullptr ? value : value + residual[row * residual_stride + c];
  }
  if (threadIdx.x == 0) {
    mean[row] = middle;
    rstd[row] = factor;
  }
}
FEEDLIGHT_KERNEL(fl_layernorm_forward)

// h = (x - mean) rstd, g = dy gain;  dx = residual + rstd (g - mean(g) - h mean(g h))
// dx, dy, residual, x: rows x columns (residual null for nothing); mean, rstd: rows; gain: columns
// (null for 1)
// grid rows, block 256
extern "C" __global__ void __launch_bounds__(256) fl_layernorm_backward(
    float* dx,
    const float* __restrict__ dy,
    const float* __restrict__ residual,
    const float* __restrict__ x,
    const float* __restrict__ mean,
    const float* __restrict__ rstd,
    const float* __restrict__ gain,
    long long columns,
    long long dx_stride,
    long long dy_stride,
    long long residual_stride,
    long long x_stride) {
  long long row = blockIdx.x;
  const float* in = x + row * x_stride;
  const float* signal = dy + row * dy_stride;
  float middle = mean[row];
  float factor = rstd[row];
  double gradients = 0.0;
  double products = 0.0;
  for (long long c = threadIdx.x; c < columns; c += blockDim.x) {
    float g = gain == nullptr ? signal[c] : signal[c] * gain[c];
    gradients += g;
    products += (double)g * (double)((in[c] - middle) * factor);
  }
  float gradient = (float)(fl_block_sum(gradients) / (double)columns);
  float product = (float)(fl_block_sum(products) / (double)columns);
  for (long long c = threadIdx.x; c < columns; c += blockDim.x) {
    float h = (in[c] - middle) * factor;
    float g = gain == nullptr ? signal[c] : signal[c] * gain[c];
    float value = (g - gradient - h * product) * factor;
    dx[row * dx_stride + c] =
        residual == nullptr ? value : value + residual[row * residual_stride + c];
  }
}
FEEDLIGHT_KERNEL(fl_layernorm_backward)

// Gradients of gain and bias for one column per threadIdx.x, for threads with threadIdx.y 0.
// Threads (x, 0..7) take every eighth row each; their sums are added by a fixed tree.
struct FlNormSums {
  float gain;
  float bias;
};

__device__ inline FlNormSums fl_norm_sums(
    const float* x,
    const float* mean,
    const float* rstd,
    const float* dy,
    long long column,
    long long rows,
    long long columns,
    long long x_stride,
    long long dy_stride) {
  __shared__ float gains[8][32];
  __shared__ float biases[8][32];
  float gain = 0.0f;
  float bias = 0.0f;
  if (column < columns) {
    for (long long row = threadIdx.y; row < rows; row += 8) {
      float signal = dy[row * dy_stride + column];
      gain += signal * ((x[row * x_stride + column] - mean[row]) * rstd[row]);
      bias += signal;
    }
  }
  gains[threadIdx.y][threadIdx.x] = gain;
  biases[threadIdx.y][threadIdx.x] = bias;
  for (int half = 4; half > 0; half /= 2) {
    __syncthreads();
    if ((int)threadIdx.y < half) {
      gains[threadIdx.y][threadIdx.x] += gains[threadIdx.y + half][threadIdx.x];
      biases[threadIdx.y][threadIdx.x] += biases[threadIdx.y + half][threadIdx.x];
    }
  }
  return FlNormSums{gains[threadIdx.y][threadIdx.x], biases[threadIdx.y][threadIdx.x]};
}

// gain, bias = optimizer step with the column sums of dy h and of dy
// gain, bias and their moments: columns; x, dy: rows x columns; mean, rstd: rows. The rest as in
// update.cu; bias_rate and bias_decay are those of the bias's group.
// grid ceil(columns / 32), block (32, 8)
extern "C" __global__ void __launch_bounds__(256) fl_layernorm_update(
    float* gain,
    float* gain_moment1,
    float* gain_moment2,
    float* bias,
    float* bias_moment1,
    float* bias_moment2,
    const float* __restrict__ x,
    const float* __restrict__ mean,
    const float* __restrict__ rstd,
    const float* __restrict__ dy,
    const unsigned char* __restrict__ control,
    float bias_rate,
    float bias_decay,
    int rule,
    float rate_factor,
    float decay,
    float beta1,
    float beta2,
    float epsilon,
    long long rows,
    long long columns,
    long long x_stride,
    long long dy_stride) {
  if (fl_control_failure(control) != 0) {
    return;
  }
  long long column = (long long)blockIdx.x * 32 + threadIdx.x;
  FlNormSums sums = fl_norm_sums(x, mean, rstd, dy, column, rows, columns, x_stride, dy_stride);
  if (threadIdx.y == 0 && column < columns) {
    FlOptimizer step = fl_optimizer(control, rule, rate_factor, decay, beta1, beta2, epsilon);
    fl_optimizer_step(step, gain, gain_moment1, gain_moment2, column, sums.gain);
    step = fl_optimizer(control, rule, bias_rate, bias_decay, beta1, beta2, epsilon);
    fl_optimizer_step(step, bias, bias_moment1, bias_moment2, column, sums.bias);
  }
}
FEEDLIGHT_KERNEL(fl_layernorm_update)

// gradient = beta gradient + column sums; those of the gain and those of the bias
// grid ceil(columns / 32), block (32, 8)
extern "C" __global__ void __launch_bounds__(256) fl_layernorm_update_accumulate(
    float* gain_gradient,
    float* bias_gradient,
    const float* __restrict__ x,
    const float* __restrict__ mean,
    const float* __restrict__ rstd,
    const float* __restrict__ dy,
    const unsigned char* __restrict__ control,
    float beta,
    long long rows,
    long long columns,
    long long x_stride,
    long long dy_stride) {
  if (fl_control_failure(control) != 0) {
    return;
  }
  long long column = (long long)blockIdx.x * 32 + threadIdx.x;
  FlNormSums sums = fl_norm_sums(x, mean, rstd, dy, column, rows, columns, x_stride, dy_stride);
  if (threadIdx.y == 0 && column < columns) {
    fl_accumulate(gain_gradient, column, beta, sums.gain);
    fl_accumulate(bias_gradient, column, beta, sums.bias);
  }
}
FEEDLIGHT_KERNEL(fl_layernorm_update_accumulate)

// sum = x + y; in place if the sum is one of them
// sum, x, y: rows x columns
// grid (ceil(columns / 256), min(rows, 65535)), block 256; blocks stride over the rest of the rows
extern "C" __global__ void fl_residual_add(
    float* sum,
    const float* x,
    const float* y,
    long long rows,
    long long columns,
    long long sum_stride,
    long long x_stride,
    long long y_stride) {
  long long column = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  if (column >= columns) {
    return;
  }
  for (long long row = blockIdx.y; row < rows; row += gridDim.y) {
    sum[row * sum_stride + column] = x[row * x_stride + column] + y[row * y_stride + column];
  }
}
FEEDLIGHT_KERNEL(fl_residual_add)
