#include "feedlight.cuh"
#include "optics_floats.cuh"
#include "optics_readout.cuh"
#include "optics_tile.cuh"

// The linear optical projection of ternary vectors: fields, camera and read-out in one kernel, which
// writes nothing but the signal.

template <typename Field>
struct FlReadOutOfTile {
  const FlReadOut<Field>& read_out;

  __device__ FlAnchor<Field> pixel(long long output) const { return fl_anchor(read_out, output); }

  __device__ void operator()(
      const FlAnchor<Field>& anchor,
      long long sample,
      long long output,
      Field p_real,
      Field p_imaginary,
      Field n_real,
      Field n_imaginary) const {
    fl_read_out(read_out, anchor, sample, output, p_real, p_imaginary, n_real, n_imaginary);
  }

  // T P - T N.
  __device__ void operator()(
      const FlAnchor<Field>& anchor,
      long long sample,
      long long output,
      Field real,
      Field imaginary) const {
    fl_read_exactly(read_out, anchor, sample, output, real, imaginary);
  }
};

// Where every imperfection is off, one product of the vectors as they are does for two.
template <typename Rows>
static __device__ inline void fl_project_tile(
    const FlReadOut<int>& read_out,
    FlFieldStage* stages,
    const Rows& rows,
    const FlFieldPlace& place,
    const signed char* ternary,
    long long samples,
    long long outputs,
    long long ternary_stride) {
  FlByteRows patterns = {
      ternary + place.first_pattern * ternary_stride,
      samples - place.first_pattern,
      read_out.inputs,
      ternary_stride};
  FlReadOutOfTile<int> take = {read_out};
  if (read_out.ideal) {
    FlFieldSums<false> fields;
    fl_field_sum(fields, stages, rows, patterns);
    fl_field_each(fields, place, samples, outputs, take);
  } else {
    FlFieldSums<true> fields;
    fl_field_sum(fields, stages, rows, patterns);
    fl_field_each(fields, place, samples, outputs, take);
  }
}

// signal = read-out of T P and T N.
//   ternary S8 samples x inputs; entries S8 outputs x inputs, real and imaginary parts apart
// Grid: ceil(outputs / 32) ceil(samples / 64) blocks of 128 threads, samples fastest.
extern "C" __global__ void __launch_bounds__(FL_FIELD_THREADS, FL_FIELD_BLOCKS)
    fl_speckle_project_stored(
        const FlReadOut<int> read_out,
        const signed char* __restrict__ ternary,
        const signed char* __restrict__ entries_real,
        const signed char* __restrict__ entries_imaginary,
        long long samples,
        long long outputs,
        long long ternary_stride,
        long long entries_stride) {
  __shared__ FlFieldStage stages[FL_FIELD_STAGES];
  FlFieldPlace place(samples);
  FlStoredRows rows(
      entries_real,
      entries_imaginary,
      place.first_output,
      outputs,
      read_out.inputs,
      entries_stride);
  fl_project_tile(read_out, stages, rows, place, ternary, samples, outputs, ternary_stride);
}
FEEDLIGHT_KERNEL(fl_speckle_project_stored)

// The same with the entries made again in every block, for 64 samples at a time.
//   matrix_key: of the entries
// Grid: ceil(outputs / 32) ceil(samples / 64) blocks of 128 threads, samples fastest.
extern "C" __global__ void __launch_bounds__(FL_FIELD_THREADS, FL_FIELD_BLOCKS)
    fl_speckle_project_procedural(
        const FlReadOut<int> read_out,
        const signed char* __restrict__ ternary,
        unsigned long long matrix_key,
        long long samples,
        long long outputs,
        long long ternary_stride) {
  __shared__ FlFieldStage stages[FL_FIELD_STAGES];
  __shared__ __align__(16) unsigned char table[FL_BANKED_TABLE_BYTES];
  FlFieldPlace place(samples);
  FlProceduralRows rows(
      table, matrix_key, read_out.numbers, read_out.first_pixel, place.first_output, outputs);
  fl_project_tile(read_out, stages, rows, place, ternary, samples, outputs, ternary_stride);
}
FEEDLIGHT_KERNEL(fl_speckle_project_procedural)

// The same for entries in fp32.
//   ternary S8 samples x inputs; entries F32 outputs x inputs, real and imaginary parts apart
// Grid: ceil(outputs / 32) ceil(samples / 32) blocks of 256 threads, samples fastest.
extern "C" __global__ void __launch_bounds__(FL_FLOATS_THREADS) fl_speckle_project_floats(
    const FlReadOut<float> read_out,
    const signed char* __restrict__ ternary,
    const float* __restrict__ entries_real,
    const float* __restrict__ entries_imaginary,
    long long samples,
    long long outputs,
    long long ternary_stride,
    long long entries_stride) {
  FlReadOutOfTile<float> take = {read_out};
  fl_fields_of_floats(
      ternary,
      entries_real,
      entries_imaginary,
      samples,
      read_out.inputs,
      outputs,
      ternary_stride,
      entries_stride,
      take);
}
FEEDLIGHT_KERNEL(fl_speckle_project_floats)

// The read-out of fields from memory, of media that have no tile of their own: structured and
// drifting ones.
//   fields F32 samples x outputs
// Grid: one thread for each sample and output, blocks of 256.
extern "C" __global__ void fl_speckle_read_out(
    const FlReadOut<float> read_out,
    const float* __restrict__ positive_real,
    const float* __restrict__ positive_imaginary,
    const float* __restrict__ negative_real,
    const float* __restrict__ negative_imaginary,
    long long samples,
    long long outputs,
    long long field_stride) {
  long long sample = fl_element() / outputs;
  long long output = fl_element() % outputs;
  if (sample < samples) {
    long long at = sample * field_stride + output;
    fl_read_out(
        read_out,
        fl_anchor(read_out, output),
        sample,
        output,
        positive_real[at],
        positive_imaginary[at],
        negative_real[at],
        negative_imaginary[at]);
  }
}
FEEDLIGHT_KERNEL(fl_speckle_read_out)
