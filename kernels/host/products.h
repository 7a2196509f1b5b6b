// What a thread has given to the tensor cores of its warpgroup and not waited for (wgmma). Products
// are computed as late as a GPU may compute them, when they are waited for, with what lies in shared
// memory then; until then the registers of their sums are undefined. So a missing wait shows, and so
// does a stage of shared memory that is given back too early.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <vector>

namespace feedlight::host {

class Products {
 public:
  struct Product;

  // Computes one instruction for all threads of a warpgroup.
  using Compute = void (*)(const Product* (&threads)[128]);

  struct Product {
    Compute compute;
    unsigned long long left;  // descriptor, 0 for a matrix in registers
    unsigned long long right;
    unsigned registers[4];  // the thread's of the left matrix
    bool from_zero;
    unsigned* sums;

    bool is_of_one_instruction_with(const Product& other) const {
      return compute == other.compute && left == other.left && right == other.right
             && from_zero == other.from_zero;
    }
  };

  // Registers that the thread has touched may be given to products.
  void fence() { fenced = true; }

  // Takes a product whose sums are so many registers. Null, or what is wrong.
  const char* issue(Product product, void* registers, std::size_t count) {
    auto own = std::find_if(held.begin(), held.end(), [&](const std::unique_ptr<Held>& one) {
      return one->registers == registers;
    });
    if (own == held.end()) {
      if (!fenced) {
        return "a product takes registers that no fence has given to it";
      }
      held.push_back(std::make_unique<Held>());
      own = held.end() - 1;
      auto* words = static_cast<unsigned*>(registers);
      **own = {registers, {words, words + count}, 0};
      memset(registers, 0xFF, count * sizeof(unsigned));
    }
    (*own)->in_flight++;
    product.sums = (*own)->words.data();
    products.push_back(product);
    return nullptr;
  }

  // Ends a group, which may be empty.
  void commit() { ends.push_back(products.size()); }

  // Those that are waited for if so many groups may stay under way, the youngest ones.
  void wait_for(std::size_t left) {
    groups = ends.size() > left ? ends.size() - left : 0;
    awaited = groups == 0 ? 0 : ends[groups - 1];
  }

  std::size_t awaited_count() const { return awaited; }
  const Product& at(std::size_t i) const { return products[i]; }

  // They are computed: sums of which nothing is under way are the thread's again.
  void retire() {
    for (std::size_t i = 0; i < awaited; i++) {
      for (auto own = held.begin(); own != held.end(); own++) {
        if ((*own)->words.data() == products[i].sums && --(*own)->in_flight == 0) {
          memcpy((*own)->registers, products[i].sums, (*own)->words.size() * sizeof(unsigned));
          held.erase(own);
          fenced = false;
          break;
        }
      }
    }
    products.erase(products.begin(), products.begin() + static_cast<std::ptrdiff_t>(awaited));
    ends.erase(ends.begin(), ends.begin() + static_cast<std::ptrdiff_t>(groups));
    for (std::size_t& end : ends) {
      end -= awaited;
    }
  }

  std::size_t under_way() const { return products.size(); }

  void clear() {
    products.clear();
    ends.clear();
    held.clear();
    fenced = false;
  }

 private:
  // Registers that belong to products under way, and what stands in them.
  struct Held {
    void* registers;
    std::vector<unsigned> words;
    int in_flight;
  };

  std::vector<Product> products;
  std::vector<std::size_t> ends;  // of groups, in products
  std::vector<std::unique_ptr<Held>> held;
  std::size_t groups = 0;
  std::size_t awaited = 0;
  bool fenced = false;
};

}  // namespace feedlight::host
