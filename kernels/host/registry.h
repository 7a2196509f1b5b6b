// Kernels by name: FEEDLIGHT_KERNEL enters one, with its parameters' sizes and a function that
// unpacks the driver's array of pointers to arguments.
#pragma once

#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace feedlight::host {

struct Kernel {
  std::string name;
  std::string image;  // base name of its .cu file
  std::vector<std::size_t> sizes;
  void (*function)();
  void (*call)(void (*function)(), void** arguments);
};

// In the order of registration; addresses stay valid once the library is loaded.
std::vector<Kernel*>& kernels();

template <typename... P>
struct Call {
  template <std::size_t... I>
  static void spread(void (*function)(P...), void** arguments, std::index_sequence<I...>) {
    function(*static_cast<std::remove_cv_t<P>*>(arguments[I])...);
  }

  static void run(void (*function)(), void** arguments) {
    spread(
        reinterpret_cast<void (*)(P...)>(function), arguments, std::index_sequence_for<P...>{});
  }
};

struct Registration {
  template <typename... P>
  Registration(const char* name, const char* file, void (*function)(P...)) {
    static_assert((std::is_trivially_copyable_v<P> && ...), "parameters are copied by bytes");
    add(name, file, {sizeof(P)...}, reinterpret_cast<void (*)()>(function), &Call<P...>::run);
  }

 private:
  static void add(
      const char* name,
      const char* file,
      std::vector<std::size_t> sizes,
      void (*function)(),
      void (*call)(void (*)(), void**));
};

}  // namespace feedlight::host

#define FEEDLIGHT_KERNEL(name) \
  static const ::feedlight::host::Registration registration_of_##name(#name, __FILE__, &name);
