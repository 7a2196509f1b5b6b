#include "feedlight.cuh"
#include "control.cuh"
#include "optics.cuh"
#include "reduce.cuh"

// Rows of errors and signals: ternary vectors, the scale of a sample, the mean over the batch.

#define FL_ROW_THREADS 256

// Rules, in the order of dev.feedlight.device.TernaryRule.
#define FL_RULE_SIGN 0
#define FL_RULE_ABSOLUTE 1
#define FL_RULE_MAX 2
#define FL_RULE_RMS 3
#define FL_RULE_STOCHASTIC 4

// Largest |e| of a row; NaN if there is one.
static __device__ float fl_row_maximum(const float* row, long long columns) {
  float largest = 0.0f;
  for (long long i = threadIdx.x; i < columns; i += blockDim.x) {
    largest = fl_max(largest, fabsf(row[i]));
  }
  return fl_block_max(largest);
}

// Sum of squares of a row; each square of a float is exact in double.
static __device__ double fl_row_squares(const float* row, long long columns) {
  double squares = 0.0;
  for (long long i = threadIdx.x; i < columns; i += blockDim.x) {
    squares += (double)row[i] * (double)row[i];
  }
  return fl_block_sum(squares);
}

// t = sign(e) where the rule keeps it, otherwise 0; counts of +1 and of -1. A NaN gives 0.
//   ternary S8 rows x columns, counts S32 rows x 2, error F32 rows x columns
//   sign: |e| > 0; absolute: |e| rows > value; max: |e| > value max|e|; rms: |e| > value rms(e);
//   stochastic: u max|e| < |e|, u = word / 2^24 of Philox (column / 4, projection + row, 0)
// Grid: one block of 256 threads for each row.
extern "C" __global__ void __launch_bounds__(FL_ROW_THREADS) fl_ternarize(
    signed char* ternary,
    int* counts,
    const float* __restrict__ error,
    const unsigned char* control,
    int rule,
    float value,
    unsigned long long key,
    long long rows,
    long long columns,
    long long ternary_stride,
    long long counts_stride,
    long long error_stride) {
  long long row = blockIdx.x;
  const float* e = error + row * error_stride;
  signed char* t = ternary + row * ternary_stride;
  float factor = 1.0f;
  float threshold = 0.0f;
  float maximum = 0.0f;
  if (rule == FL_RULE_ABSOLUTE) {
    factor = (float)rows;
    threshold = value;
  } else if (rule == FL_RULE_MAX || rule == FL_RULE_STOCHASTIC) {
    maximum = fl_row_maximum(e, columns);
    threshold = __fmul_rn(value, maximum);
  } else if (rule == FL_RULE_RMS) {
    double squares = fl_row_squares(e, columns);
    threshold = (float)((double)value * sqrt(squares / (double)columns));
  }
  long long projection = fl_control_projection(control) + row;
  int positive = 0;
  int negative = 0;
  for (long long group = threadIdx.x; 4 * group < columns; group += blockDim.x) {
    uint4 words = make_uint4(0u, 0u, 0u, 0u);
    if (rule == FL_RULE_STOCHASTIC) {
      words = fl_philox(
          key,
          (unsigned)group,
          (unsigned)projection,
          (unsigned)((unsigned long long)projection >> 32),
          0u);
    }
    for (int lane = 0; lane < 4; lane++) {
      long long i = 4 * group + lane;
      if (i < columns) {
        float magnitude = fabsf(e[i]);
        float bar = threshold;
        if (rule == FL_RULE_STOCHASTIC) {
          bar = __fmul_rn(__fmul_rn((float)(fl_word(words, lane) >> 8), 0x1p-24f), maximum);
        }
        bool keeps = __fmul_rn(magnitude, factor) > bar;
        int sign = e[i] > 0.0f ? 1 : e[i] < 0.0f ? -1 : 0;
        int kept = keeps ? sign : 0;
        positive += kept == 1 ? 1 : 0;
        negative += kept == -1 ? 1 : 0;
        t[i] = (signed char)kept;
      }
    }
  }
  positive = fl_block_sum(positive);
  negative = fl_block_sum(negative);
  if (threadIdx.x == 0) {
    counts[row * counts_stride] = positive;
    counts[row * counts_stride + 1] = negative;
  }
}
FEEDLIGHT_KERNEL(fl_ternarize)

// row_scale[row] = gain |e| / sqrt((#P + #N) outputs), 0 where nothing is lit; in double, rounded
// once.
//   row_scale F32 1 x rows, error F32 rows x columns, counts S32 rows x 2
// Grid: one block of 256 threads for each row.
extern "C" __global__ void __launch_bounds__(FL_ROW_THREADS) fl_error_norm_scale(
    float* row_scale,
    const float* __restrict__ error,
    const int* __restrict__ counts,
    float gain,
    long long outputs,
    long long columns,
    long long error_stride,
    long long counts_stride) {
  long long row = blockIdx.x;
  double squares = fl_row_squares(error + row * error_stride, columns);
  if (threadIdx.x == 0) {
    const int* pair = counts + row * counts_stride;
    double mirrors = (double)pair[0] + (double)pair[1];
    double scale =
        mirrors == 0.0
            ? 0.0
            : (double)gain * sqrt(squares) / sqrt(mirrors * (double)outputs);
    row_scale[row] = (float)scale;
  }
}
FEEDLIGHT_KERNEL(fl_error_norm_scale)

// signal[row, column] -= mean of the column, in double, rounded once.
//   signal F32 rows x columns, in place
// Grid: one thread for each column, blocks of 64.
extern "C" __global__ void fl_subtract_batch_mean(
    float* signal, long long rows, long long columns, long long signal_stride) {
  long long column = fl_element();
  if (column < columns) {
    double sum = 0.0;
    for (long long row = 0; row < rows; row++) {
      sum += (double)signal[row * signal_stride + column];
    }
    double mean = sum / (double)rows;
    for (long long row = 0; row < rows; row++) {
      float* at = signal + row * signal_stride + column;
      *at = (float)((double)*at - mean);
    }
  }
}
FEEDLIGHT_KERNEL(fl_subtract_batch_mean)
