#include "mma.cuh"
#include "tile_wgmma.cuh"
#include "update.cuh"

// The updates of update_tensor.cu for sm_90a, x and the masked signal bf16 in memory: by wgmma, bulk
// copies and mbarriers. Weights and their state stay fp32; beside a weight lies its bf16 copy, which
// the next products read and which is written here with it.

// One update, an argument or one of a table in device memory; maps first, as they are aligned to 64
// bytes, then eight bytes for each member.
//   signal: batch x outputs, x: batch x inputs, both bf16 in boxes of 64 x 64
//   update: without what the maps replace
//   copy: outputs x inputs in rows of copy_stride, or null for a kept gradient
struct FlWgmmaUpdate {
  FlTensorMap signal;
  FlTensorMap x;
  FlUpdate update;
  alignas(8) unsigned short* copy;
  alignas(8) long long copy_stride;
  alignas(8) long long unused[2];
};

static_assert(sizeof(FlWgmmaUpdate) == 448, "two maps, and eight bytes for each member");

__device__ inline long long fl_first_tile(const FlWgmmaUpdate& w) { return w.update.first_tile; }

typedef FlSums<FL_WGMMA_TILE> FlUpdateSums;

// Applies kept gradients, so many rows at once that enough of weights and state is on its way.
template <int states, int together>
__device__ inline void fl_take_rows(
    const FlWgmmaUpdate& w, const FlOptimizer& optimizer, const FlWgmmaTile& tile, const float* kept) {
  const FlUpdate& u = w.update;
  FlWgmmaFours<FL_WGMMA_TILE> fours(tile, u.outputs, u.inputs);
  if (fours.inside <= 0) {
    return;
  }
  int inside = fours.inside;
  FlParameter parameter{u.target, u.moment1, u.moment2};
  bool wide = parameter.wide(u.inputs);
  long long column = tile.column + fours.column;
#pragma unroll 1
  for (int first = fours.first; first < fours.rows; first += fours.step * together) {
    FlFourWeights four[together];
#pragma unroll
    for (int i = 0; i < together; i++) {
      int row = first + fours.step * i;
      four[i] = FlFourWeights{};
      if (row < fours.rows) {
        long long at = (tile.row + row) * u.inputs + column;
        four[i].load(parameter, states, at, inside, wide);
      }
    }
#pragma unroll
    for (int i = 0; i < together; i++) {
      int row = first + fours.step * i;
      if (row < fours.rows) {
        long long at = (tile.row + row) * u.inputs + column;
        four[i].take(optimizer, fours.of(kept, row));
        four[i].store(parameter, states, at, inside, wide);
        fl_put_four(w.copy + (tile.row + row) * w.copy_stride + column, four[i].value, inside);
      }
    }
  }
}

// One tile of a weight.
__device__ inline void fl_wgmma_update(
    unsigned char* shared,
    const FlWgmmaUpdate& w,
    const unsigned char* control,
    int row,
    int column) {
  const FlUpdate& u = w.update;
  FlWgmmaTile tile{row, column, (int)u.batch};
  fl_wgmma_tile<false, false, FL_WGMMA_TILE>(
      shared, tile, &w.signal, &w.x, [&](const FlTileRing& ring, const FlUpdateSums& sums) {
        if (u.rule == FL_ACCUMULATE) {
          bool wide = fl_wide(u.target, u.inputs);
          fl_wgmma_each_four(
              ring,
              sums,
              tile,
              u.outputs,
              u.inputs,
              [&](long long row, long long column, float4 g, int inside) {
                fl_accumulate_four(
                    u.target, row * u.inputs + column, u.beta1, g, inside, wide);
              });
          return;
        }
        FlOptimizer optimizer = fl_update_optimizer(u, control);
        const float* kept = fl_wgmma_keep(ring, sums);
        if (u.rule == FL_SGD) {
          fl_take_rows<0, 4>(w, optimizer, tile, kept);
        } else if (u.rule == FL_MOMENTUM) {
          fl_take_rows<1, 2>(w, optimizer, tile, kept);
        } else {
          fl_take_rows<2, 2>(w, optimizer, tile, kept);
        }
      });
}

// weight = optimizer step of weight with G, copy = bf16 of weight; or weight = beta1 weight + G
// grid (ceil(inputs / 128), ceil(outputs / 128)), block 288, shared FL_WGMMA_SHARED
extern "C" __global__ void FL_WGMMA_BOUNDS fl_linear_update_wgmma(
    const __grid_constant__ FlWgmmaUpdate update, const unsigned char* __restrict__ control) {
  FEEDLIGHT_DYNAMIC_SHARED(unsigned char, shared);
  if (fl_control_failure(control) != 0) {
    return;
  }
  fl_wgmma_update(
      shared, update, control, (int)blockIdx.y * FL_WGMMA_TILE, (int)blockIdx.x * FL_WGMMA_TILE);
}
FEEDLIGHT_KERNEL(fl_linear_update_wgmma)

// The same for `count` weights of any shapes, none of which touches another, in one launch.
// updates: count, aligned to 64 bytes, in ascending order of update.first_tile; a weight has
// ceil(outputs / 128) ceil(inputs / 128) tiles, row by row
// grid all tiles, block 288, shared FL_WGMMA_SHARED
extern "C" __global__ void FL_WGMMA_BOUNDS fl_linear_updates_wgmma(
    const FlWgmmaUpdate* __restrict__ updates,
    const unsigned char* __restrict__ control,
    long long count) {
  FEEDLIGHT_DYNAMIC_SHARED(unsigned char, shared);
  if (fl_control_failure(control) != 0) {
    return;
  }
  const FlWgmmaUpdate& update = fl_find_update(updates, count, blockIdx.x);
  if (threadIdx.x == FL_WGMMA_CONSUMERS) {
    fl_tma_acquire(&update.signal);
    fl_tma_acquire(&update.x);
  }
  long long tile = (long long)blockIdx.x - update.update.first_tile;
  long long across = (update.update.inputs + FL_WGMMA_TILE - 1) / FL_WGMMA_TILE;
  fl_wgmma_update(
      shared,
      update,
      control,
      (int)(tile / across) * FL_WGMMA_TILE,
      (int)(tile % across) * FL_WGMMA_TILE);
}
FEEDLIGHT_KERNEL(fl_linear_updates_wgmma)
