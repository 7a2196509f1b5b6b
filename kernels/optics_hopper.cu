#include "ldmatrix.cuh"
#include "optics_readout.cuh"
#include "optics_tile.cuh"
#include "register_share.cuh"
#include "tile_wgmma.cuh"

// The projection of optics_project.cu through a stored matrix of bytes for sm_90a: by wgmma, bulk
// copies and mbarriers.
//
// A block makes the fields of 64 pixels for 128 samples: 64 samples for each of its two warpgroups.
// Columns of a product are the real parts of the pixels, then their imaginary parts; its rows are the
// positive mirrors of the samples, and in a second product with the same entries their negative ones,
// which are told apart in registers. So entries cross shared memory once for both, and patterns once
// for all. Then fields take the place of the stages, and threads that share a pixel read it out.

#define FL_PROJECT_SAMPLES 128
#define FL_PROJECT_PIXELS 64
#define FL_PROJECT_STEP 128
#define FL_PROJECT_STAGES 5

// Two warpgroups that multiply, with 128 sums and two patterns to a thread, and one that copies.
#define FL_PROJECT_THREADS (FL_WGMMA_CONSUMERS + 128)
#define FL_PROJECT_REGISTERS_TO_MULTIPLY 232
#define FL_PROJECT_REGISTERS_TO_COPY 40

typedef FlWgmmaRing<FL_PROJECT_STAGES> FlProjectRing;
typedef FlWgmmaPlace<FL_PROJECT_STAGES> FlProjectPlace;

// The four parts of a pixel's fields are neighbours; a row has one more so that threads that write
// neighbouring rows have no bank conflicts.
#define FL_PROJECT_ROW (FL_PROJECT_PIXELS + 1)

static_assert(
    FL_PROJECT_SAMPLES * FL_PROJECT_ROW * sizeof(int4) <= FL_PROJECT_STAGES * 2 * FL_WGMMA_SLICE,
    "room");

// By one thread.
__device__ static inline void fl_project_produce(
    const FlProjectRing& ring,
    const FlTensorMap* ternary,
    const FlTensorMap* entries,
    int first_sample,
    int first_output,
    int outputs,
    int inputs) {
  fl_tma_prefetch(ternary);
  fl_tma_prefetch(entries);
  FlProjectPlace place;
  for (int input = 0; input < inputs; input += FL_PROJECT_STEP) {
    FlBarrier* full = &ring.full[place.stage];
    unsigned char* rows = ring.right(place.stage);
    fl_barrier_wait(&ring.empty[place.stage], place.round ^ 1);
    fl_barrier_expect(full, 2 * FL_WGMMA_SLICE);
    fl_tma_load(ring.left(place.stage), ternary, input, first_sample, full);
    fl_tma_load(rows, entries, input, first_output, full);
    fl_tma_load(rows + FL_WGMMA_HALF, entries, input, outputs + first_output, full);
    place.next();
  }
}

// By all threads of both warpgroups: fields of positive and of negative mirrors, or where these are not
// apart of the patterns as they are.
template <bool APART>
__device__ static inline void fl_project_consume(
    int (&positive)[64], int (&negative)[64], const FlProjectRing& ring, int inputs) {
  int thread = (int)threadIdx.x;
  int row = thread / 32 * 16 + thread % 16;
  FlProjectPlace place;
  int before = 0;  // stage of the slice before
  for (int input = 0; input < inputs; input += FL_PROJECT_STEP) {
    fl_barrier_wait(&ring.full[place.stage], place.round);
    const unsigned char* patterns = ring.left(place.stage) + 128 * row;
#pragma unroll
    for (int step = 0; step < FL_PROJECT_STEP / 32; step++) {
      // As the copy has swizzled them.
      int chunk = (2 * step + thread % 32 / 16) ^ (row % 8);
      unsigned words[4];
      fl_ldmatrix_x4(words, patterns + 16 * chunk);
      unsigned lit[2][4];
#pragma unroll
      for (int i = 0; i < 4; i++) {
        lit[0][i] = APART ? fl_positive_mirrors(words[i]) : words[i];
        lit[1][i] = fl_negative_mirrors(words[i]);
      }
      unsigned long long rows = fl_wgmma_step<true>(ring.right(place.stage), step);
      fl_wgmma_fence();
      fl_wgmma_bytes(positive, lit[0], rows, input + step);
      if (APART) {
        fl_wgmma_bytes(negative, lit[1], rows, input + step);
      }
      fl_wgmma_commit();
      // Patterns of the next step are made while these products run.
      fl_wgmma_wait<1>();
      if (step == 0 && input > 0 && thread % 32 == 0) {
        fl_barrier_arrive(&ring.empty[before]);
      }
    }
    before = place.stage;
    place.next();
  }
  fl_wgmma_finish(positive);
  if (APART) {
    fl_wgmma_finish(negative);
  }
}

// Puts the thread's fields where all see them.
template <bool APART>
__device__ static inline void fl_project_keep(
    unsigned char* room, const int (&positive)[64], const int (&negative)[64]) {
  int thread = (int)threadIdx.x;
  int4* fields = reinterpret_cast<int4*>(room);
#pragma unroll
  for (int i = 0; i < 32; i++) {
    int sample = thread / 32 * 16 + thread % 32 / 4 + i / 2 % 2 * 8;
    int pixel = i / 4 * 8 + thread % 4 * 2 + i % 2;
    fields[sample * FL_PROJECT_ROW + pixel] = make_int4(
        positive[i], positive[i + 32], APART ? negative[i] : 0, APART ? negative[i + 32] : 0);
  }
}

template <bool APART>
__device__ static inline void fl_project(
    const FlReadOut<int>& read_out,
    const FlProjectRing& ring,
    int first_sample,
    int first_output,
    int samples,
    int outputs) {
  int positive[64];
  int negative[64];
  fl_project_consume<APART>(positive, negative, ring, (int)read_out.inputs);
  ring.reuse([&](unsigned char* room) { fl_project_keep<APART>(room, positive, negative); });
  const int4* fields = reinterpret_cast<const int4*>(ring.stages);
  int pixel = (int)threadIdx.x % FL_PROJECT_PIXELS;
  int output = first_output + pixel;
  if (output >= outputs) {
    return;
  }
  FlAnchor<int> anchor = fl_anchor(read_out, output);
  int count = min(FL_PROJECT_SAMPLES, samples - first_sample);
#pragma unroll 1
  for (int i = (int)threadIdx.x / FL_PROJECT_PIXELS; i < count;
       i += FL_WGMMA_CONSUMERS / FL_PROJECT_PIXELS) {
    int4 field = fields[i * FL_PROJECT_ROW + pixel];
    if (APART) {
      fl_read_frames(
          read_out, anchor, first_sample + i, output, field.x, field.y, field.z, field.w);
    } else {
      fl_read_exactly(read_out, anchor, first_sample + i, output, field.x, field.y);
    }
  }
}

// signal = read-out of T P and T N.
//   ternary: S8 samples x inputs in boxes of 128 rows x 128 bytes; entries: S8 2 outputs x inputs, real
//   parts, then imaginary parts, in boxes of 64 rows x 128 bytes
// Grid: ceil(outputs / 64) ceil(samples / 128) blocks of 384 threads, samples fastest; shared
// FL_WGMMA_SHARED_OF(FL_PROJECT_STAGES).
extern "C" __global__ void __launch_bounds__(FL_PROJECT_THREADS, 1) fl_speckle_project_wgmma(
    const __grid_constant__ FlReadOut<int> read_out,
    const __grid_constant__ FlTensorMap ternary,
    const __grid_constant__ FlTensorMap entries,
    long long samples,
    long long outputs) {
  FEEDLIGHT_DYNAMIC_SHARED(unsigned char, shared);
  FlProjectRing ring(shared);
  long long tiles = (samples + FL_PROJECT_SAMPLES - 1) / FL_PROJECT_SAMPLES;
  int first_sample = (int)(blockIdx.x % tiles) * FL_PROJECT_SAMPLES;
  int first_output = (int)(blockIdx.x / tiles) * FL_PROJECT_PIXELS;
  if (threadIdx.x < FL_WGMMA_CONSUMERS) {
    fl_registers_take<FL_PROJECT_REGISTERS_TO_MULTIPLY>();
    if (read_out.ideal) {
      fl_project<false>(read_out, ring, first_sample, first_output, (int)samples, (int)outputs);
    } else {
      fl_project<true>(read_out, ring, first_sample, first_output, (int)samples, (int)outputs);
    }
  } else {
    fl_registers_give<FL_PROJECT_REGISTERS_TO_COPY>();
    if (threadIdx.x == FL_WGMMA_CONSUMERS) {
      fl_project_produce(
          ring,
          &ternary,
          &entries,
          first_sample,
          first_output,
          (int)outputs,
          (int)read_out.inputs);
    }
  }
}
FEEDLIGHT_KERNEL(fl_speckle_project_wgmma)
