// Asynchronous copies of one thread, as cp.async makes them: they are noted when they are begun and
// take place when the thread waits for their group, so that a missing wait shows.
#pragma once

#include <cstddef>
#include <cstring>
#include <vector>

namespace feedlight::host {

class Copies {
 public:
  // Of `whole` bytes at `to`, the first `bytes` come from `from`, the rest become 0. Until then the
  // target is undefined: it holds NaN.
  void begin(void* to, const void* from, int bytes, int whole) {
    memset(to, 0xFF, static_cast<std::size_t>(whole));
    copies.push_back({to, from, bytes, whole});
  }

  // Ends a group, which may be empty.
  void commit() { ends.push_back(copies.size()); }

  // Until at most `left` groups are under way, the youngest ones.
  void wait(std::size_t left) {
    if (ends.size() <= left) {
      return;
    }
    std::size_t groups = ends.size() - left;
    std::size_t count = ends[groups - 1];
    for (std::size_t i = 0; i < count; i++) {
      const Copy& copy = copies[i];
      memcpy(copy.to, copy.from, static_cast<std::size_t>(copy.bytes));
      memset(
          static_cast<char*>(copy.to) + copy.bytes, 0,
          static_cast<std::size_t>(copy.whole - copy.bytes));
    }
    copies.erase(copies.begin(), copies.begin() + static_cast<std::ptrdiff_t>(count));
    ends.erase(ends.begin(), ends.begin() + static_cast<std::ptrdiff_t>(groups));
    for (std::size_t& end : ends) {
      end -= count;
    }
  }

  // How many have been begun and not waited for.
  std::size_t under_way() const { return copies.size(); }

  void clear() {
    copies.clear();
    ends.clear();
  }

 private:
  struct Copy {
    void* to;
    const void* from;
    int bytes;
    int whole;
  };

  std::vector<Copy> copies;
  std::vector<std::size_t> ends;  // of groups, in copies
};

}  // namespace feedlight::host
