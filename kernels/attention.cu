#include "feedlight.cuh"
#include "reduce.cuh"

// Scaled dot-product attention of each sequence and head, tile by tile, so that the probabilities
// are never in device memory (Dao et al. 2022, FlashAttention). qkv has queries, keys and values
// side by side, each of heads x head_width columns; tokens are whole sequences of `context` rows.
//
// A block is (32, 8) threads and owns a tile of 32 queries or keys of one sequence and head; warp y
// keeps rows y + 8 i of it, lane x columns x + 32 j of what is summed for them, in registers. Tiles
// of 32 rows pass through dynamic shared memory, head_width columns at an odd pitch, so that lanes
// that read a column meet no bank twice where the width is even. A head has at most 256 columns.
// All sums run in ascending order of tokens, in fp32.

#define FL_ATTENTION_TILE 32
#define FL_ATTENTION_WARPS 8
#define FL_ATTENTION_ROWS 4
#define FL_ATTENTION_COLUMNS 8
#define FL_ATTENTION_PITCH 33

// Where a block works: grid ceil(context / 32) x heads x sequences, the tile fastest.
struct FlAttentionPlace {
  long long first;     // first row of the tile within its sequence
  long long sequence;  // first row of the sequence
  long long head;
  long long column;  // of the head's queries
};

__device__ inline FlAttentionPlace fl_attention_place(
    long long context, long long heads, long long head_width) {
  long long tiles = (context + FL_ATTENTION_TILE - 1) / FL_ATTENTION_TILE;
  long long block = blockIdx.x;
  FlAttentionPlace place;
  place.first = block % tiles * FL_ATTENTION_TILE;
  place.head = block / tiles % heads;
  place.sequence = block / tiles / heads * context;
  place.column = place.head * head_width;
  return place;
}

// Rows [first, first + 32) of a sequence, zero beyond its end.
__device__ inline void fl_attention_load(
    float* tile,
    const float* source,
    long long stride,
    long long first,
    long long context,
    int width,
    int pitch) {
  for (int row = (int)threadIdx.y; row < FL_ATTENTION_TILE; row += FL_ATTENTION_WARPS) {
    bool inside = first + row < context;
    for (int c = (int)threadIdx.x; c < width; c += 32) {
      tile[row * pitch + c] = inside ? source[(first + row) * stride + c] : 0.0f;
    }
  }
}

__device__ inline float fl_attention_dot(const float* a, const float* b, int width) {
  float sum = 0.0f;
  for (int c = 0; c < width; c++) {
    sum += a[c] * b[c];
  }
  return sum;
}

// sums[i][j] += sum over k of weights[y + 8 i][k] tile[k][x + 32 j]
__device__ inline void fl_attention_multiply(
    float (&sums)[FL_ATTENTION_ROWS][FL_ATTENTION_COLUMNS],
    const float* weights,
    const float* tile,
    int width,
    int pitch) {
  for (int k = 0; k < FL_ATTENTION_TILE; k++) {
    float weight[FL_ATTENTION_ROWS];
#pragma unroll
    for (int i = 0; i < FL_ATTENTION_ROWS; i++) {
      weight[i] = weights[(threadIdx.y + FL_ATTENTION_WARPS * i) * FL_ATTENTION_PITCH + k];
    }
#pragma unroll
    for (int j = 0; j < FL_ATTENTION_COLUMNS; j++) {
      int column = (int)threadIdx.x + 32 * j;
      if (column < width) {
        float value = tile[k * pitch + column];
#pragma unroll
        for (int i = 0; i < FL_ATTENTION_ROWS; i++) {
          sums[i][j] += weight[i] * value;
        }
      }
    }
  }
}

__device__ inline void fl_attention_clear(
    float (&sums)[FL_ATTENTION_ROWS][FL_ATTENTION_COLUMNS]) {
#pragma unroll
  for (int i = 0; i < FL_ATTENTION_ROWS; i++) {
#pragma unroll
    for (int j = 0; j < FL_ATTENTION_COLUMNS; j++) {
      sums[i][j] = 0.0f;
    }
  }
}

// target[y + 8 i][x + 32 j] = sums[i][j] / divisor[i], as far as the sequence and the head go
__device__ inline void fl_attention_store(
    float* target,
    const float (&sums)[FL_ATTENTION_ROWS][FL_ATTENTION_COLUMNS],
    const float (&divisor)[FL_ATTENTION_ROWS],
    long long stride,
    long long first,
    long long context,
    int width) {
#pragma unroll
  for (int i = 0; i < FL_ATTENTION_ROWS; i++) {
    long long row = first + threadIdx.y + FL_ATTENTION_WARPS * i;
#pragma unroll
    for (int j = 0; j < FL_ATTENTION_COLUMNS; j++) {
      int column = (int)threadIdx.x + 32 * j;
      if (row < context && column < width) {
        target[row * stride + column] = sums[i][j] / divisor[i];
      }
    }
  }
}

__device__ inline bool fl_attention_sees(
    int causal, long long query, long long key, long long context) {
  return query < context && key < context && (causal == 0 || key <= query);
}

// P = softmax of the rows of Q K^T / sqrt(head_width), over the keys that a query sees;  y = P V;
// log_sum_exp = log of the sum of exp of a row's scores
// The softmax is online: a row's maximum m and sum l follow the tiles of keys, and what has been
// summed is scaled by exp(m - new m).
// y: tokens x heads head_width; log_sum_exp: tokens x heads; qkv: tokens x 3 heads head_width
// causal: 1 if a query sees no later key; scale: 1 / sqrt(head_width)
// grid ceil(context / 32) heads sequences, block (32, 8), dynamic shared memory 4 (96 pitch + 1056)
// bytes with pitch = head_width | 1
extern "C" __global__ void __launch_bounds__(256) fl_attention_forward(
    float* y,
    float* log_sum_exp,
    const float* __restrict__ qkv,
    int causal,
    float scale,
    long long context,
    long long heads,
    long long head_width,
    long long y_stride,
    long long log_sum_exp_stride,
    long long qkv_stride) {
  FEEDLIGHT_DYNAMIC_SHARED(float, shared);
  FlAttentionPlace place = fl_attention_place(context, heads, head_width);
  int width = (int)head_width;
  int pitch = width | 1;
  float* q = shared;
  float* k = q + FL_ATTENTION_TILE * pitch;
  float* v = k + FL_ATTENTION_TILE * pitch;
  float* weights = v + FL_ATTENTION_TILE * pitch;
  const float* rows = qkv + place.sequence * qkv_stride + place.column;
  const float* keys = rows + heads * head_width;
  const float* values = keys + heads * head_width;
  fl_attention_load(q, rows, qkv_stride, place.first, context, width, pitch);
  float sums[FL_ATTENTION_ROWS][FL_ATTENTION_COLUMNS];
  fl_attention_clear(sums);
  float largest[FL_ATTENTION_ROWS];
  float total[FL_ATTENTION_ROWS];
#pragma unroll
  for (int i = 0; i < FL_ATTENTION_ROWS; i++) {
    largest[i] = -INFINITY;
    total[i] = 0.0f;
  }
  long long last = causal == 0 ? context : min(context, place.first + FL_ATTENTION_TILE);
  for (long long first = 0; first < last; first += FL_ATTENTION_TILE) {
    __syncthreads();
    fl_attention_load(k, keys, qkv_stride, first, context, width, pitch);
    fl_attention_load(v, values, qkv_stride, first, context, width, pitch);
    __syncthreads();
#pragma unroll
    for (int i = 0; i < FL_ATTENTION_ROWS; i++) {
      int row = (int)threadIdx.y + FL_ATTENTION_WARPS * i;
      // Rows beyond the sequence are zero and see what its last row sees; they are not stored.
      long long query = min(place.first + row, context - 1);
      bool seen = fl_attention_sees(causal, query, first + threadIdx.x, context);
      float score =
          seen ? scale * fl_attention_dot(q + row * pitch, k + threadIdx.x * pitch, width)
               : -INFINITY;
      float maximum = fl_max(largest[i], fl_warp_reduce<FlBlockMax>(score));
      float p = seen ? expf(score - maximum) : 0.0f;
      float kept = expf(largest[i] - maximum);
      total[i] = total[i] * kept + fl_warp_reduce<FlBlockSum>(p);
      largest[i] = maximum;
#pragma unroll
      for (int j = 0; j < FL_ATTENTION_COLUMNS; j++) {
        sums[i][j] *= kept;
      }
      weights[row * FL_ATTENTION_PITCH + threadIdx.x] = p;
    }
    __syncwarp();
    fl_attention_multiply(sums, weights, v, width, pitch);
  }
  fl_attention_store(
      y + place.sequence * y_stride + place.column,
      sums,
      total,
      y_stride,
      place.first,
      context,
      width);
#pragma unroll
  for (int i = 0; i < FL_ATTENTION_ROWS; i++) {
    long long row = place.first + threadIdx.y + FL_ATTENTION_WARPS * i;
    if (threadIdx.x == 0 && row < context) {
      log_sum_exp[(place.sequence + row) * log_sum_exp_stride + place.head] =
          largest[i] + logf(total[i]);
    }
  }
}
FEEDLIGHT_KERNEL(fl_attention_forward)

// y = softmax(q K^T / sqrt(head_width)) V of the last query of each sequence, which sees all keys
// Warp y takes keys y, y + 8, ..., with an online softmax of its own; lane x has columns x + 32 j.
// What the warps have is joined in their order.
// y: sequences x heads head_width; qkv: sequences context x 3 heads head_width
// scale: 1 / sqrt(head_width)
// grid heads sequences, block (32, 8)
extern "C" __global__ void __launch_bounds__(256) fl_attention_decode(
    float* y,
    const float* __restrict__ qkv,
    float scale,
    long long context,
    long long heads,
    long long head_width,
    long long y_stride,
    long long qkv_stride) {
  __shared__ float parts[FL_ATTENTION_WARPS][32 * FL_ATTENTION_COLUMNS];
  __shared__ float maxima[FL_ATTENTION_WARPS];
  __shared__ float totals[FL_ATTENTION_WARPS];
  long long head = blockIdx.x % heads;
  long long sequence = blockIdx.x / heads;
  const float* rows = qkv + sequence * context * qkv_stride + head * head_width;
  const float* keys = rows + heads * head_width;
  const float* values = keys + heads * head_width;
  float query[FL_ATTENTION_COLUMNS];
  float sums[FL_ATTENTION_COLUMNS];
#pragma unroll
  for (int j = 0; j < FL_ATTENTION_COLUMNS; j++) {
    long long column = threadIdx.x + 32 * j;
    query[j] = column < head_width ? rows[(context - 1) * qkv_stride + column] : 0.0f;
    sums[j] = 0.0f;
  }
  float largest = -INFINITY;
  float total = 0.0f;
  for (long long key = threadIdx.y; key < context; key += FL_ATTENTION_WARPS) {
    float score = 0.0f;
#pragma unroll
    for (int j = 0; j < FL_ATTENTION_COLUMNS; j++) {
      long long column = threadIdx.x + 32 * j;
      if (column < head_width) {
        score += query[j] * keys[key * qkv_stride + column];
      }
    }
    score = scale * fl_warp_reduce<FlBlockSum>(score);
    float maximum = fl_max(largest, score);
    float p = expf(score - maximum);
    float kept = expf(largest - maximum);
    total = total * kept + p;
    largest = maximum;
#pragma unroll
    for (int j = 0; j < FL_ATTENTION_COLUMNS; j++) {
      long long column = threadIdx.x + 32 * j;
      if (column < head_width) {
        sums[j] = sums[j] * kept + p * values[key * qkv_stride + column];
      }
    }
  }
#pragma unroll
  for (int j = 0; j < FL_ATTENTION_COLUMNS; j++) {
    parts[threadIdx.y][threadIdx.x + 32 * j] = sums[j];
  }
  if (threadIdx.x == 0) {
    maxima[threadIdx.y] = largest;
    totals[threadIdx.y] = total;
  }
  __syncthreads();
  // Warps without a key weigh exp(-infinity) = 0.
  float maximum = maxima[0];
  for (int warp = 1; warp < FL_ATTENTION_WARPS; warp++) {
    maximum = fl_max(maximum, maxima[warp]);
  }
  for (long long column = fl_thread(); column < head_width; column += fl_threads()) {
    float value = 0.0f;
    float whole = 0.0f;
    for (int warp = 0; warp < FL_ATTENTION_WARPS; warp++) {
      float weight = expf(maxima[warp] - maximum);
      value += weight * parts[warp][column];
      whole += weight * totals[warp];
    }
    y[sequence * y_stride + head * head_width + column] = value / whole;
  }
}
FEEDLIGHT_KERNEL(fl_attention_decode)

// P again from the scores;  D = sum of dy y over the head;  dP = dy V^T;  dS = P (dP - D)
// sqrt(1 / head_width);  dQ = dS K
// dqkv: tokens x 3 heads head_width, of which the queries' columns are written; dots: tokens x
// heads, dense, receives D; the rest as in fl_attention_forward
// grid ceil(context / 32) heads sequences, block (32, 8), dynamic shared memory 4 (128 pitch +
// 1056) bytes
extern "C" __global__ void __launch_bounds__(256) fl_attention_backward_queries(
    float* dqkv,
    float* dots,
    const float* __restrict__ dy,
    const float* __restrict__ y,
    const float* __restrict__ log_sum_exp,
    const float* __restrict__ qkv,
    int causal,
    float scale,
    long long context,
    long long heads,
    long long head_width,
    long long dqkv_stride,
    long long dy_stride,
    long long y_stride,
    long long log_sum_exp_stride,
    long long qkv_stride) {
  FEEDLIGHT_DYNAMIC_SHARED(float, shared);
  FlAttentionPlace place = fl_attention_place(context, heads, head_width);
  int width = (int)head_width;
  int pitch = width | 1;
  float* q = shared;
  float* signal = q + FL_ATTENTION_TILE * pitch;
  float* k = signal + FL_ATTENTION_TILE * pitch;
  float* v = k + FL_ATTENTION_TILE * pitch;
  float* weights = v + FL_ATTENTION_TILE * pitch;
  const float* rows = qkv + place.sequence * qkv_stride + place.column;
  const float* keys = rows + heads * head_width;
  const float* values = keys + heads * head_width;
  const float* dy_rows = dy + place.sequence * dy_stride + place.column;
  fl_attention_load(q, rows, qkv_stride, place.first, context, width, pitch);
  fl_attention_load(signal, dy_rows, dy_stride, place.first, context, width, pitch);
  __syncthreads();
  float dot[FL_ATTENTION_ROWS];
  float kept[FL_ATTENTION_ROWS];
#pragma unroll
  for (int i = 0; i < FL_ATTENTION_ROWS; i++) {
    int row = (int)threadIdx.y + FL_ATTENTION_WARPS * i;
    long long query = place.first + row;
    long long token = place.sequence + query;
    float sum = 0.0f;
    for (int c = (int)threadIdx.x; query < context && c < width; c += 32) {
      sum += signal[row * pitch + c] * y[token * y_stride + place.column + c];
    }
    dot[i] = fl_warp_reduce<FlBlockSum>(sum);
    kept[i] =
        query < context ? log_sum_exp[token * log_sum_exp_stride + place.head] : 0.0f;
    if (threadIdx.x == 0 && query < context) {
      dots[token * heads + place.head] = dot[i];
    }
  }
  float sums[FL_ATTENTION_ROWS][FL_ATTENTION_COLUMNS];
  fl_attention_clear(sums);
  long long last = causal == 0 ? context : min(context, place.first + FL_ATTENTION_TILE);
  for (long long first = 0; first < last; first += FL_ATTENTION_TILE) {
    __syncthreads();
    fl_attention_load(k, keys, qkv_stride, first, context, width, pitch);
    fl_attention_load(v, values, qkv_stride, first, context, width, pitch);
    __syncthreads();
#pragma unroll
    for (int i = 0; i < FL_ATTENTION_ROWS; i++) {
      int row = (int)threadIdx.y + FL_ATTENTION_WARPS * i;
      float ds = 0.0f;
      if (fl_attention_sees(causal, place.first + row, first + threadIdx.x, context)) {
        float score = scale * fl_attention_dot(q + row * pitch, k + threadIdx.x * pitch, width);
        float dp = fl_attention_dot(signal + row * pitch, v + threadIdx.x * pitch, width);
        ds = expf(score - kept[i]) * (dp - dot[i]) * scale;
      }
      weights[row * FL_ATTENTION_PITCH + threadIdx.x] = ds;
    }
    __syncwarp();
    fl_attention_multiply(sums, weights, k, width, pitch);
  }
  const float ones[FL_ATTENTION_ROWS] = {1.0f, 1.0f, 1.0f, 1.0f};
  fl_attention_store(
      dqkv + place.sequence * dqkv_stride + place.column,
      sums,
      ones,
      dqkv_stride,
      place.first,
      context,
      width);
}
FEEDLIGHT_KERNEL(fl_attention_backward_queries)

// dK = dS^T Q;  dV = P^T dy
// dqkv: tokens x 3 heads head_width, of which the keys' and values' columns are written; dots:
// tokens x heads, dense, from fl_attention_backward_queries; the rest as there
// grid ceil(context / 32) heads sequences, block (32, 8), dynamic shared memory 4 (128 pitch +
// 2112) bytes
extern "C" __global__ void __launch_bounds__(256) fl_attention_backward_keys(
    float* dqkv,
    const float* __restrict__ dots,
    const float* __restrict__ dy,
    const float* __restrict__ log_sum_exp,
    const float* __restrict__ qkv,
    int causal,
    float scale,
    long long context,
    long long heads,
    long long head_width,
    long long dqkv_stride,
    long long dy_stride,
    long long log_sum_exp_stride,
    long long qkv_stride) {
  FEEDLIGHT_DYNAMIC_SHARED(float, shared);
  FlAttentionPlace place = fl_attention_place(context, heads, head_width);
  int width = (int)head_width;
  int pitch = width | 1;
  float* k = shared;
  float* v = k + FL_ATTENTION_TILE * pitch;
  float* q = v + FL_ATTENTION_TILE * pitch;
  float* signal = q + FL_ATTENTION_TILE * pitch;
  float* p_weights = signal + FL_ATTENTION_TILE * pitch;
  float* ds_weights = p_weights + FL_ATTENTION_TILE * FL_ATTENTION_PITCH;
  const float* rows = qkv + place.sequence * qkv_stride + place.column;
  const float* keys = rows + heads * head_width;
  const float* values = keys + heads * head_width;
  const float* dy_rows = dy + place.sequence * dy_stride + place.column;
  fl_attention_load(k, keys, qkv_stride, place.first, context, width, pitch);
  fl_attention_load(v, values, qkv_stride, place.first, context, width, pitch);
  float dk[FL_ATTENTION_ROWS][FL_ATTENTION_COLUMNS];
  float dv[FL_ATTENTION_ROWS][FL_ATTENTION_COLUMNS];
  fl_attention_clear(dk);
  fl_attention_clear(dv);
  for (long long first = causal == 0 ? 0 : place.first; first < context;
       first += FL_ATTENTION_TILE) {
    __syncthreads();
    fl_attention_load(q, rows, qkv_stride, first, context, width, pitch);
    fl_attention_load(signal, dy_rows, dy_stride, first, context, width, pitch);
    __syncthreads();
    long long query = first + threadIdx.x;
    long long token = place.sequence + query;
    float kept = query < context ? log_sum_exp[token * log_sum_exp_stride + place.head] : 0.0f;
    float dot = query < context ? dots[token * heads + place.head] : 0.0f;
#pragma unroll
    for (int i = 0; i < FL_ATTENTION_ROWS; i++) {
      int row = (int)threadIdx.y + FL_ATTENTION_WARPS * i;
      float p = 0.0f;
      float ds = 0.0f;
      if (fl_attention_sees(causal, query, place.first + row, context)) {
        float score = scale * fl_attention_dot(k + row * pitch, q + threadIdx.x * pitch, width);
        float dp = fl_attention_dot(v + row * pitch, signal + threadIdx.x * pitch, width);
        p = expf(score - kept);
        ds = p * (dp - dot) * scale;
      }
      p_weights[row * FL_ATTENTION_PITCH + threadIdx.x] = p;
      ds_weights[row * FL_ATTENTION_PITCH + threadIdx.x] = ds;
    }
    __syncwarp();
    fl_attention_multiply(dk, ds_weights, q, width, pitch);
    fl_attention_multiply(dv, p_weights, signal, width, pitch);
  }
  const float ones[FL_ATTENTION_ROWS] = {1.0f, 1.0f, 1.0f, 1.0f};
  float* target = dqkv + place.sequence * dqkv_stride + heads * head_width + place.column;
  fl_attention_store(target, dk, ones, dqkv_stride, place.first, context, width);
  target += heads * head_width;
  fl_attention_store(target, dv, ones, dqkv_stride, place.first, context, width);
}
FEEDLIGHT_KERNEL(fl_attention_backward_keys)
