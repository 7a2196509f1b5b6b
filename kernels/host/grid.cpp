#include "grid.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <thread>

#include "sanitizers.h"

namespace feedlight::host {

namespace {

struct Job {
  const Kernel& kernel;
  const Geometry& geometry;
  void** arguments;
  unsigned long long blocks;
  std::atomic<unsigned long long> next{0};
  std::atomic<bool> failed{false};
  std::string trouble{};  // guarded by the pool's mutex
};

// Shared memory of one block: addresses of 18 bits, as descriptors of matrices have them. What is
// dynamic begins where a GPU may let it begin, at a multiple of 16 and of no more.
class Window {
 public:
  Window() : bytes(static_cast<unsigned char*>(std::aligned_alloc(size, size))) {
    if (bytes == nullptr) {
      throw std::bad_alloc();
    }
  }
  ~Window() {
    sanitizer::allow(bytes, size);
    std::free(bytes);
  }
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  // So many bytes; a sanitizer sees an access to others.
  unsigned char* dynamic(std::size_t count) const {
    unsigned char* start = bytes + before;
    sanitizer::forbid(bytes, size);
    sanitizer::allow(start, count);
    return start;
  }

 private:
  static constexpr std::size_t before = 1024 + 16;
  static constexpr std::size_t size = 1 << 18;
  unsigned char* bytes;
};

void call(void* context) {
  Job& job = *static_cast<Job*>(context);
  job.kernel.call(job.kernel.function, job.arguments);
}

class Pool {
 public:
  Pool() {
    // Asynchronous signals are for the process's own threads.
    sigset_t blocked;
    sigset_t before;
    sigfillset(&blocked);
    for (int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT}) {
      sigdelset(&blocked, fault);
    }
    pthread_sigmask(SIG_SETMASK, &blocked, &before);
    for (int i = 0; i < workers(); i++) {
      std::thread([this] { work(); }).detach();
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  std::string run(Job& job) {
    std::lock_guard<std::mutex> one_grid(grids);
    std::unique_lock<std::mutex> lock(mutex);
    current = &job;
    generation++;
    if (job.blocks == 1) {
      wake.notify_one();
    } else {
      wake.notify_all();
    }
    finished.wait(lock, [&] { return busy == 0 && (job.next >= job.blocks || job.failed); });
    current = nullptr;
    return job.trouble;
  }

 private:
  void work() {
    Order order = Order::chosen();
    BlockRunner runner(order);
    Window shared;
    unsigned long long seen = 0;
    std::unique_lock<std::mutex> lock(mutex);
    for (;;) {
      wake.wait(lock, [&] { return current != nullptr && generation != seen; });
      seen = generation;
      Job& job = *current;
      busy++;
      lock.unlock();
      std::string trouble = blocks(job, runner, order, shared);
      lock.lock();
      busy--;
      if (!trouble.empty() && job.trouble.empty()) {
        job.trouble = trouble;
      }
      if (busy == 0) {
        finished.notify_all();
      }
    }
  }

  static std::string blocks(
      Job& job, BlockRunner& runner, Order order, const Window& shared) {
    const Geometry& g = job.geometry;
    Block block{{}, g.block, g.grid, shared.dynamic(g.shared_bytes), g.shared_bytes};
    while (!job.failed) {
      unsigned long long number = job.next++;
      if (number >= job.blocks) {
        break;
      }
      unsigned long long place =
          order.kind == Order::Kind::reverse ? job.blocks - 1 - number : number;
      block.index = {
          static_cast<unsigned>(place % g.grid.x),
          static_cast<unsigned>(place / g.grid.x % g.grid.y),
          static_cast<unsigned>(place / g.grid.x / g.grid.y)};
      // Shared memory starts undefined: NaN for floats.
      memset(block.shared, 0xFF, g.shared_bytes);
      std::string trouble = runner.run(block, place, &call, &job);
      if (!trouble.empty()) {
        job.failed = true;
        return trouble;
      }
    }
    return "";
  }

  std::mutex grids;
  std::mutex mutex;
  std::condition_variable wake;
  std::condition_variable finished;
  Job* current = nullptr;
  unsigned long long generation = 0;
  int busy = 0;
};

}  // namespace

int workers() {
  const char* text = getenv("FEEDLIGHT_STANDIN_THREADS");
  int wanted = text == nullptr ? 0 : atoi(text);
  int there = static_cast<int>(std::thread::hardware_concurrency());
  return wanted > 0 ? std::min(wanted, 64) : std::clamp(there, 1, 4);
}

std::string run_grid(const Kernel& kernel, const Geometry& geometry, void** arguments) {
  // Never destroyed: its threads live as long as the process.
  static auto* pool = new Pool();
  Job job{
      kernel, geometry, arguments,
      static_cast<unsigned long long>(geometry.grid.x) * geometry.grid.y * geometry.grid.z};
  return pool->run(job);
}

}  // namespace feedlight::host
