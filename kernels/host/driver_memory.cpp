// Memory, copies and fills of the stand-in driver.
#include <cstdlib>
#include <cstring>

#include "driver.h"

using namespace feedlight::host;

using Address = unsigned long long;

FEEDLIGHT_API cuMemGetInfo_v2(std::size_t* free_bytes, std::size_t* total) {
  Entry entry;
  *total = driver().memory.capacity();
  *free_bytes = *total - driver().memory.used();
  return entry.error;
}

FEEDLIGHT_API cuMemAlloc_v2(Address* address, std::size_t bytes) {
  Entry entry;
  if (entry.error != success) {
    return entry.error;
  }
  if (forbidden_by_capture()) {
    return capture_unsupported;
  }
  if (bytes == 0) {
    return invalid_value;
  }
  *address = driver().memory.allocate(bytes, context_stack().back());
  return *address == 0 ? out_of_memory : success;
}

FEEDLIGHT_API cuMemFree_v2(Address address) {
  Entry entry;
  if (entry.error != success) {
    return entry.error;
  }
  if (forbidden_by_capture()) {
    return capture_unsupported;
  }
  if (address == 0) {
    return success;
  }
  std::string message;
  switch (driver().memory.release(address, message)) {
    case Memory::Freed::well:
      return success;
    case Memory::Freed::unknown:
      return invalid_value;
    case Memory::Freed::damaged:
      break;
  }
  complain(message);
  return stick(illegal_address);
}

FEEDLIGHT_API cuMemAllocAsync(Address* address, std::size_t bytes, void*) {
  return cuMemAlloc_v2(address, bytes);
}

FEEDLIGHT_API cuMemFreeAsync(Address address, void*) { return cuMemFree_v2(address); }

FEEDLIGHT_API cuMemGetAddressRange_v2(Address* start, std::size_t* bytes, Address address) {
  Entry entry;
  std::uintptr_t first;
  std::size_t size;
  if (!driver().memory.around(address, first, size)) {
    return invalid_value;
  }
  if (start != nullptr) {
    *start = first;
  }
  if (bytes != nullptr) {
    *bytes = size;
  }
  return entry.error;
}

// Pinned memory is plain memory here.
FEEDLIGHT_API cuMemHostAlloc(void** memory, std::size_t bytes, unsigned) {
  Entry entry;
  if (entry.error != success) {
    return entry.error;
  }
  return posix_memalign(memory, 4096, bytes) == 0 ? success : out_of_memory;
}

FEEDLIGHT_API cuMemAllocHost_v2(void** memory, std::size_t bytes) {
  return cuMemHostAlloc(memory, bytes, 0);
}

FEEDLIGHT_API cuMemFreeHost(void* memory) {
  free(memory);
  return success;
}

FEEDLIGHT_API cuMemHostRegister_v2(void*, std::size_t, unsigned) { return success; }
FEEDLIGHT_API cuMemHostUnregister(void*) { return success; }

FEEDLIGHT_API cuMemHostGetDevicePointer_v2(Address* address, void* memory, unsigned) {
  *address = reinterpret_cast<Address>(memory);
  return success;
}

namespace {

// A side of a copy: an address, and whether it must lie in device memory.
struct Side {
  unsigned char* at;
  bool device;
};

Side device(Address address) { return {reinterpret_cast<unsigned char*>(address), true}; }

Side host(const void* memory) {
  return {const_cast<unsigned char*>(static_cast<const unsigned char*>(memory)), false};
}

bool holds(Side side, std::size_t bytes) {
  return !side.device || driver().memory.holds(reinterpret_cast<std::uintptr_t>(side.at), bytes);
}

int copy_now(Side to, Side from, std::size_t bytes) {
  if (!holds(to, bytes) || !holds(from, bytes)) {
    complain(
        "a copy of " + std::to_string(bytes) + " bytes leaves the allocation it "
        + (holds(to, bytes) ? "reads" : "writes"));
    return invalid_value;
  }
  memmove(to.at, from.at, bytes);
  return success;
}

int copy(Side to, Side from, std::size_t bytes) {
  Entry entry;
  if (entry.error != success) {
    return entry.error;
  }
  return forbidden_by_capture() ? capture_unsupported : copy_now(to, from, bytes);
}

int copy_async(Side to, Side from, std::size_t bytes, void* stream) {
  Entry entry;
  if (entry.error != success) {
    return entry.error;
  }
  return submit(stream, [=] { return copy_now(to, from, bytes); });
}

}  // namespace

FEEDLIGHT_API cuMemcpyHtoD_v2(Address to, const void* from, std::size_t bytes) {
  return copy(device(to), host(from), bytes);
}

FEEDLIGHT_API cuMemcpyDtoH_v2(void* to, Address from, std::size_t bytes) {
  return copy(host(to), device(from), bytes);
}

FEEDLIGHT_API cuMemcpyDtoD_v2(Address to, Address from, std::size_t bytes) {
  return copy(device(to), device(from), bytes);
}

FEEDLIGHT_API cuMemcpyHtoDAsync_v2(
    Address to, const void* from, std::size_t bytes, void* stream) {
  return copy_async(device(to), host(from), bytes, stream);
}

FEEDLIGHT_API cuMemcpyDtoHAsync_v2(void* to, Address from, std::size_t bytes, void* stream) {
  return copy_async(host(to), device(from), bytes, stream);
}

FEEDLIGHT_API cuMemcpyDtoDAsync_v2(Address to, Address from, std::size_t bytes, void* stream) {
  return copy_async(device(to), device(from), bytes, stream);
}

// CUDA_MEMCPY2D of cuda.h. Memory types: 1 host, 2 device.
struct Copy2D {
  std::size_t from_x, from_y;
  int from_type;
  const void* from_host;
  Address from_device;
  void* from_array;
  std::size_t from_pitch;
  std::size_t to_x, to_y;
  int to_type;
  void* to_host;
  Address to_device;
  void* to_array;
  std::size_t to_pitch;
  std::size_t width, height;
};

namespace {

Side row(const Copy2D& c, bool from, std::size_t number) {
  Side side = from ? (c.from_type == 2 ? device(c.from_device) : host(c.from_host))
                   : (c.to_type == 2 ? device(c.to_device) : host(c.to_host));
  side.at += from ? (c.from_y + number) * c.from_pitch + c.from_x
                  : (c.to_y + number) * c.to_pitch + c.to_x;
  return side;
}

bool supported(const Copy2D& c) {
  auto linear = [](int type) { return type == 1 || type == 2; };
  return linear(c.from_type) && linear(c.to_type);
}

int copy_rows(const Copy2D& c) {
  if (c.height > 1 && (c.width > c.from_pitch || c.width > c.to_pitch)) {
    return invalid_value;
  }
  for (std::size_t i = 0; i < c.height; i++) {
    int error = copy_now(row(c, false, i), row(c, true, i), c.width);
    if (error != success) {
      return error;
    }
  }
  return success;
}

}  // namespace

FEEDLIGHT_API cuMemcpy2D_v2(const Copy2D* c) {
  Entry entry;
  if (entry.error != success) {
    return entry.error;
  }
  if (!supported(*c)) {
    return not_supported;
  }
  return forbidden_by_capture() ? capture_unsupported : copy_rows(*c);
}
FEEDLIGHT_ALIAS(cuMemcpy2DUnaligned_v2, cuMemcpy2D_v2, const Copy2D*)

FEEDLIGHT_API cuMemcpy2DAsync_v2(const Copy2D* c, void* stream) {
  Entry entry;
  if (entry.error != success) {
    return entry.error;
  }
  if (!supported(*c)) {
    return not_supported;
  }
  return submit(stream, [kept = *c] { return copy_rows(kept); });
}

namespace {

template <typename T>
int set_now(Address to, T value, std::size_t count) {
  if (!driver().memory.holds(to, count * sizeof(T))) {
    complain("a fill of " + std::to_string(count * sizeof(T)) + " bytes leaves its allocation");
    return invalid_value;
  }
  T* at = reinterpret_cast<T*>(to);
  for (std::size_t i = 0; i < count; i++) {
    at[i] = value;
  }
  return success;
}

template <typename T>
int set(Address to, T value, std::size_t count) {
  Entry entry;
  if (entry.error != success) {
    return entry.error;
  }
  return forbidden_by_capture() ? capture_unsupported : set_now(to, value, count);
}

template <typename T>
int set_async(Address to, T value, std::size_t count, void* stream) {
  Entry entry;
  if (entry.error != success) {
    return entry.error;
  }
  return submit(stream, [=] { return set_now(to, value, count); });
}

}  // namespace

FEEDLIGHT_API cuMemsetD8_v2(Address to, unsigned char value, std::size_t count) {
  return set(to, value, count);
}

FEEDLIGHT_API cuMemsetD16_v2(Address to, unsigned short value, std::size_t count) {
  return set(to, value, count);
}

FEEDLIGHT_API cuMemsetD32_v2(Address to, unsigned value, std::size_t count) {
  return set(to, value, count);
}

FEEDLIGHT_API cuMemsetD8Async(Address to, unsigned char value, std::size_t count, void* stream) {
  return set_async(to, value, count, stream);
}

FEEDLIGHT_API cuMemsetD16Async(
    Address to, unsigned short value, std::size_t count, void* stream) {
  return set_async(to, value, count, stream);
}

FEEDLIGHT_API cuMemsetD32Async(Address to, unsigned value, std::size_t count, void* stream) {
  return set_async(to, value, count, stream);
}
