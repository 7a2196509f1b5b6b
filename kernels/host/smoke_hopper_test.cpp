// Copies, barriers and products of sm_90: a pipeline of them against plain loops, and that no mistake
// in it goes unseen.
#include <cstdint>
#include <optional>

#include "smoke.h"

extern "C" int cuTensorMapEncodeTiled(
    void*, int, unsigned, void*, const std::uint64_t*, const std::uint64_t*, const std::uint32_t*,
    const std::uint32_t*, int, int, int, int);

namespace {

constexpr const char* image = "smoke_hopper_kernels";
constexpr int bytes_type = 0, bf16_type = 9;
constexpr int swizzle_of_128 = 3;

struct alignas(64) Map {
  unsigned char bytes[128];
};

// A matrix, row-major, in boxes; the code of the driver.
int encode(
    Map& map,
    Address matrix,
    int type,
    std::uint64_t rows,
    std::uint64_t columns,
    std::uint64_t stride,
    std::uint32_t box_rows,
    std::uint32_t box_columns,
    int swizzle = swizzle_of_128) {
  std::uint64_t extents[] = {columns, rows};
  std::uint64_t strides[] = {stride};
  std::uint32_t box[] = {box_columns, box_rows};
  std::uint32_t steps[] = {1, 1};
  return cuTensorMapEncodeTiled(
      &map, type, 2, reinterpret_cast<void*>(matrix), extents, strides, box, steps, 0, swizzle, 2,
      0);
}

int whole(int row, int column, unsigned seed) {
  unsigned mixed = (static_cast<unsigned>(row) * 7919u + static_cast<unsigned>(column)) * seed;
  return static_cast<int>((mixed ^ mixed >> 7) % 13u) - 6;
}

// Small whole numbers, which bf16 has exactly, row-major with rows of `stride` elements.
std::vector<unsigned short> matrix(int rows, int columns, int stride, unsigned seed, bool turned) {
  std::vector<unsigned short> values(static_cast<std::size_t>(rows) * stride, 0x7FC0);  // NaN
  for (int row = 0; row < rows; row++) {
    for (int column = 0; column < columns; column++) {
      auto value = static_cast<float>(turned ? whole(column, row, seed) : whole(row, column, seed));
      std::uint32_t bits;
      memcpy(&bits, &value, 4);
      values[static_cast<std::size_t>(row) * stride + column] =
          static_cast<unsigned short>(bits >> 16);
    }
  }
  return values;
}

// 64 x 128 sums over so many depths, which need not fill a slice; nothing if the launch failed.
std::optional<std::vector<float>> product(
    int layout, int depths, int mistake, int swizzle = swizzle_of_128) {
  Session session;
  bool a_along = (layout & 1) != 0, b_along = (layout & 2) != 0;
  // Rows are aligned to 16 bytes and end with what must not be read.
  int stride = (depths + 7) / 8 * 8 + 8;
  Address a = device(
      a_along ? matrix(64, depths, stride, 3, false) : matrix(depths, 64, 72, 3, true));
  Address b = device(
      b_along ? matrix(128, depths, stride, 5, true) : matrix(depths, 128, 136, 5, false));
  Address d = device(std::vector<float>(64 * 128, NAN));
  Map map_a, map_b;
  expect_code(
      a_along ? encode(map_a, a, bf16_type, 64, depths, 2 * stride, 64, 64, swizzle)
              : encode(map_a, a, bf16_type, depths, 64, 2 * 72, 64, 64, swizzle),
      success, "map of a");
  expect_code(
      b_along ? encode(map_b, b, bf16_type, 128, depths, 2 * stride, 128, 64, swizzle)
              : encode(map_b, b, bf16_type, depths, 128, 2 * 136, 64, 64, swizzle),
      success, "map of b");
  Function* function = kernel(image, "smoke_wgmma");
  int shared = 1024 + 2 * 3 * 64 * 128 + 128 + 64;
  cuFuncSetAttribute(function, 8, shared);
  int code = launch(
      function, {1, 1, 1}, {160, 1, 1}, static_cast<unsigned>(shared), nullptr, d, map_a, map_b,
      layout, (depths + 63) / 64, mistake);
  if (code != success) {
    return std::nullopt;
  }
  std::vector<float> result = host<float>(d, 64 * 128);
  for (Address address : {a, b, d}) {
    cuMemFree_v2(address);
  }
  return result;
}

bool right(const std::vector<float>& d, int depths) {
  for (int row = 0; row < 64; row++) {
    for (int column = 0; column < 128; column++) {
      float sum = 0;
      for (int k = 0; k < depths; k++) {
        sum += static_cast<float>(whole(row, k, 3) * whole(k, column, 5));
      }
      if (!(d[128 * row + column] == sum)) {
        return false;
      }
    }
  }
  return true;
}

void products() {
  for (int layout = 0; layout < 4; layout++) {
    for (int depths : {1, 64, 333}) {
      auto d = product(layout, depths, 0);
      expect(
          d && right(*d, depths), "wgmma of layout " + std::to_string(layout) + " over "
                                      + std::to_string(depths) + " depths");
    }
  }
}

// By their numbers in smoke_hopper_kernels.cu. A mistake of a kind of layout is one there only.
void mistakes() {
#if defined(__SANITIZE_THREAD__)
  return;  // Some are data races, and are reported as such.
#endif
  struct {
    const char* name;
    std::vector<int> layouts;
  } all[] = {
      {"no wait for copies", {0, 3}},
      {"wrong parity", {0, 3}},
      {"no wait for a free stage", {0, 3}},
      {"a stage given back early", {0, 3}},
      {"wrong stride", {0, 1, 2, 3}},
      {"wrong leading offset", {0, 1}},
      {"wrong step", {1, 2, 3}},
      {"too few bytes", {3}},
      {"too many bytes", {3}},
      {"no fence", {3}},
      {"barriers not shown", {3}},
      {"stages not aligned", {0, 1, 2, 3}},
      {"sums read early", {3}},
      {"wrong transposition", {0, 1, 2, 3}},
      {"products not awaited", {3}},
      {"copies not awaited", {3}},
      {"one arrival too few", {3}},
  };
  int mistake = 1;
  for (const auto& one : all) {
    for (int layout : one.layouts) {
      auto d = product(layout, 333, mistake);
      expect(
          !(d && right(*d, 333)),
          std::string("unseen: ") + one.name + ", layout " + std::to_string(layout));
    }
    mistake++;
  }
  for (int layout = 0; layout < 4; layout++) {
    auto d = product(layout, 333, 0, 0);
    expect(!(d && right(*d, 333)), "unseen: no swizzle, layout " + std::to_string(layout));
  }
}

void bytes() {
  Session session;
  auto value = [](int row, int column, unsigned seed) {
    return static_cast<signed char>((row * 31 + column * 17) * static_cast<int>(seed) % 251 - 125);
  };
  std::vector<signed char> a(64 * 128), b(128 * 128);
  for (int row = 0; row < 128; row++) {
    for (int column = 0; column < 128; column++) {
      if (row < 64) {
        a[128 * row + column] = value(row, column, 3);
      }
      b[128 * row + column] = value(row, column, 7);
    }
  }
  Address da = device(a), db = device(b), dd = device(std::vector<int>(64 * 128, 0));
  Map map_a, map_b;
  expect_code(encode(map_a, da, bytes_type, 64, 128, 128, 64, 128), success, "map of a");
  expect_code(encode(map_b, db, bytes_type, 128, 128, 128, 128, 128), success, "map of b");
  int shared = 1024 + 3 * 64 * 128 + 64;
  expect_code(
      launch(
          kernel(image, "smoke_wgmma_bytes"), {1, 1, 1}, {128, 1, 1}, unsigned(shared), nullptr, dd,
          map_a, map_b),
      success, "wgmma of bytes");
  std::vector<int> d = host<int>(dd, 64 * 128);
  for (int row = 0; row < 64; row++) {
    for (int column = 0; column < 128; column++) {
      int sum = 0;
      for (int k = 0; k < 128; k++) {
        sum += value(row, k, 3) * value(column, k, 7);
      }
      expect(
          d[128 * row + column] == sum,
          "wgmma of bytes at " + std::to_string(row) + ", " + std::to_string(column));
    }
  }
  for (Address address : {da, db, dd}) {
    cuMemFree_v2(address);
  }
}

// Maps that a GPU's driver refuses.
void maps() {
  Session session;
  Address matrix = device(std::vector<unsigned short>(64 * 64));
  Map map;
  expect_code(encode(map, matrix, bf16_type, 64, 64, 128, 64, 64), success, "a map");
  expect_code(encode(map, matrix + 2, bf16_type, 63, 64, 128, 64, 64), invalid_value, "address");
  expect_code(encode(map, matrix, bf16_type, 32, 60, 120, 64, 64), invalid_value, "stride");
  expect_code(encode(map, matrix, bf16_type, 64, 64, 112, 64, 64), invalid_value, "short stride");
  expect_code(encode(map, matrix, bf16_type, 64, 64, 128, 257, 64), invalid_value, "rows of a box");
  expect_code(encode(map, matrix, bf16_type, 64, 64, 128, 64, 72), invalid_value, "swizzled row");
  expect_code(encode(map, matrix, bf16_type, 64, 64, 128, 64, 63), invalid_value, "odd box");
  expect_code(encode(map, matrix, bf16_type, 65, 64, 128, 64, 64), invalid_value, "beyond the end");
  cuMemFree_v2(matrix);
}

}  // namespace

void hopper_instructions() {
  products();
  mistakes();
  bytes();
  maps();
}
