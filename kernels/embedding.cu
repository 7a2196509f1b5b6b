#include "feedlight.cuh"
#include "control.cuh"
#include "optimizer.cuh"

// Rows of two tables, of tokens and of positions, and the tables' update. Tables, their state and
// their gradients are dense.

// Rows of tokens that pass through shared memory at a time.
#define FL_TOKENS 256

// y[r] = table[tokens[r]] + positions[r mod context]
// y: rows x columns; tokens: rows; table: vocabulary x columns; positions: context x columns
// status: one int, 0 before the first launch. A token outside [0, vocabulary) raises it to 2^31 - 1
// - row (so the first such row stays), leaves the row as it was and sets the failure of the control
// words unless they are null, so that updates that follow do nothing.
// grid (ceil(columns / 256), min(rows, 65535)), block 256; blocks stride over the rest of the rows
extern "C" __global__ void fl_embedding_forward(
    float* y,
    int* status,
    unsigned char* control,
    const int* __restrict__ tokens,
    const float* __restrict__ table,
    const float* __restrict__ positions,
    long long vocabulary,
    long long context,
    long long rows,
    long long columns,
    long long y_stride) {
  long long column = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  if (column >= columns) {
    return;
  }
  for (long long row = blockIdx.y; row < rows; row += gridDim.y) {
    int token = tokens[row];
    if (token < 0 || token >= vocabulary) {
      if (column == 0) {
        atomicMax(status, 2147483647 - (int)row);
        if (control != nullptr) {
          fl_control_refuse(control);
        }
      }
    } else {
      y[row * y_stride + column] =
          table[token * columns + column] + positions[row % context * columns + column];
    }
  }
}
FEEDLIGHT_KERNEL(fl_embedding_forward)

// Raises status as fl_embedding_forward does, so that an update of refused tokens changes nothing.
// tokens: rows
// grid 1, block 256
extern "C" __global__ void fl_token_check(
    int* status, const int* __restrict__ tokens, long long vocabulary, long long rows) {
  for (long long row = threadIdx.x; row < rows; row += blockDim.x) {
    if (tokens[row] < 0 || tokens[row] >= vocabulary) {
      atomicMax(status, 2147483647 - (int)row);
    }
  }
}
FEEDLIGHT_KERNEL(fl_token_check)

// Sum of the rows of dy whose token is the number, in ascending order; tokens pass through shared
// memory. All threads of the block call.
__device__ inline float fl_token_sum(
    const int* tokens,
    const float* dy,
    long long number,
    long long column,
    long long rows,
    long long columns,
    long long dy_stride) {
  __shared__ int shown[FL_TOKENS];
  float sum = 0.0f;
  for (long long first = 0; first < rows; first += FL_TOKENS) {
    __syncthreads();
    for (int i = (int)threadIdx.x; i < FL_TOKENS; i += (int)blockDim.x) {
      shown[i] = first + i < rows ? tokens[first + i] : -1;
    }
    __syncthreads();
    if (column < columns) {
      for (int i = 0; i < FL_TOKENS; i++) {
        if (shown[i] == number) {
          sum += dy[(first + i) * dy_stride + column];
        }
      }
    }
  }
  return sum;
}

// Sum of the rows of dy at a position of their sequence, in ascending order.
__device__ inline float fl_position_sum(
    const float* dy,
    long long position,
    long long positions,
    long long column,
    long long rows,
    long long columns,
    long long dy_stride) {
  float sum = 0.0f;
  if (column < columns) {
    for (long long row = position; row < rows; row += positions) {
      sum += dy[row * dy_stride + column];
    }
  }
  return sum;
}

// table[n] = optimizer step of table[n] with the sum of the rows of dy whose token is n; without
// tokens (null), those at position n
// table, moment1, moment2: numbers x columns; tokens: rows; dy: rows x columns. The rest as in
// update.cu. Nothing is done either while status, as in fl_embedding_forward, is not 0.
// grid (ceil(columns / 256), min(numbers, 65535)), block 256; blocks stride over the rest
extern "C" __global__ void __launch_bounds__(256) fl_embedding_update(
    float* table,
    float* moment1,
    float* moment2,
    const int* __restrict__ tokens,
    const float* __restrict__ dy,
    const int* __restrict__ status,
    const unsigned char* __restrict__ control,
    int rule,
    float rate_factor,
    float decay,
    float beta1,
    float beta2,
    float epsilon,
    long long numbers,
    long long rows,
    long long columns,
    long long dy_stride) {
  if (fl_control_failure(control) != 0 || *status != 0) {
    return;
  }
  long long column = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  FlOptimizer step = fl_optimizer(control, rule, rate_factor, decay, beta1, beta2, epsilon);
  for (long long n = blockIdx.y; n < numbers; n += gridDim.y) {
    float sum = tokens == nullptr
        ? fl_position_sum(dy, n, numbers, column, rows, columns, dy_stride)
        : fl_token_sum(tokens, dy, n, column, rows, columns, dy_stride);
    if (column < columns) {
      fl_optimizer_step(step, table, moment1, moment2, n * columns + column, sum);
    }
  }
}
FEEDLIGHT_KERNEL(fl_embedding_update)

// gradient[n] = beta gradient[n] + sum
// gradient: numbers x columns; the rest as in fl_embedding_update
// grid (ceil(columns / 256), min(numbers, 65535)), block 256; blocks stride over the rest
extern "C" __global__ void __launch_bounds__(256) fl_embedding_update_accumulate(
    float* gradient,
    const int* __restrict__ tokens,
    const float* __restrict__ dy,
    const int* __restrict__ status,
    const unsigned char* __restrict__ control,
    float beta,
    long long numbers,
    long long rows,
    long long columns,
    long long dy_stride) {
  if (fl_control_failure(control) != 0 || *status != 0) {
    return;
  }
  long long column = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  for (long long n = blockIdx.y; n < numbers; n += gridDim.y) {
    float sum = tokens == nullptr
        ? fl_position_sum(dy, n, numbers, column, rows, columns, dy_stride)
        : fl_token_sum(tokens, dy, n, column, rows, columns, dy_stride);
    if (column < columns) {
      fl_accumulate(gradient, n * columns + column, beta, sum);
    }
  }
}
FEEDLIGHT_KERNEL(fl_embedding_update_accumulate)
