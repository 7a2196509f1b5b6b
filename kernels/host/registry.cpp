#include "registry.h"

namespace feedlight::host {

std::vector<Kernel*>& kernels() {
  // Never freed: launches may still run while the process ends.
  static auto* all = new std::vector<Kernel*>();
  return *all;
}

void Registration::add(
    const char* name,
    const char* file,
    std::vector<std::size_t> sizes,
    void (*function)(),
    void (*call)(void (*)(), void**)) {
  std::string image = file;
  image = image.substr(image.find_last_of('/') + 1);
  image = image.substr(0, image.find_last_of('.'));
  kernels().push_back(new Kernel{name, image, std::move(sizes), function, call});
}

}  // namespace feedlight::host
