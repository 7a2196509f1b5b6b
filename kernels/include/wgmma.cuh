// Products of matrices in shared memory by the tensor cores of sm_90 (wgmma): d = a b, or d + a b, for
// 64 x width sums of a warpgroup, 128 threads whose first one has a multiple of 128 for its number. a
// is 64 x depth, b is depth x width; the depth is 32 bytes: 16 bf16 or 32 signed bytes. The width is
// twice the sums of a thread: 64, 96 or 128.
//
// Thread t has sums of rows 16 (t / 32) + t % 32 / 4 and 8 below, of columns 8 i + 2 (t % 4) + 0, 1:
//   d[4 i + 0], d[4 i + 1] of the first row, d[4 i + 2], d[4 i + 3] of the second.
//
// A matrix in shared memory is a descriptor (fl_wgmma_matrix) of rows of 128 bytes, eight of which
// are 1024 bytes, in the pattern of a swizzle of 128 bytes that starts at multiples of 1024. Along such
// a row run either
//   the depth: the rows are places, groups of eight of them are `stride` bytes apart;
//   places (64 bf16): the rows are depths, groups of eight of them are `stride` bytes apart, and the
//   next 64 places `leading` bytes.
// (PTX ISA, "Asynchronous Warpgroup Level Matrix Shared Memory Layout".)
//
// Products run in the background. A thread fences before its first one and after it has touched their
// registers, commits a group, and waits until no more than so many groups are under way: then what the
// others read may be written again. fl_wgmma_finish waits for all and gives the sums back.
//
// The twin for the CPU computes in the wait (host/products.h), from the addresses that the
// descriptors give, in double, rounded once for each instruction; integers wrap.
#pragma once

#include "feedlight.cuh"
#include "shared_address.cuh"

// The descriptor of a matrix that starts at an address in shared memory.
__device__ inline unsigned long long fl_wgmma_matrix(const void* start, int leading, int stride) {
  const unsigned long long swizzle_of_128 = 1ull << 62;
  return swizzle_of_128 | (unsigned long long)(unsigned)(stride >> 4) << 32
         | (unsigned long long)(unsigned)(leading >> 4) << 16
         | (fl_shared_address(start) & 0x3FFFFu) >> 4;
}

#if defined(__CUDACC__)

// Registers of so many sums, as a statement names them and as its operands.
#define FL_WGMMA_NAMES_32 \
  "%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, " \
  "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31"
#define FL_WGMMA_NAMES_48 \
  "%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, " \
  "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31, " \
  "%32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47"
#define FL_WGMMA_NAMES_64 \
  "%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, " \
  "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31, " \
  "%32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, " \
  "%48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63"
#define FL_WGMMA_SIXTEEN(c, d, i) \
  c(d[i]), c(d[i + 1]), c(d[i + 2]), c(d[i + 3]), c(d[i + 4]), c(d[i + 5]), c(d[i + 6]), \
      c(d[i + 7]), c(d[i + 8]), c(d[i + 9]), c(d[i + 10]), c(d[i + 11]), c(d[i + 12]), \
      c(d[i + 13]), c(d[i + 14]), c(d[i + 15])
#define FL_WGMMA_SUMS_32(c, d) FL_WGMMA_SIXTEEN(c, d, 0), FL_WGMMA_SIXTEEN(c, d, 16)
#define FL_WGMMA_SUMS_48(c, d) FL_WGMMA_SUMS_32(c, d), FL_WGMMA_SIXTEEN(c, d, 32)
#define FL_WGMMA_SUMS_64(c, d) FL_WGMMA_SUMS_48(c, d), FL_WGMMA_SIXTEEN(c, d, 48)

// fl_wgmma_bf16<a_along_depth, b_along_depth>(d, a, b, add): whether rows of 128 bytes run along the
// depth; add: 0 for d = a b. The operands after the sums are numbered from `a` on.
#define FL_WGMMA_BF16(width, sums, a_name, b_name, add_name, a_turned, b_turned)                 \
  template <bool a_along_depth, bool b_along_depth>                                            \
  __device__ inline void fl_wgmma_bf16(                                                        \
      float (&d)[sums], unsigned long long a, unsigned long long b, int add) {                 \
    asm volatile(                                                                              \
        "{\n"                                                                                  \
        "  .reg .pred add;\n"                                                                  \
        "  setp.ne.b32 add, " add_name ", 0;\n"                                                \
        "  wgmma.mma_async.sync.aligned.m64n" #width "k16.f32.bf16.bf16 "                      \
        "{" FL_WGMMA_NAMES_##sums "}, " a_name ", " b_name ", add, 1, 1, " a_turned ", "       \
        b_turned ";\n"                                                                         \
        "}"                                                                                    \
        : FL_WGMMA_SUMS_##sums("+f", d)                                                        \
        : "l"(a),                                                                              \
          "l"(b),                                                                              \
          "r"(add),                                                                            \
          "n"(a_along_depth ? 0 : 1),                                                          \
          "n"(b_along_depth ? 0 : 1));                                                         \
  }

FL_WGMMA_BF16(64, 32, "%32", "%33", "%34", "%35", "%36")
FL_WGMMA_BF16(96, 48, "%48", "%49", "%50", "%51", "%52")
FL_WGMMA_BF16(128, 64, "%64", "%65", "%66", "%67", "%68")

// a in registers, four bytes in each, lowest first: with g = t % 32 / 4 and p = t % 4,
//   a[0] row g of the warp's 16, columns 4 p to 4 p + 3     a[2] the same, columns 16 + 4 p to 19 + 4 p
//   a[1] row g + 8, columns 4 p to 4 p + 3                  a[3] the same, columns 16 + 4 p to 19 + 4 p
// as fl_ldmatrix_x4 brings them. b along the depth.
__device__ inline void fl_wgmma_bytes(
    int (&d)[64], const unsigned (&a)[4], unsigned long long b, int add) {
  asm volatile(
      "{\n"
      "  .reg .pred add;\n"
      "  setp.ne.b32 add, %69, 0;\n"
      "  wgmma.mma_async.sync.aligned.m64n128k32.s32.s8.s8 "
      "{" FL_WGMMA_NAMES_64 "}, {%64, %65, %66, %67}, %68, add;\n"
      "}"
      : FL_WGMMA_SUMS_64("+r", d)
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b), "r"(add));
}

__device__ inline void fl_wgmma_fence() {
  asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
}

__device__ inline void fl_wgmma_commit() {
  asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
}

template <int GROUPS>
__device__ inline void fl_wgmma_wait() {
  asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(GROUPS) : "memory");
}

// Keeps uses of the sums behind the wait.
template <int count>
__device__ inline void fl_wgmma_finish(float (&d)[count]) {
  fl_wgmma_wait<0>();
#pragma unroll
  for (int i = 0; i < count; i++) {
    asm volatile("" : "+f"(d[i])::"memory");
  }
}

template <int count>
__device__ inline void fl_wgmma_finish(int (&d)[count]) {
  fl_wgmma_wait<0>();
#pragma unroll
  for (int i = 0; i < count; i++) {
    asm volatile("" : "+r"(d[i])::"memory");
  }
}

#else

#include "../host/tensor_map.h"

namespace feedlight::host {

// A matrix as a descriptor gives it.
struct SharedMatrix {
  unsigned start;
  unsigned leading;
  unsigned stride;

  explicit SharedMatrix(unsigned long long descriptor)
      : start((unsigned)(descriptor & 0x3FFF) << 4),
        leading((unsigned)(descriptor >> 16 & 0x3FFF) << 4),
        stride((unsigned)(descriptor >> 32 & 0x3FFF) << 4) {
    if (descriptor >> 62 != 1 || (descriptor >> 49 & 7) != 0) {
      fault("the stand-in knows matrices with a swizzle of 128 bytes and a base offset of 0 only");
    }
    if ((start >> 7 & 7) != 0) {
      fault("the pattern of a swizzle of 128 bytes does not begin at a multiple of 1024");
    }
  }

  // The bytes of an element of `bytes` bytes.
  const unsigned char* at(int place, int depth, int bytes, bool along_depth) const {
    int row = along_depth ? place : depth;
    int across = along_depth ? depth * bytes : place * bytes % 128;
    unsigned next = along_depth ? 0 : (unsigned)(place * bytes / 128) * leading;
    unsigned address =
        start + next + (unsigned)(row / 8) * stride + (unsigned)(row % 8 * 128 + across);
    return at_shared_address(TensorMap::swizzle(address & 0x3FFFF, 128), (std::size_t)bytes);
  }
};

// d = a b or d + a b, sums in Wide and kept in Narrow.
template <typename Wide, typename Narrow, int depth, int width, typename Element>
inline void multiply_warpgroup(
    const Products::Product* (&threads)[128],
    const Element (&a)[64][depth],
    const Element (&b)[depth][width]) {
  for (int row = 0; row < 64; row++) {
    Wide total[width];
    Narrow before[width];
    int first = row / 16 * 32 + row % 8 * 4;
    for (int column = 0; column < width; column++) {
      int word = column / 8 * 4 + row % 16 / 8 * 2 + column % 2;
      memcpy(&before[column], &threads[first + column % 8 / 2]->sums[word], sizeof(Narrow));
      total[column] = threads[0]->from_zero ? Wide(0) : Wide(before[column]);
    }
    for (int k = 0; k < depth; k++) {
      Wide factor = Wide(a[row][k]);
      for (int column = 0; column < width; column++) {
        total[column] += factor * Wide(b[k][column]);
      }
    }
    for (int column = 0; column < width; column++) {
      int word = column / 8 * 4 + row % 16 / 8 * 2 + column % 2;
      Narrow result = (Narrow)total[column];
      memcpy(&threads[first + column % 8 / 2]->sums[word], &result, sizeof(Narrow));
    }
  }
}

template <bool a_along_depth, bool b_along_depth, int width>
inline void compute_bf16(const Products::Product* (&threads)[128]) {
  auto value = [](const unsigned char* at) {
    unsigned short half;
    memcpy(&half, at, sizeof half);
    return __uint_as_float((unsigned)half << 16);
  };
  SharedMatrix matrix_a(threads[0]->left);
  SharedMatrix matrix_b(threads[0]->right);
  float a[64][16];
  float b[16][width];
  for (int k = 0; k < 16; k++) {
    for (int row = 0; row < 64; row++) {
      a[row][k] = value(matrix_a.at(row, k, 2, a_along_depth));
    }
    for (int column = 0; column < width; column++) {
      b[k][column] = value(matrix_b.at(column, k, 2, b_along_depth));
    }
  }
  multiply_warpgroup<double, float>(threads, a, b);
}

inline void compute_bytes(const Products::Product* (&threads)[128]) {
  SharedMatrix matrix_b(threads[0]->right);
  signed char a[64][32];
  signed char b[32][128];
  for (int thread = 0; thread < 128; thread++) {
    for (int i = 0; i < 16; i++) {
      int row = thread / 32 * 16 + thread % 32 / 4 + i / 4 % 2 * 8;
      int column = thread % 4 * 4 + i % 4 + i / 8 * 16;
      a[row][column] = (signed char)(threads[thread]->registers[i / 4] >> (8 * (i % 4)));
    }
  }
  for (int k = 0; k < 32; k++) {
    for (int column = 0; column < 128; column++) {
      b[k][column] = (signed char)*matrix_b.at(column, k, 1, true);
    }
  }
  multiply_warpgroup<unsigned, unsigned>(threads, a, b);
}

// Computes what the threads of a warpgroup wait for, which must be the same products.
inline void compute_awaited(void* (&deposits)[128]) {
  auto& first = *static_cast<Products*>(deposits[0]);
  for (void* deposit : deposits) {
    auto& other = *static_cast<Products*>(deposit);
    bool same = other.awaited_count() == first.awaited_count();
    for (std::size_t i = 0; same && i < first.awaited_count(); i++) {
      same = other.at(i).is_of_one_instruction_with(first.at(i));
    }
    if (!same) {
      fault("threads of one warpgroup wait for different products");
    }
  }
  for (std::size_t i = 0; i < first.awaited_count(); i++) {
    const Products::Product* threads[128];
    for (int thread = 0; thread < 128; thread++) {
      threads[thread] = &static_cast<Products*>(deposits[thread])->at(i);
    }
    first.at(i).compute(threads);
  }
  for (void* deposit : deposits) {
    static_cast<Products*>(deposit)->retire();
  }
}

template <typename Sum, int count>
inline void issue(const Products::Product& product, Sum (&sums)[count]) {
  const char* wrong = running->products.issue(product, sums, count);
  if (wrong != nullptr) {
    fault(wrong);
  }
}

}  // namespace feedlight::host

template <bool a_along_depth, bool b_along_depth, int sums>
inline void fl_wgmma_bf16(
    float (&d)[sums], unsigned long long a, unsigned long long b, int add) {
  using namespace feedlight::host;
  static_assert(sums == 32 || sums == 48 || sums == 64, "a width of 64, 96 or 128");
  issue({compute_bf16<a_along_depth, b_along_depth, 2 * sums>, a, b, {}, add == 0, nullptr}, d);
}

inline void fl_wgmma_bytes(
    int (&d)[64], const unsigned (&a)[4], unsigned long long b, int add) {
  using namespace feedlight::host;
  issue({compute_bytes, 0, b, {a[0], a[1], a[2], a[3]}, add == 0, nullptr}, d);
}

inline void fl_wgmma_fence() { feedlight::host::running->products.fence(); }

inline void fl_wgmma_commit() { feedlight::host::running->products.commit(); }

template <int GROUPS>
inline void fl_wgmma_wait(FEEDLIGHT_SITE) {
  using namespace feedlight::host;
  running->products.wait_for(GROUPS);
  warpgroup(&running->products, compute_awaited, {file, line});
}

template <typename Sum, int count>
inline void fl_wgmma_finish(Sum (&)[count], FEEDLIGHT_SITE) {
  fl_wgmma_wait<0>(file, line);
}

#endif
