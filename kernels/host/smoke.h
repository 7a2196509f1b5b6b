// What the smoke tests share: expectations, device memory, launches by the driver's own functions.
#pragma once

#include <cmath>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "driver.h"

using namespace feedlight::host;
using Address = unsigned long long;

extern "C" {
int cuInit(unsigned);
int cuCtxCreate_v2(Context**, unsigned, int);
int cuCtxDestroy_v2(Context*);
int cuModuleLoadData(Module**, const void*);
int cuModuleGetFunction(Function**, Module*, const char*);
int cuMemAlloc_v2(Address*, std::size_t);
int cuMemFree_v2(Address);
int cuMemcpyHtoD_v2(Address, const void*, std::size_t);
int cuMemcpyDtoH_v2(void*, Address, std::size_t);
int cuStreamCreate(Stream**, unsigned);
int cuStreamDestroy_v2(Stream*);
int cuStreamSynchronize(void*);
int cuStreamBeginCapture_v2(Stream*, int);
int cuStreamEndCapture(Stream*, Graph**);
int cuGraphInstantiateWithFlags(void**, Graph*, unsigned long long);
int cuGraphLaunch(void*, void*);
int cuGraphDestroy(Graph*);
int cuGraphExecDestroy(void*);
int cuFuncSetAttribute(Function*, int, int);
int cuLaunchKernel(
    Function*, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, void*, void**,
    void**);
}

inline int failures = 0;

inline void expect(bool right, const std::string& what) {
  if (!right) {
    printf("FAILED: %s\n", what.c_str());
    failures++;
  }
}

inline void expect_code(int actual, int expected, const std::string& what) {
  expect(actual == expected,
         what + ": code " + std::to_string(actual) + ", expected " + std::to_string(expected));
}

// A context that is gone after the test, whatever sticks in it.
struct Session {
  Context* context;
  Session() {
    expect_code(cuCtxCreate_v2(&context, 0, 0), success, "context");
  }
  ~Session() { cuCtxDestroy_v2(context); }
};

inline Function* kernel(const char* image, const char* name) {
  Module* module = nullptr;
  std::string text = std::string("feedlight stand-in image ") + image + "\n";
  expect_code(cuModuleLoadData(&module, text.c_str()), success, std::string("module ") + image);
  Function* function = nullptr;
  expect_code(cuModuleGetFunction(&function, module, name), success, name);
  return function;
}

template <typename T>
Address device(const std::vector<T>& values) {
  Address address = 0;
  expect_code(cuMemAlloc_v2(&address, values.size() * sizeof(T)), success, "memory");
  expect_code(
      cuMemcpyHtoD_v2(address, values.data(), values.size() * sizeof(T)), success, "to device");
  return address;
}

template <typename T>
std::vector<T> host(Address address, std::size_t count) {
  std::vector<T> values(count);
  expect_code(cuMemcpyDtoH_v2(values.data(), address, count * sizeof(T)), success, "to host");
  return values;
}

template <typename... P>
int launch(
    Function* function, Extent grid, Extent block, unsigned shared, void* stream, P... arguments) {
  void* pointers[] = {&arguments...};
  return cuLaunchKernel(
      function, grid.x, grid.y, grid.z, block.x, block.y, block.z, shared, stream, pointers,
      nullptr);
}

inline std::vector<float> numbers(std::size_t count, unsigned seed) {
  std::vector<float> values(count);
  for (float& value : values) {
    seed = seed * 1664525u + 1013904223u;
    value = static_cast<float>(seed >> 8) * 0x1p-23f - 1.0f;
  }
  return values;
}
