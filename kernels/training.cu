#include "feedlight.cuh"
#include "control.cuh"
#include "optimizer.cuh"
#include "philox.cuh"
#include "reduce.cuh"

// Finite check, dropout, the gradients' norm, and kept gradients that are applied.

// control.failure = block + 1 and control.failure step = step, if a value is NaN or infinite and no
// failure is set
// values: rows x columns
// grid (ceil(columns / 256), min(rows, 65535)), block 256; blocks stride over the rest of the rows
extern "C" __global__ void fl_finite_check(
    unsigned char* control,
    const float* __restrict__ values,
    int block,
    long long rows,
    long long columns,
    long long stride) {
  long long column = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  if (column >= columns) {
    return;
  }
  bool finite = true;
  for (long long row = blockIdx.y; row < rows; row += gridDim.y) {
    finite = finite && isfinite(values[row * stride + column]);
  }
  if (!finite) {
    fl_control_fail(control, block);
  }
}
FEEDLIGHT_KERNEL(fl_finite_check)

// result = source * (dropped ? 0 : scale); in place if result is source
// Element (r, c) is dropped if the top 24 bits of word c & 3 of the Philox block (c / 4, sample low,
// sample high, 0) are less than threshold, where sample = control.projection + r.
// result, source: rows x columns
// grid (ceil(ceil(columns / 4) / 256), min(rows, 65535)), block 256; blocks stride over the rest of
// the rows
extern "C" __global__ void fl_dropout(
    float* result,
    const float* source,
    const unsigned char* __restrict__ control,
    int threshold,
    float scale,
    unsigned long long key,
    long long rows,
    long long columns,
    long long result_stride,
    long long source_stride) {
  long long group = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  if (4 * group >= columns) {
    return;
  }
  long long first = fl_control_projection(control);
  for (long long row = blockIdx.y; row < rows; row += gridDim.y) {
    long long sample = first + row;
    uint4 words =
        fl_philox(key, (unsigned)group, (unsigned)sample, (unsigned)(sample >> 32), 0u);
    for (int j = 0; j < 4 && 4 * group + j < columns; j++) {
      bool dropped = (int)(fl_word(words, j) >> 8) < threshold;
      long long column = 4 * group + j;
      result[row * result_stride + column] =
          __fmul_rn(source[row * source_stride + column], dropped ? 0.0f : scale);
    }
  }
}
FEEDLIGHT_KERNEL(fl_dropout)

// parts[block] = sum of the squares of the block's elements
// gradient: count floats, contiguous; parts: one double per block
// grid min(ceil(count / 4096), 256), block 256
extern "C" __global__ void __launch_bounds__(256) fl_gradient_norm_parts(
    double* parts, const float* __restrict__ gradient, long long count) {
  double sum = 0.0;
  long long step = (long long)gridDim.x * blockDim.x;
  for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += step) {
    double g = gradient[i];
    sum += g * g;
  }
  sum = fl_block_sum(sum);
  if (threadIdx.x == 0) {
    parts[blockIdx.x] = sum;
  }
}
FEEDLIGHT_KERNEL(fl_gradient_norm_parts)

// norm = scale sqrt(sum of parts);  factor = scale min(1, limit / norm)
// A norm that is not finite in fp32 sets the failure with the number of the block at which the
// running sum stops being finite, and makes the factor 0. Nothing is done while a failure is set.
// norm, factor: one float each; parts: doubles of all gradients, in their order; ends[g]: where the
// parts of gradient g end; blocks[g]: its block's number
// grid 1, block 256
extern "C" __global__ void __launch_bounds__(256) fl_gradient_norm(
    float* norm,
    float* factor,
    unsigned char* control,
    const double* __restrict__ parts,
    const long long* __restrict__ ends,
    const int* __restrict__ blocks,
    float scale,
    float limit,
    long long gradients) {
  __shared__ int failed;
  if (threadIdx.x == 0) {
    failed = fl_control_failure(control);
  }
  __syncthreads();
  if (failed != 0) {
    return;
  }
  double squares = 0.0;
  double length = 0.0;
  int culprit = -1;
  long long begin = 0;
  for (long long g = 0; g < gradients; g++) {
    double sum = 0.0;
    for (long long i = begin + threadIdx.x; i < ends[g]; i += blockDim.x) {
      sum += parts[i];
    }
    begin = ends[g];
    squares += fl_block_sum(sum);
    length = (double)scale * sqrt(squares);
    if (culprit < 0 && !isfinite((float)length)) {
      culprit = blocks[g];
    }
  }
  if (threadIdx.x == 0) {
    double ratio = (double)limit / length;
    double kept = ratio < 1.0 ? ratio : 1.0;
    *norm = (float)length;
    *factor = culprit < 0 ? (float)((double)scale * kept) : 0.0f;
    if (culprit >= 0) {
      fl_control_fail(control, culprit);
    }
  }
}
FEEDLIGHT_KERNEL(fl_gradient_norm)

// value = optimizer step of value with the gradient factor * gradient
// value, moment1, moment2, gradient: count floats, contiguous (state that the rule does not keep is
// null); factor: one float; rule and its numbers as in update.cu
// grid ceil(count / 256) up to 65535 blocks, block 256; threads stride over the rest
extern "C" __global__ void fl_apply_gradient(
    float* value,
    float* moment1,
    float* moment2,
    const float* __restrict__ gradient,
    const float* __restrict__ factor,
    const unsigned char* __restrict__ control,
    int rule,
    float rate_factor,
    float decay,
    float beta1,
    float beta2,
    float epsilon,
    long long count) {
  if (fl_control_failure(control) != 0) {
    return;
  }
  FlOptimizer optimizer = fl_optimizer(control, rule, rate_factor, decay, beta1, beta2, epsilon);
  float f = *factor;
  long long step = (long long)gridDim.x * blockDim.x;
  for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += step) {
    fl_optimizer_step(optimizer, value, moment1, moment2, i, f * gradient[i]);
  }
}
FEEDLIGHT_KERNEL(fl_apply_gradient)
