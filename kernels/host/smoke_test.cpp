// The stand-in driver by itself: kernels against plain loops, wrong kernels, memory, graphs. Linked
// with the driver's objects; loads the library as well, as JCuda does.
#include <dlfcn.h>

#include "smoke.h"

void hopper_instructions();
void tensor_instructions();

namespace {

void linear_forward() {
  Session session;
  const long long batch = 67, inputs = 131, outputs = 70;
  std::vector<float> x = numbers(batch * inputs, 1);
  std::vector<float> w = numbers(outputs * inputs, 2);
  std::vector<float> b = numbers(outputs, 3);
  Address dx = device(x), dw = device(w), db = device(b);
  Address dy = device(std::vector<float>(batch * outputs, NAN));
  Address dz = device(std::vector<float>(batch * outputs, NAN));
  expect_code(
      launch(
          kernel("linear", "fl_linear_forward"), {2, 2, 1}, {128, 1, 1}, 0, nullptr, dy, dz, dx, dw,
          db, 1, batch, inputs, outputs, outputs, outputs, inputs),
      success, "linear_forward");
  std::vector<float> y = host<float>(dy, batch * outputs);
  std::vector<float> z = host<float>(dz, batch * outputs);
  double worst = 0;
  for (long long i = 0; i < batch; i++) {
    for (long long j = 0; j < outputs; j++) {
      double sum = b[j];
      for (long long k = 0; k < inputs; k++) {
        sum += static_cast<double>(x[i * inputs + k]) * w[j * inputs + k];
      }
      worst = std::fmax(worst, std::fabs(sum - z[i * outputs + j]));
      float relu = z[i * outputs + j] <= 0 ? 0 : z[i * outputs + j];
      expect(y[i * outputs + j] == relu, "relu of z");
    }
  }
  // 132 terms of at most 1: (4 sqrt(132) + 4) 2^-24 132.
  expect(worst <= 4e-4, "linear_forward off by " + std::to_string(worst));
  for (Address address : {dx, dw, db, dy, dz}) {
    expect_code(cuMemFree_v2(address), success, "free");
  }
}

// Sums over blocks by shared memory and warps, then over the blocks' sums.
void losses() {
  Session session;
  constexpr long long batch = 7, classes = 300, label_of_all = 5;
  std::vector<float> z = numbers(batch * classes, 3);
  Address error = device(std::vector<float>(batch * classes, 0));
  Address rows = device(std::vector<double>(batch, 0));
  Address status = device(std::vector<int>(1, 0));
  Address logits = device(z);
  Address labels = device(std::vector<int>(batch, label_of_all));
  Address loss = device(std::vector<float>(1, 0));
  expect_code(
      launch(
          kernel("loss", "fl_softmax_cross_entropy_rows"), {batch, 1, 1}, {256, 1, 1}, 0, nullptr,
          error, rows, status, Address{0}, logits, labels, batch, classes, classes, classes),
      success, "softmax");
  expect_code(
      launch(
          kernel("loss", "fl_loss_mean"), {1, 1, 1}, {256, 1, 1}, 0, nullptr, loss, rows, batch,
          batch),
      success, "mean");
  double expected = 0;
  for (long long row = 0; row < batch; row++) {
    double sum = 0;
    for (long long c = 0; c < classes; c++) {
      sum += std::exp(static_cast<double>(z[row * classes + c]));
    }
    expected += (std::log(sum) - z[row * classes + label_of_all]) / batch;
  }
  float actual = host<float>(loss, 1)[0];
  expect(std::fabs(actual - expected) <= 1e-5, "loss of " + std::to_string(actual));
  float total = 0;
  for (float value : host<float>(error, batch * classes)) {
    total += value;
  }
  expect(std::fabs(total) <= 1e-5, "errors that sum to " + std::to_string(total));

  std::vector<float> gradient = numbers(5000, 9);
  Address values = device(gradient);
  Address parts = device(std::vector<double>(2, 0));
  expect_code(
      launch(
          kernel("training", "fl_gradient_norm_parts"), {2, 1, 1}, {256, 1, 1}, 0, nullptr, parts,
          values, 5000LL),
      success, "squares");
  double squares = 0;
  for (float value : gradient) {
    squares += static_cast<double>(value) * value;
  }
  std::vector<double> sums = host<double>(parts, 2);
  expect(std::fabs(sums[0] + sums[1] - squares) <= 1e-9 * squares, "sums of squares");
  for (Address address : {error, rows, status, logits, labels, loss, values, parts}) {
    cuMemFree_v2(address);
  }
}

void barriers_and_warps() {
  Session session;
  std::vector<int> values(64 * 3);
  for (int i = 0; i < 64 * 3; i++) {
    values[i] = i;
  }
  Address data = device(values);
  Function* reverse = kernel("smoke_kernels", "smoke_reverse");
  expect_code(launch(reverse, {3, 1, 1}, {64, 1, 1}, 256, nullptr, data), success, "reverse");
  std::vector<int> reversed = host<int>(data, 64 * 3);
  for (int i = 0; i < 64 * 3; i++) {
    expect(reversed[i] == i / 64 * 64 + 63 - i % 64, "reverse at " + std::to_string(i));
  }
  Address sums = device(std::vector<int>(48, -1));
  Address neighbours = device(std::vector<int>(48, -1));
  Address votes = device(std::vector<unsigned>(48, 0));
  expect_code(
      launch(
          kernel("smoke_kernels", "smoke_warp"), {1, 1, 1}, {48, 1, 1}, 0, nullptr, sums,
          neighbours, votes),
      success, "warp");
  std::vector<int> s = host<int>(sums, 48);
  std::vector<int> n = host<int>(neighbours, 48);
  std::vector<unsigned> v = host<unsigned>(votes, 48);
  for (int i = 0; i < 48; i++) {
    int last = i < 32 ? 31 : 15;
    expect(s[i] == (i % 32 < 16 ? 120 : 376), "sum of half a warp at " + std::to_string(i));
    expect(n[i] == (i % 32 == last ? i % 32 : i % 32 + 1), "neighbour " + std::to_string(i));
    expect(v[i] == (i < 32 ? 0x49249249u : 0x00009249u), "vote " + std::to_string(i));
  }
  for (Address address : {data, sums, neighbours, votes}) {
    cuMemFree_v2(address);
  }
}

void wrong_kernel(const char* name) {
  Session session;
  Address data = device(std::vector<int>(64, 0));
  expect_code(
      launch(kernel("smoke_kernels", name), {1, 1, 1}, {32, 1, 1}, 0, nullptr, data),
      illegal_instruction, name);
  Address more = 0;
  expect_code(cuMemAlloc_v2(&more, 16), illegal_instruction, "the error sticks");
}

[[maybe_unused]] void canary() {
  Session session;
  Address data = device(std::vector<int>(10, 0));
  expect_code(
      launch(
          kernel("smoke_kernels", "smoke_overrun"), {1, 1, 1}, {1, 1, 1}, 0, nullptr, data, 10LL),
      success, "overrun");
  expect_code(cuMemFree_v2(data), illegal_address, "canary");
}

void memory() {
  Session session;
  Address address = 0;
  expect_code(cuMemAlloc_v2(&address, std::size_t{1} << 40), out_of_memory, "too much memory");
  expect_code(cuMemAlloc_v2(&address, 100), success, "afterwards");
  std::vector<unsigned char> bytes = host<unsigned char>(address, 100);
  expect(bytes[0] == 0xFF && bytes[99] == 0xFF, "memory starts undefined");
  expect_code(cuMemcpyDtoH_v2(bytes.data(), address + 1, 100), invalid_value, "range");
  expect_code(cuMemFree_v2(address), success, "free");
  expect_code(cuMemFree_v2(address), invalid_value, "free twice");
  Module* module = nullptr;
  expect_code(cuModuleLoadData(&module, "\x50\xed\x55\xba"), invalid_image, "a real fatbin");
}

void graph() {
  Session session;
  Stream* stream = nullptr;
  cuStreamCreate(&stream, 1);
  Function* count = kernel("smoke_kernels", "smoke_count");
  Address counter = device(std::vector<int>(1, 0));
  expect_code(cuStreamBeginCapture_v2(stream, 0), success, "begin");
  expect_code(launch(count, {1, 1, 1}, {1, 1, 1}, 0, stream, counter), success, "first node");
  expect_code(launch(count, {1, 1, 1}, {1, 1, 1}, 0, stream, counter), success, "second node");
  Graph* recorded = nullptr;
  expect_code(cuStreamEndCapture(stream, &recorded), success, "end");
  expect(host<int>(counter, 1)[0] == 0, "a capture runs nothing");
  void* executable = nullptr;
  expect_code(cuGraphInstantiateWithFlags(&executable, recorded, 0), success, "instantiate");
  for (int i = 0; i < 3; i++) {
    expect_code(cuGraphLaunch(executable, stream), success, "replay");
  }
  expect_code(cuStreamSynchronize(stream), success, "wait");
  expect(host<int>(counter, 1)[0] == 6, "three replays of two nodes");
  cuGraphExecDestroy(executable);
  cuGraphDestroy(recorded);

  expect_code(cuStreamBeginCapture_v2(stream, 0), success, "begin again");
  expect_code(cuStreamSynchronize(stream), capture_unsupported, "waiting while capturing");
  expect_code(cuStreamEndCapture(stream, &recorded), capture_invalidated, "end of it");
  cuStreamDestroy_v2(stream);
  cuMemFree_v2(counter);
}

// As a JVM loads it: late, with little room for thread-local memory.
void library(const char* path) {
  void* loaded = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  expect(loaded != nullptr, std::string("loading ") + path);
  if (loaded == nullptr) {
    printf("%s\n", dlerror());
    return;
  }
  auto find = [&](const char* name) {
    void* found = dlsym(loaded, name);
    expect(found != nullptr, name);
    return found;
  };
  auto init = reinterpret_cast<int (*)(unsigned)>(find("cuInit"));
  auto create = reinterpret_cast<int (*)(void**, unsigned, int)>(find("cuCtxCreate_v2"));
  auto load = reinterpret_cast<int (*)(void**, const void*)>(find("cuModuleLoadData"));
  auto function = reinterpret_cast<int (*)(void**, void*, const char*)>(find("cuModuleGetFunction"));
  auto allocate = reinterpret_cast<int (*)(Address*, std::size_t)>(find("cuMemAlloc_v2"));
  auto read = reinterpret_cast<int (*)(void*, Address, std::size_t)>(find("cuMemcpyDtoH_v2"));
  auto run = reinterpret_cast<decltype(&cuLaunchKernel)>(find("cuLaunchKernel"));
  if (failures > 0) {
    return;
  }
  void* context;
  void* module;
  void* f;
  Address loss;
  Address parts;
  expect_code(init(0), success, "library: cuInit");
  expect_code(create(&context, 0, 0), success, "library: context");
  expect_code(load(&module, "feedlight stand-in image loss\n"), success, "library: module");
  expect_code(function(&f, module, "fl_loss_mean"), success, "library: function");
  expect(allocate(&loss, 4) == success && allocate(&parts, 8) == success, "library: memory");
  *reinterpret_cast<double*>(parts) = 3.0;
  long long count = 1;
  long long divisor = 2;
  void* arguments[] = {&loss, &parts, &count, &divisor};
  expect_code(
      run(static_cast<Function*>(f), 1, 1, 1, 256, 1, 1, 0, nullptr, arguments, nullptr), success,
      "library: launch");
  float value = 0;
  expect_code(read(&value, loss, 4), success, "library: copy");
  expect(value == 1.5f, "library: loss of " + std::to_string(value));
}

}  // namespace

// For sanitizers, which end the process: a kernel that nothing else finds wrong.
int only(const char* name) {
  Session session;
  Address data = device(std::vector<int>(64, 1));
  void* stream = nullptr;
  return launch(kernel("smoke_kernels", name), {1, 1, 1}, {64, 1, 1}, 64 * 4, stream, data);
}

int main(int count, char** arguments) {
  expect_code(cuInit(0), success, "cuInit");
  if (count > 2) {
    return only(arguments[2]);
  }
  linear_forward();
  losses();
  barriers_and_warps();
  tensor_instructions();
  hopper_instructions();
  wrong_kernel("smoke_divergent");
  wrong_kernel("smoke_early_end");
#if !defined(__SANITIZE_ADDRESS__)
  canary();  // AddressSanitizer would end the process at the store
#endif
  memory();
  graph();
  if (count > 1) {
    library(arguments[1]);
  }
  printf(failures == 0 ? "all right\n" : "%d failures\n", failures);
  return failures == 0 ? 0 : 1;
}
