// Device memory of the stand-in: host memory that starts as NaN, with a canary before and after.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace feedlight::host {

class Memory {
 public:
  static constexpr std::size_t canary_bytes = 512;

  // Capacity of FEEDLIGHT_STANDIN_MEMORY in bytes, 2 GiB by default.
  Memory();

  // 0 if the capacity does not suffice.
  std::uintptr_t allocate(std::size_t bytes, const void* owner);

  enum class Freed { well, unknown, damaged };
  Freed release(std::uintptr_t address, std::string& message);

  // Whether the bytes lie in one allocation.
  bool holds(std::uintptr_t address, std::size_t bytes) const;

  // Start and size of the allocation around an address; false if there is none.
  bool around(std::uintptr_t address, std::uintptr_t& start, std::size_t& bytes) const;

  // Empty if every canary is whole.
  std::string damage() const;

  // Frees what an owner still holds; how many allocations and bytes that were.
  std::size_t release_all(const void* owner, std::size_t& bytes);

  std::size_t capacity() const { return capacity_; }
  std::size_t used() const { return used_; }

 private:
  struct Allocation {
    std::size_t bytes;
    const void* owner;
  };

  static std::string damage(std::uintptr_t address, std::size_t bytes);
  static std::string overwritten(const unsigned char* start, std::size_t bytes);
  void drop(std::map<std::uintptr_t, Allocation>::iterator at);

  std::map<std::uintptr_t, Allocation> allocations;
  std::size_t capacity_;
  std::size_t used_ = 0;
};

}  // namespace feedlight::host
