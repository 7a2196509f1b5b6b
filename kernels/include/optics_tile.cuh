// Fields behind a matrix of bytes, T = u + i v, by products on tensor cores: a block makes those of
// 32 pixels for 64 patterns, in exact integers, and hands each thread the fields of its own pixels
// and patterns in registers.
//
// A step multiplies 64 inputs. Rows of T and patterns pass through a ring of stages in shared
// memory, which are filled two steps ahead: stored rows and patterns by asynchronous copies,
// procedural rows by Philox. Each of the four warps has 32 patterns and 16 pixels. Pixels are the
// columns of a product, 8 at a time, once with u and once with v. Its 16 rows are either
//   apart   the positive mirrors of 8 patterns (row g) and their negative ones (row g + 8), or
//   signed  16 patterns as they are.
// So all that the read-out of a pixel and pattern needs lies in one thread.
#pragma once

#include "async_copy.cuh"
#include "ldmatrix.cuh"
#include "mma_bytes.cuh"
#include "optics.cuh"
#include "optics_bytes.cuh"

#define FL_FIELD_THREADS 128
#define FL_FIELD_PIXELS 32
#define FL_FIELD_PATTERNS 64
#define FL_FIELD_STEP 64
#define FL_FIELD_STAGES 3
// Blocks of a multiprocessor that registers must allow.
#define FL_FIELD_BLOCKS 3

// What a warp has.
#define FL_WARP_PIXELS 16
#define FL_WARP_PATTERNS 32

struct __align__(16) FlFieldStage {
  unsigned char real[FL_FIELD_PIXELS * FL_FIELD_STEP];
  unsigned char imaginary[FL_FIELD_PIXELS * FL_FIELD_STEP];
  unsigned char patterns[FL_FIELD_PATTERNS * FL_FIELD_STEP];
};

// Where 16 bytes of a row of a stage begin. Chunks change places from row to row, so that the same
// chunk of eight rows lies in all banks.
__device__ inline int fl_chunk(int row, int chunk) {
  return row * FL_FIELD_STEP + 16 * (chunk ^ (row / 2 % 4));
}

// A matrix of bytes in global memory, from the first row of the tile on.
struct FlByteRows {
  const signed char* first;
  long long rows;
  long long columns;
  long long stride;
};

__device__ inline int fl_clamp(long long value, int most) {
  return value < 0 ? 0 : value < most ? (int)value : most;
}

// Brings 64 columns of COUNT rows to a stage, with zeros beyond the matrix: by the widest copies
// that the addresses allow, or byte by byte.
template <int COUNT>
__device__ inline void fl_bring_rows(
    unsigned char* stage, const FlByteRows& matrix, long long column) {
  unsigned long long address = (unsigned long long)matrix.first | (unsigned long long)matrix.stride;
  for (int i = threadIdx.x; i < COUNT * FL_FIELD_STEP / 16; i += FL_FIELD_THREADS) {
    int row = i / (FL_FIELD_STEP / 16);
    int chunk = i % (FL_FIELD_STEP / 16);
    long long at = column + 16 * chunk;
    int bytes = row < matrix.rows ? fl_clamp(matrix.columns - at, 16) : 0;
    const signed char* from = bytes > 0 ? matrix.first + row * matrix.stride + at : matrix.first;
    unsigned char* to = stage + fl_chunk(row, chunk);
    if ((address & 15ull) == 0) {
      fl_cp_async_16(to, from, bytes);
    } else if ((address & 3ull) == 0) {
      for (int word = 0; word < 4; word++) {
        int left = fl_clamp(bytes - 4 * word, 4);
        fl_cp_async_4(to + 4 * word, left > 0 ? from + 4 * word : from, left);
      }
    } else {
      for (int word = 0; word < 4; word++) {
        unsigned four = 0;
        for (int byte = 0; byte < 4; byte++) {
          if (4 * word + byte < bytes) {
            four |= (unsigned)(unsigned char)from[4 * word + byte] << (8 * byte);
          }
        }
        reinterpret_cast<unsigned*>(to)[word] = four;
      }
    }
  }
}

// Rows of T from memory.
struct FlStoredRows {
  FlByteRows real;
  FlByteRows imaginary;

  __device__ FlStoredRows(
      const signed char* entries_real,
      const signed char* entries_imaginary,
      long long first_output,
      long long outputs,
      long long inputs,
      long long stride) {
    long long skipped = first_output * stride;
    real = {entries_real + skipped, outputs - first_output, inputs, stride};
    imaginary = {entries_imaginary + skipped, outputs - first_output, inputs, stride};
  }

  __device__ void bring(FlFieldStage& stage, long long input) const {
    fl_bring_rows<FL_FIELD_PIXELS>(stage.real, real, input);
    fl_bring_rows<FL_FIELD_PIXELS>(stage.imaginary, imaginary, input);
  }
};

// Rows of T made anew: a thread makes eight inputs of two pixels.
struct FlProceduralRows {
  static constexpr int BLOCKS = FL_FIELD_STEP / FL_ENTRIES_PER_BLOCK;
  static constexpr int ROWS_AT_ONCE = FL_FIELD_THREADS / BLOCKS;
  static constexpr int ROWS = FL_FIELD_PIXELS / ROWS_AT_ONCE;

  const unsigned char* table;
  unsigned long long key;
  int pixels[ROWS];

  // Waits until the table is filled.
  __device__ FlProceduralRows(
      unsigned char* banked,
      unsigned long long matrix_key,
      const int* numbers,
      long long first_pixel,
      long long first_output,
      long long outputs) {
    fl_fill_banked_table(banked);
    table = banked;
    key = matrix_key;
    for (int i = 0; i < ROWS; i++) {
      long long output = first_output + threadIdx.x / BLOCKS + ROWS_AT_ONCE * i;
      pixels[i] = output < outputs ? fl_pixel(numbers, first_pixel, output) : 0;
    }
    __syncthreads();
  }

  // Beyond the last input too: no mirror is lit there.
  __device__ void bring(FlFieldStage& stage, long long input) const {
    int block = threadIdx.x % BLOCKS;
#pragma unroll
    for (int i = 0; i < ROWS; i++) {
      uint4 words = fl_entries(key, input / FL_ENTRIES_PER_BLOCK + block, pixels[i]);
      int at = fl_chunk(threadIdx.x / BLOCKS + ROWS_AT_ONCE * i, block / 2) + 8 * (block % 2);
      *reinterpret_cast<uint2*>(stage.real + at) =
          make_uint2(fl_banked_entries(table, words.x), fl_banked_entries(table, words.y));
      *reinterpret_cast<uint2*>(stage.imaginary + at) =
          make_uint2(fl_banked_entries(table, words.z), fl_banked_entries(table, words.w));
    }
  }
};

// Where a block's tile lies: the patterns of one pixel's tiles are neighbours in the grid, so that
// rows of T are still in the cache when the next block wants them.
struct FlFieldPlace {
  long long first_pattern;
  long long first_output;

  __device__ explicit FlFieldPlace(long long patterns) {
    long long tiles = (patterns + FL_FIELD_PATTERNS - 1) / FL_FIELD_PATTERNS;
    first_pattern = blockIdx.x % tiles * FL_FIELD_PATTERNS;
    first_output = blockIdx.x / tiles * FL_FIELD_PIXELS;
  }
};

// The first pattern and the first pixel of a warp within the tile.
__device__ inline int fl_warp_pattern() {
  return threadIdx.x / 32 / (FL_FIELD_PIXELS / FL_WARP_PIXELS) * FL_WARP_PATTERNS;
}

__device__ inline int fl_warp_pixel() {
  return threadIdx.x / 32 % (FL_FIELD_PIXELS / FL_WARP_PIXELS) * FL_WARP_PIXELS;
}

// Sums of a thread: [rows of 16][columns of 8 pixels][real, imaginary][as fl_mma_bytes has them].
template <bool APART>
struct FlFieldSums {
  static constexpr int PATTERNS = APART ? 8 : 16;  // of 16 rows
  static constexpr int TILES = FL_WARP_PATTERNS / PATTERNS;
  static constexpr int COLUMNS = FL_WARP_PIXELS / 8;
  int sums[TILES][COLUMNS][2][4];
};

// Of 1, 0, -1 only -1 has the top bit of a byte, and both 1 and -1 the lowest.
__device__ inline unsigned fl_negative_mirrors(unsigned four) { return (four >> 7) & 0x01010101u; }

__device__ inline unsigned fl_positive_mirrors(unsigned four) {
  return four & 0x01010101u & ~(four >> 7);
}

// Adds the products of a stage. A warp whose patterns lie beyond the last one has nothing to do.
template <bool APART>
__device__ inline void fl_field_add(
    FlFieldSums<APART>& fields, const FlFieldStage& stage, int patterns) {
  // What ldmatrix makes of 8 rows and 64 inputs is 32 of them in words 0 and 1, 32 in 2 and 3.
  int row = threadIdx.x % 8;
  int chunk = threadIdx.x % 32 / 8;
  unsigned rows[FlFieldSums<APART>::COLUMNS][2][4];
#pragma unroll
  for (int column = 0; column < FlFieldSums<APART>::COLUMNS; column++) {
    int at = fl_chunk(fl_warp_pixel() + 8 * column + row, chunk);
    fl_ldmatrix_x4(rows[column][0], stage.real + at);
    fl_ldmatrix_x4(rows[column][1], stage.imaginary + at);
  }
#pragma unroll
  for (int tile = 0; tile < FlFieldSums<APART>::TILES; tile++) {
    int pattern = FlFieldSums<APART>::PATTERNS * tile;
    if (pattern >= patterns) {
      break;
    }
    pattern += fl_warp_pattern() + row;
    unsigned upper[4];
    unsigned lower[4];
    fl_ldmatrix_x4(upper, stage.patterns + fl_chunk(pattern, chunk));
    if (!APART) {
      fl_ldmatrix_x4(lower, stage.patterns + fl_chunk(pattern + 8, chunk));
    }
#pragma unroll
    for (int half = 0; half < 4; half += 2) {
      unsigned lit[4];
#pragma unroll
      for (int i = 0; i < 2; i++) {
        unsigned four = upper[half + i];
        lit[2 * i] = APART ? fl_positive_mirrors(four) : four;
        lit[2 * i + 1] = APART ? fl_negative_mirrors(four) : lower[half + i];
      }
#pragma unroll
      for (int column = 0; column < FlFieldSums<APART>::COLUMNS; column++) {
#pragma unroll
        for (int part = 0; part < 2; part++) {
          const unsigned* words = rows[column][part];
          fl_mma_bytes(fields.sums[tile][column][part], lit, words[half], words[half + 1]);
        }
      }
    }
  }
}

// The fields of a tile. The block waits between steps; nobody has waited after the last one.
template <bool APART, typename Rows>
__device__ inline void fl_field_sum(
    FlFieldSums<APART>& fields,
    FlFieldStage* stages,
    const Rows& rows,
    const FlByteRows& patterns) {
  int* sums = &fields.sums[0][0][0][0];
#pragma unroll
  for (int i = 0; i < (int)(sizeof(fields) / sizeof(int)); i++) {
    sums[i] = 0;
  }
  int mine = fl_clamp(patterns.rows - fl_warp_pattern(), FL_WARP_PATTERNS);
  int steps = (int)((patterns.columns + FL_FIELD_STEP - 1) / FL_FIELD_STEP);
  int filled = 0;
  for (int step = 1 - FL_FIELD_STAGES; step < steps; step++) {
    if (step >= 0) {
      fl_cp_async_wait<FL_FIELD_STAGES - 2>();
      __syncthreads();
    }
    if (filled < steps) {
      FlFieldStage& stage = stages[filled % FL_FIELD_STAGES];
      fl_bring_rows<FL_FIELD_PATTERNS>(stage.patterns, patterns, (long long)filled * FL_FIELD_STEP);
      rows.bring(stage, (long long)filled * FL_FIELD_STEP);
    }
    filled++;
    fl_cp_async_commit();
    if (step >= 0 && mine > 0) {
      fl_field_add<APART>(fields, stages[step % FL_FIELD_STAGES], mine);
    }
  }
}

// Moves what follows to where the first value is. Registers have no index: where one copy of a long
// code is to serve them all, they come to it.
template <int COUNT>
__device__ inline void fl_next(int (&values)[COUNT], int size) {
#pragma unroll
  for (int i = 0; i + size < COUNT; i++) {
    values[i] = values[i + size];
  }
}

// take.pixel(output) for each of the thread's outputs, then take(pixel, pattern, output, fields...)
// for each of its patterns, where fields are real and imaginary part; of positive, then of negative
// mirrors where they are apart.
template <bool APART, typename Take>
__device__ inline void fl_field_each(
    const FlFieldSums<APART>& fields,
    const FlFieldPlace& place,
    long long patterns,
    long long outputs,
    const Take& take) {
  constexpr int OUTPUTS = 2 * FlFieldSums<APART>::COLUMNS;
  constexpr int PATTERNS = FL_WARP_PATTERNS / 8;
  constexpr int VALUES = APART ? 4 : 2;
  int queue[OUTPUTS * PATTERNS * VALUES];
#pragma unroll
  for (int i = 0; i < OUTPUTS * PATTERNS * VALUES; i++) {
    int value = i % VALUES;
    int pattern = i / VALUES % PATTERNS;
    int output = i / (VALUES * PATTERNS);
    int tile = APART ? pattern : pattern / 2;
    int lower = APART ? value / 2 : pattern % 2;
    queue[i] = fields.sums[tile][output / 2][value % 2][2 * lower + output % 2];
  }
  int lane = threadIdx.x % 32;
#pragma unroll 1
  for (int i = 0; i < OUTPUTS; i++) {
    int own[PATTERNS * VALUES];
#pragma unroll
    for (int k = 0; k < PATTERNS * VALUES; k++) {
      own[k] = queue[k];
    }
    fl_next(queue, PATTERNS * VALUES);
    long long output = place.first_output + fl_warp_pixel() + 8 * (i / 2) + 2 * (lane % 4) + i % 2;
    if (output < outputs) {
      auto pixel = take.pixel(output);
      long long pattern = place.first_pattern + fl_warp_pattern() + lane / 4;
#pragma unroll 1
      for (int k = 0; k < PATTERNS && pattern < patterns; k++) {
        if constexpr (APART) {
          take(pixel, pattern, output, own[0], own[1], own[2], own[3]);
        } else {
          take(pixel, pattern, output, own[0], own[1]);
        }
        pattern += 8;
        fl_next(own, VALUES);
      }
    }
  }
}
