#include "memory.h"

#include <cstdlib>
#include <cstring>

#include "sanitizers.h"

namespace feedlight::host {

namespace {

constexpr unsigned char canary = 0xC5;
constexpr std::size_t alignment = 512;

// Allocations take room in whole units, as on a device.
std::size_t rounded(std::size_t bytes) { return (bytes + alignment - 1) / alignment * alignment; }

std::size_t configured() {
  const char* text = getenv("FEEDLIGHT_STANDIN_MEMORY");
  unsigned long long bytes = text == nullptr ? 0 : strtoull(text, nullptr, 10);
  return bytes > 0 ? static_cast<std::size_t>(bytes) : std::size_t{2} << 30;
}

}  // namespace

Memory::Memory() : capacity_(configured()) {}

std::uintptr_t Memory::allocate(std::size_t bytes, const void* owner) {
  if (bytes > capacity_ || rounded(bytes) > capacity_ - used_) {
    return 0;
  }
  void* memory = nullptr;
  if (posix_memalign(&memory, alignment, bytes + 2 * canary_bytes) != 0) {
    return 0;
  }
  auto* start = static_cast<unsigned char*>(memory) + canary_bytes;
  memset(start - canary_bytes, canary, canary_bytes);
  memset(start, 0xFF, bytes);
  memset(start + bytes, canary, canary_bytes);
  sanitizer::forbid(start - canary_bytes, canary_bytes);
  sanitizer::forbid(start + bytes, canary_bytes);
  auto address = reinterpret_cast<std::uintptr_t>(start);
  allocations[address] = {bytes, owner};
  used_ += rounded(bytes);
  return address;
}

std::string Memory::damage(std::uintptr_t address, std::size_t bytes) {
  auto* start = reinterpret_cast<unsigned char*>(address);
  sanitizer::allow(start - canary_bytes, canary_bytes);
  sanitizer::allow(start + bytes, canary_bytes);
  std::string found = overwritten(start, bytes);
  sanitizer::forbid(start - canary_bytes, canary_bytes);
  sanitizer::forbid(start + bytes, canary_bytes);
  return found;
}

std::string Memory::overwritten(const unsigned char* start, std::size_t bytes) {
  std::string what = "allocation of " + std::to_string(bytes) + " bytes: ";
  for (std::size_t i = 0; i < canary_bytes; i++) {
    if (start[bytes + i] != canary) {
      return what + "byte " + std::to_string(i) + " behind its end was overwritten";
    }
    if (start[-1 - static_cast<std::ptrdiff_t>(i)] != canary) {
      return what + "byte " + std::to_string(i + 1) + " before its start was overwritten";
    }
  }
  return "";
}

std::string Memory::damage() const {
  for (const auto& [address, allocation] : allocations) {
    std::string message = damage(address, allocation.bytes);
    if (!message.empty()) {
      return message;
    }
  }
  return "";
}

void Memory::drop(std::map<std::uintptr_t, Allocation>::iterator at) {
  used_ -= rounded(at->second.bytes);
  sanitizer::allow(reinterpret_cast<unsigned char*>(at->first) - canary_bytes, canary_bytes);
  sanitizer::allow(reinterpret_cast<unsigned char*>(at->first) + at->second.bytes, canary_bytes);
  free(reinterpret_cast<unsigned char*>(at->first) - canary_bytes);
  allocations.erase(at);
}

Memory::Freed Memory::release(std::uintptr_t address, std::string& message) {
  auto at = allocations.find(address);
  if (at == allocations.end()) {
    return Freed::unknown;
  }
  message = damage(address, at->second.bytes);
  drop(at);
  return message.empty() ? Freed::well : Freed::damaged;
}

bool Memory::around(std::uintptr_t address, std::uintptr_t& start, std::size_t& bytes) const {
  auto next = allocations.upper_bound(address);
  if (next == allocations.begin()) {
    return false;
  }
  --next;
  start = next->first;
  bytes = next->second.bytes;
  return address - start < bytes || (bytes == 0 && address == start);
}

bool Memory::holds(std::uintptr_t address, std::size_t bytes) const {
  std::uintptr_t start;
  std::size_t size;
  if (bytes == 0) {
    return true;
  }
  return around(address, start, size) && bytes <= size - (address - start);
}

std::size_t Memory::release_all(const void* owner, std::size_t& bytes) {
  std::size_t count = 0;
  bytes = 0;
  for (auto at = allocations.begin(); at != allocations.end();) {
    auto next = std::next(at);
    if (at->second.owner == owner) {
      count++;
      bytes += at->second.bytes;
      drop(at);
    }
    at = next;
  }
  return count;
}

}  // namespace feedlight::host
