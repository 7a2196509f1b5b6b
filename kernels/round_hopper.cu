#include "mma.cuh"
#include "update.cuh"

// Operands of the products of *_hopper.cu: bf16 in memory, in rows that begin at multiples of 16 bytes.

// One matrix to round, an argument or one of a table in device memory: eight bytes for each member, as
// dev.feedlight.device.cuda.Arguments.struct lays them out.
//   copy: rows x columns, what follows a row is not touched; from, saved: rows x columns (saved null
//   for the identity); first_tile: of those of the launch, ceil(rows ceil(columns / 8) / 256) each
struct FlRounding {
  alignas(8) long long first_tile;
  alignas(8) unsigned short* copy;
  alignas(8) const float* from;
  alignas(8) const float* saved;
  alignas(8) long long rows;
  alignas(8) long long columns;
  alignas(8) long long copy_stride;
  alignas(8) long long from_stride;
  alignas(8) long long saved_stride;
  alignas(8) int activation;
};

static_assert(sizeof(FlRounding) == 10 * 8, "eight bytes for each member");

__device__ inline long long fl_first_tile(const FlRounding& r) { return r.first_tile; }

// Eight neighbours of a row for each thread.
__device__ inline void fl_round_eight(const FlRounding& r, long long tile) {
  long long across = (r.columns + 7) / 8;
  long long eight = tile * 256 + threadIdx.x;
  long long row = eight / across;
  long long column = eight % across * 8;
  if (row >= r.rows) {
    return;
  }
  FlMasked from{r.from, r.saved, r.activation, r.from_stride, r.saved_stride};
  bool wide = from.wide();
  unsigned words[4];
#pragma unroll
  for (int half = 0; half < 2; half++) {
    long long begin = column + 4 * half;
    long long left = r.columns - begin;
    int inside = left < 0 ? 0 : left < 4 ? (int)left : 4;
    // Where nothing is read the address must still be one.
    float4 v = from.values(from.hold(inside > 0 ? begin : column, row, inside, wide));
    words[2 * half] = fl_bf16_pair(v.x, v.y);
    words[2 * half + 1] = fl_bf16_pair(v.z, v.w);
  }
  unsigned short* to = r.copy + row * r.copy_stride + column;
  if (column + 8 <= r.columns) {
    *reinterpret_cast<uint4*>(to) = make_uint4(words[0], words[1], words[2], words[3]);
    return;
  }
#pragma unroll
  for (int i = 0; i < 8; i++) {
    if (column + i < r.columns) {
      to[i] = (unsigned short)(words[i / 2] >> (16 * (i % 2)));
    }
  }
}

// copy = bf16 of from f'(saved): of a weight, of the inputs of a layer, of a masked signal
// grid ceil(rows ceil(columns / 8) / 256), block 256
extern "C" __global__ void __launch_bounds__(256) fl_round_bf16(const FlRounding rounding) {
  fl_round_eight(rounding, blockIdx.x);
}
FEEDLIGHT_KERNEL(fl_round_bf16)

// The same for `count` matrices of any shapes in one launch.
// roundings: count, in ascending order of first_tile
// grid all tiles, block 256
extern "C" __global__ void __launch_bounds__(256) fl_rounds_bf16(
    const FlRounding* __restrict__ roundings, long long count) {
  FlRounding rounding = fl_find_update(roundings, count, blockIdx.x);
  fl_round_eight(rounding, (long long)blockIdx.x - rounding.first_tile);
}
FEEDLIGHT_KERNEL(fl_rounds_bf16)
