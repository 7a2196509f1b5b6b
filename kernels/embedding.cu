#include "feedlight.cuh"
#include "control.cuh"
#include "optimizer.cuh"
#include "token_sort.cuh"

// Rows of two tables, of tokens and of positions, and the tables' update. Tables, their state and
// their gradients are dense.

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

// Which rows have which token, so that an update finds those of one without looking at the others.
//   runs: vocabulary; rows with token t are order[runs[t].x] to order[runs[t].y - 1], in ascending order
//   order, spare: rows; what is in spare does not matter, before or after
//   tokens: rows
// Raises status as fl_embedding_forward does; where it is not 0 in the end the runs are empty, as
// nothing will be updated.
// grid 1, block 1024
extern "C" __global__ void __launch_bounds__(FL_SORT_THREADS) fl_token_sort(
    int2* runs,
    int* order,
    int* spare,
    int* status,
    const int* __restrict__ tokens,
    long long vocabulary,
    long long rows) {
  for (long long token = threadIdx.x; token < vocabulary; token += FL_SORT_THREADS) {
    runs[token] = make_int2(0, 0);
  }
  for (long long row = threadIdx.x; row < rows; row += FL_SORT_THREADS) {
    if (tokens[row] < 0 || tokens[row] >= vocabulary) {
      atomicMax(status, 2147483647 - (int)row);
    }
  }
  __syncthreads();
  if (*status != 0) {
    return;
  }
  fl_sort_rows(order, spare, tokens, (int)(vocabulary - 1), (int)rows);
  for (int i = (int)threadIdx.x; i < (int)rows; i += FL_SORT_THREADS) {
    int token = tokens[order[i]];
    if (i == 0 || tokens[order[i - 1]] != token) {
      runs[token].x = i;
    }
    if (i == (int)rows - 1 || tokens[order[i + 1]] != token) {
      runs[token].y = i + 1;
    }
  }
}
FEEDLIGHT_KERNEL(fl_token_sort)

// Columns and rows of a table in a block; a thread has four neighbouring columns of a row.
#define FL_EMBEDDING_COLUMNS 128
#define FL_EMBEDDING_ROWS 8
#define FL_EMBEDDING_THREADS (FL_EMBEDDING_COLUMNS / 4 * FL_EMBEDDING_ROWS)

// Rows of dy that a thread has under way before it adds the first.
#define FL_EMBEDDING_LOADS 4

// dy, and which of its rows belong to which row of the table: by tokens as fl_token_sort has sorted
// them, or where order is null those at its position.
struct FlTableSignal {
  const float* dy;
  const int* order;
  const int2* runs;
  long long numbers;
  long long rows;
  long long columns;
  long long dy_stride;
};

// So many rows, every `step` of them, of `order` where it is not null.
struct FlSignalRows {
  const int* order;
  long long first;
  long long step;
  long long count;

  __device__ FlSignalRows(const FlTableSignal& signal, long long n) : order(signal.order) {
    if (order == nullptr) {
      first = n;
      step = signal.numbers;
      count = n < signal.rows ? (signal.rows - 1 - n) / step + 1 : 0;
    } else {
      int2 run = signal.runs[n];
      first = run.x;
      step = 1;
      count = run.y - run.x;
    }
  }

  __device__ long long row(long long i) const {
    long long at = first + i * step;
    return order == nullptr ? at : order[at];
  }
};

__device__ inline void fl_add_four(float4& sum, const float4& v) {
  sum.x += v.x;
  sum.y += v.y;
  sum.z += v.z;
  sum.w += v.w;
}

// Sums of four neighbouring columns over these rows, in ascending order.
__device__ inline float4 fl_signal_sum(
    const FlTableSignal& signal, const FlSignalRows& rows, long long column, int inside, bool wide) {
  float4 sum = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
  long long i = 0;
  for (; i + FL_EMBEDDING_LOADS <= rows.count; i += FL_EMBEDDING_LOADS) {
    float4 held[FL_EMBEDDING_LOADS];
#pragma unroll
    for (int load = 0; load < FL_EMBEDDING_LOADS; load++) {
      held[load] =
          fl_four(signal.dy + rows.row(i + load) * signal.dy_stride + column, inside, wide);
    }
#pragma unroll
    for (int load = 0; load < FL_EMBEDDING_LOADS; load++) {
      fl_add_four(sum, held[load]);
    }
  }
  for (; i < rows.count; i++) {
    fl_add_four(
        sum, fl_four(signal.dy + rows.row(i) * signal.dy_stride + column, inside, wide));
  }
  return sum;
}

// take(rows, at, inside, sum) for four neighbours at a time of the table, of which it has `inside`,
// the first one at `at`; sum() gives their gradients, from these rows.
template <typename Take>
__device__ inline void fl_each_of_table(const FlTableSignal& signal, const Take& take) {
  long long column = (long long)blockIdx.x * FL_EMBEDDING_COLUMNS + 4 * threadIdx.x;
  long long left = signal.columns - column;
  if (left <= 0) {
    return;
  }
  int inside = left < 4 ? (int)left : 4;
  bool wide = fl_wide(signal.dy, signal.dy_stride);
  long long step = (long long)gridDim.y * FL_EMBEDDING_ROWS;
  for (long long n = (long long)blockIdx.y * FL_EMBEDDING_ROWS + threadIdx.y; n < signal.numbers;
       n += step) {
    FlSignalRows rows(signal, n);
    take(rows, n * signal.columns + column, inside, [&]() {
      return fl_signal_sum(signal, rows, column, inside, wide);
    });
  }
}

// table[n] = optimizer step of table[n] with the sum of the rows of dy whose token is n; without
// order (null), those at position n
// table, moment1, moment2: numbers x columns; order, runs: of fl_token_sort; dy: rows x columns. The
// rest as in update.cuh. Nothing is done either while status, as in fl_embedding_forward, is not 0. A
// step of SGD without decay does not touch what has no row of dy: it would stay as it is.
// grid (ceil(columns / 128), min(ceil(numbers / 8), 65535)), block 32 x 8; blocks stride over the rest
extern "C" __global__ void __launch_bounds__(FL_EMBEDDING_THREADS) fl_embedding_update(
    float* table,
    float* moment1,
    float* moment2,
    const int* __restrict__ order,
    const int2* __restrict__ runs,
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
  FlOptimizer step = fl_optimizer(control, rule, rate_factor, decay, beta1, beta2, epsilon);
  FlParameter parameter{table, moment1, moment2};
  bool wide = parameter.wide(columns);
  bool all = rule != FL_SGD || decay != 0.0f;
  FlTableSignal signal{dy, order, runs, numbers, rows, columns, dy_stride};
  fl_each_of_table(
      signal, [&](const FlSignalRows& own, long long at, int inside, const auto& sum) {
        if (all || own.count > 0) {
          FlFourWeights weights{};
          weights.load(parameter, fl_states(rule), at, inside, wide);
          weights.take(step, sum());
          weights.store(parameter, fl_states(rule), at, inside, wide);
        }
      });
}
FEEDLIGHT_KERNEL(fl_embedding_update)

// gradient[n] = beta gradient[n] + sum
// gradient: numbers x columns; the rest as in fl_embedding_update
// grid (ceil(columns / 128), min(ceil(numbers / 8), 65535)), block 32 x 8; blocks stride over the rest
extern "C" __global__ void __launch_bounds__(FL_EMBEDDING_THREADS) fl_embedding_update_accumulate(
    float* gradient,
    const int* __restrict__ order,
    const int2* __restrict__ runs,
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
  bool wide = fl_wide(gradient, columns);
  FlTableSignal signal{dy, order, runs, numbers, rows, columns, dy_stride};
  fl_each_of_table(
      signal, [&](const FlSignalRows&, long long at, int inside, const auto& sum) {
        fl_accumulate_four(gradient, at, beta, sum(), inside, wide);
      });
}
FEEDLIGHT_KERNEL(fl_embedding_update_accumulate)
