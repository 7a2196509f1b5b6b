// The instructions of tensor cores and of copies, each against a plain loop.
#include <cstdint>
#include <limits>

#include "smoke.h"

namespace {

constexpr const char* image = "smoke_mma_kernels";

// Small whole numbers: sums of their products are exact, in tf32 and bf16 too.
std::vector<float> whole(std::size_t count, unsigned seed) {
  std::vector<float> values = numbers(count, seed);
  for (float& value : values) {
    value = std::round(value * 9);
  }
  return values;
}

void product(const char* name, int depth) {
  Session session;
  std::vector<float> a = whole(16 * depth, 1), b = whole(depth * 8, 2), d = whole(16 * 8, 3);
  Address da = device(a), db = device(b), dd = device(d);
  expect_code(
      launch(kernel(image, name), {1, 1, 1}, {32, 1, 1}, 0, nullptr, dd, da, db), success, name);
  std::vector<float> result = host<float>(dd, d.size());
  for (int row = 0; row < 16; row++) {
    for (int column = 0; column < 8; column++) {
      float sum = d[8 * row + column];
      for (int k = 0; k < depth; k++) {
        sum += a[depth * row + k] * b[8 * k + column];
      }
      expect(
          result[8 * row + column] == sum,
          std::string(name) + " at " + std::to_string(row) + ", " + std::to_string(column));
    }
  }
  for (Address address : {da, db, dd}) {
    cuMemFree_v2(address);
  }
}

signed char byte_of(const std::vector<int>& words, int i) {
  return static_cast<signed char>(words[i / 4] >> (8 * (i % 4)));
}

std::vector<int> words(std::size_t count, unsigned seed) {
  std::vector<int> values(count);
  for (int& value : values) {
    seed = seed * 1664525u + 1013904223u;
    value = static_cast<int>(seed ^ seed >> 15);
  }
  return values;
}

void products_of_bytes() {
  Session session;
  std::vector<int> a = words(16 * 8, 1);
  std::vector<int> b = words(8 * 8, 2);
  std::vector<int> sums = words(16 * 8, 3);
  sums[0] = 0x7FFFFFFF;
  Address da = device(a), db = device(b), ds = device(sums);
  expect_code(
      launch(
          kernel(image, "smoke_mma_bytes"), {1, 1, 1}, {32, 1, 1}, 0, nullptr, ds, da,
          db),
      success, "mma_bytes");
  std::vector<int> actual = host<int>(ds, 16 * 8);
  for (int row = 0; row < 16; row++) {
    for (int column = 0; column < 8; column++) {
      unsigned expected = static_cast<unsigned>(sums[8 * row + column]);
      for (int k = 0; k < 32; k++) {
        expected += static_cast<unsigned>(byte_of(a, 32 * row + k) * byte_of(b, 32 * column + k));
      }
      expect(
          actual[8 * row + column] == static_cast<int>(expected),
          "product of bytes at " + std::to_string(row) + ", " + std::to_string(column));
    }
  }
  for (Address address : {da, db, ds}) {
    cuMemFree_v2(address);
  }
}

// Bits below tf32's last place do not count: 1 + 2^-11 is 1 to a tensor core.
void cut() {
  Session session;
  std::vector<float> a(16 * 8, 0), b(8 * 8, 0), d(16 * 8, 0);
  a[0] = 1 + 0x1p-11f;
  b[0] = 1 + 0x1p-10f;
  Address da = device(a), db = device(b), dd = device(d);
  expect_code(
      launch(
          kernel(image, "smoke_mma_tf32"), {1, 1, 1}, {32, 1, 1}, 0, nullptr, dd, da, db),
      success, "cut");
  expect(host<float>(dd, 1)[0] == 1 + 0x1p-10f, "the last 13 bits do not count");
  for (Address address : {da, db, dd}) {
    cuMemFree_v2(address);
  }
}

void matrices() {
  Session session;
  std::vector<int> elements(4 * 64);
  for (std::size_t i = 0; i < elements.size(); i++) {
    elements[i] = static_cast<int>(1000 + 7 * i);
  }
  Address from = device(elements);
  Address plain = device(std::vector<unsigned>(128)), other = device(std::vector<unsigned>(128));
  expect_code(
      launch(
          kernel(image, "smoke_load_matrices"), {1, 1, 1}, {32, 1, 1}, 512, nullptr, plain, other,
          from),
      success, "load_matrices");
  std::vector<unsigned> p = host<unsigned>(plain, 128), t = host<unsigned>(other, 128);
  for (int lane = 0; lane < 32; lane++) {
    for (int matrix = 0; matrix < 4; matrix++) {
      for (int half = 0; half < 2; half++) {
        int across = lane / 4, along = lane % 4 * 2 + half;
        std::string where = std::to_string(lane) + " of matrix " + std::to_string(matrix);
        int i = 4 * lane + matrix;
        expect(
            (p[i] >> 16 * half & 0xFFFF) == unsigned(elements[64 * matrix + 8 * across + along]),
            "lane " + where);
        expect(
            (t[i] >> 16 * half & 0xFFFF) == unsigned(elements[64 * matrix + 8 * along + across]),
            "transposed, lane " + where);
      }
    }
  }
  for (Address address : {from, plain, other}) {
    cuMemFree_v2(address);
  }
}

void copies() {
  Session session;
  std::vector<float> from = numbers(128, 4);
  Address df = device(from);
  Address results[3];
  for (Address& result : results) {
    result = device(std::vector<float>(256));
  }
  expect_code(
      launch(
          kernel(image, "smoke_copies"), {1, 1, 1}, {32, 1, 1}, 1024, nullptr, results[0],
          results[1], results[2], df),
      success, "copies");
  std::vector<float> early = host<float>(results[0], 256), middle = host<float>(results[1], 256),
                     late = host<float>(results[2], 256);
  for (int lane = 0; lane < 32; lane++) {
    for (int i = 0; i < 8; i++) {
      float piece = i < lane % 5 ? from[4 * lane + i] : 0;
      float single = lane % 2 == 1 ? from[4 * lane] : 0;
      int place = 8 * lane + i;
      std::string where = std::to_string(i) + " of lane " + std::to_string(lane);
      bool target = i < 5;
      expect(target ? std::isnan(early[place]) : early[place] == -1, "too early " + where);
      bool there = i < 4    ? middle[place] == piece
                   : target ? std::isnan(middle[place])
                            : middle[place] == -1;
      expect(there, "after one group " + where);
      expect(late[place] == (i < 4 ? piece : target ? single : -1), "after all " + where);
    }
  }
  for (Address address : {df, results[0], results[1], results[2]}) {
    cuMemFree_v2(address);
  }
}

// Nearest of the multiples of 2^(23 - bits) units around a number, by its definition.
double nearest(float value, int bits, bool ties_away) {
  int dropped = 23 - bits;
  std::uint32_t word;
  memcpy(&word, &value, 4);
  std::uint32_t below = word >> dropped << dropped, above = below + (1u << dropped);
  float down, up;
  memcpy(&down, &below, 4);
  memcpy(&up, &above, 4);
  double to_down = std::fabs(double(value) - down), to_up = std::fabs(double(up) - value);
  bool even = (below >> dropped & 1) == 0;
  return to_down < to_up || (to_down == to_up && !ties_away && even) ? down : up;
}

void rounding() {
  Session session;
  std::vector<float> values = numbers(224, 5);
  // Ties of both types, on even and odd numbers, of both signs; denormals; the largest.
  for (float sign : {1.0f, -1.0f}) {
    for (float last : {0.0f, 1.0f}) {
      values.push_back(sign * (1 + last * 0x1p-10f + 0x1p-11f));
      values.push_back(sign * (1 + last * 0x1p-7f + 0x1p-8f));
    }
  }
  values.insert(values.end(), {0x1p-130f, 3e-45f, 0.0f, -0.0f, 65504.0f, 1e38f});
  std::size_t finite = values.size();
  float infinity = std::numeric_limits<float>::infinity();
  values.insert(values.end(), {infinity, -infinity, NAN, -NAN, 0.0f});
  std::size_t count = values.size() - 1;
  Address dv = device(values), tf32 = device(std::vector<unsigned>(count)),
          pairs = device(std::vector<unsigned>(count));
  expect_code(
      launch(
          kernel(image, "smoke_round"), {1, 1, 1}, {unsigned(count), 1, 1}, 0, nullptr, tf32,
          pairs, dv),
      success, "round");
  std::vector<float> t = host<float>(tf32, count);
  std::vector<unsigned> p = host<unsigned>(pairs, count);
  auto bf16 = [](unsigned half) {
    std::uint32_t word = half << 16;
    float value;
    memcpy(&value, &word, 4);
    return value;
  };
  for (std::size_t i = 0; i < count; i++) {
    std::string where = std::to_string(values[i]);
    float low = bf16(p[i] & 0xFFFF);
    if (i < finite) {
      expect(t[i] == nearest(values[i], 10, true), "tf32 of " + where);
      expect(low == nearest(values[i], 7, false), "bf16 of " + where);
    } else if (std::isnan(values[i])) {
      expect(std::isnan(t[i]) && std::isnan(low), "NaN stays");
    } else {
      expect(t[i] == values[i] && low == values[i], "infinity stays");
    }
    if (i > 0) {
      expect(p[i] << 16 == (p[i - 1] & 0xFFFF0000u), "the second is in the upper half");
    }
  }
  for (Address address : {dv, tf32, pairs}) {
    cuMemFree_v2(address);
  }
}

void wrong_copy(const char* name) {
  Session session;
  Address from = device(std::vector<float>(32));
  expect_code(
      launch(kernel(image, name), {1, 1, 1}, {4, 1, 1}, 64, nullptr, from), illegal_instruction,
      name);
}

}  // namespace

void tensor_instructions() {
  product("smoke_mma_tf32", 8);
  product("smoke_mma_bf16", 16);
  products_of_bytes();
  cut();
  matrices();
  copies();
  rounding();
  wrong_copy("smoke_misaligned_copy");
  wrong_copy("smoke_forgotten_copy");
}
