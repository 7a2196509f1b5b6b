#include "control.cuh"
#include "reduce.cuh"

// Losses and their gradients. Each is two launches: parts of the loss in double precision go to
// scratch memory of the caller, then fl_loss_mean adds them.

// error = (softmax(logits) - one-hot) / batch;  losses[row] = -log softmax(logits)[label]
// error, logits: batch x classes; losses: batch doubles; labels: batch
// status: one int, 0 before the first launch. A label outside [0, classes) raises it to 2^31 - 1 -
// row (so the first such row stays), leaves the row's error as it was, makes its loss NaN and sets the
// failure of the control words unless they are null, so that updates that follow do nothing.
// grid batch, block 256
extern "C" __global__ void __launch_bounds__(256) fl_softmax_cross_entropy_rows(
    float* error,
    double* losses,
    int* status,
    unsigned char* control,
    const float* __restrict__ logits,
    const int* __restrict__ labels,
    long long batch,
    long long classes,
    long long error_stride,
    long long logits_stride) {
  long long row = blockIdx.x;
  const float* z = logits + row * logits_stride;
  float* e = error + row * error_stride;
  int label = labels[row];
  if (label < 0 || label >= classes) {
    if (threadIdx.x == 0) {
      atomicMax(status, 2147483647 - (int)row);
      losses[row] = NAN;
      if (control != nullptr) {
        fl_control_refuse(control);
      }
    }
    return;
  }
  float maximum = -INFINITY;
  for (long long c = threadIdx.x; c < classes; c += blockDim.x) {
    maximum = fl_max(maximum, z[c]);
  }
  maximum = fl_block_max(maximum);
  double sum = 0.0;
  for (long long c = threadIdx.x; c < classes; c += blockDim.x) {
    sum += (double)expf(z[c] - maximum);
  }
  sum = fl_block_sum(sum);
  float divisor = (float)sum;
  float scale = 1.0f / (float)batch;
  for (long long c = threadIdx.x; c < classes; c += blockDim.x) {
    float p = expf(z[c] - maximum) / divisor;
    e[c] = (c == label ? p - 1.0f : p) * scale;
  }
  if (threadIdx.x == 0) {
    losses[row] = log(sum) - (double)(z[label] - maximum);
  }
}
FEEDLIGHT_KERNEL(fl_softmax_cross_entropy_rows)

// error = 2 weight (prediction - target) / (rows columns);  parts[block] = sum of its weighted
// squared differences
// error, prediction, target: rows x columns; parts: one double per block
// weights: weight_rows x columns, of which row r takes row r mod weight_rows; null for 1 throughout
// grid min(ceil(rows columns / 4096), 256), block 256
extern "C" __global__ void __launch_bounds__(256) fl_mean_squared_error_parts(
    float* error,
    double* parts,
    const float* __restrict__ prediction,
    const float* __restrict__ target,
    const float* __restrict__ weights,
    long long rows,
    long long columns,
    long long weight_rows,
    long long error_stride,
    long long prediction_stride,
    long long target_stride,
    long long weights_stride) {
  long long elements = rows * columns;
  float scale = (float)(2.0 / (double)elements);
  double sum = 0.0;
  long long step = (long long)gridDim.x * blockDim.x;
  for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < elements; i += step) {
    long long row = i / columns;
    long long column = i - row * columns;
    float difference =
        prediction[row * prediction_stride + column] - target[row * target_stride + column];
    double square = (double)difference * (double)difference;
    if (weights != nullptr) {
      float weight = weights[row % weight_rows * weights_stride + column];
      square *= (double)weight;
      difference *= weight;
    }
    sum += square;
    error[row * error_stride + column] = difference * scale;
  }
  sum = fl_block_sum(sum);
  if (threadIdx.x == 0) {
    parts[blockIdx.x] = sum;
  }
}
FEEDLIGHT_KERNEL(fl_mean_squared_error_parts)

// loss = (sum of parts) / divisor
// loss: one float; parts: count doubles
// grid 1, block 256
extern "C" __global__ void __launch_bounds__(256) fl_loss_mean(
    float* loss, const double* __restrict__ parts, long long count, long long divisor) {
  double sum = 0.0;
  for (long long i = threadIdx.x; i < count; i += blockDim.x) {
    sum += parts[i];
  }
  sum = fl_block_sum(sum);
  if (threadIdx.x == 0) {
    *loss = (float)(sum / (double)divisor);
  }
}
FEEDLIGHT_KERNEL(fl_loss_mean)
