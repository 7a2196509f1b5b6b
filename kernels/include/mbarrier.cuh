// Barriers in shared memory whose phases are counted (mbarrier of sm_90). A phase ends when so many
// threads have arrived and all bytes that were announced in it have been copied; then the next one
// begins. The phases of a barrier have parities 0, 1, 0, 1 ...; a thread waits for the end of a phase
// by its parity, so it must not lag two phases behind. "The phase before the first" has parity 1 and
// has ended.
//
// The twin for the CPU counts as "mbarrier" of the PTX manual states it. A thread that waits for what
// never comes is told with the barrier's state; so are barriers that were not made, more arrivals
// than a phase has, and more bytes than were announced.
#pragma once

#include "feedlight.cuh"
#include "shared_address.cuh"

typedef unsigned long long FlBarrier;

#if defined(__CUDACC__)

// Makes a barrier for so many arrivals a phase; by one thread, before fl_barrier_made().
__device__ inline void fl_barrier_make(FlBarrier* barrier, int arrivals) {
  asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(fl_shared_address(barrier)),
               "r"(arrivals)
               : "memory");
}

// Shows the barriers that this thread has made to copies in the background, and to the threads that
// it meets at a barrier of the block next.
__device__ inline void fl_barriers_made() {
  asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
  asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
}

__device__ inline void fl_barrier_arrive(FlBarrier* barrier) {
  asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];" ::"r"(fl_shared_address(barrier))
               : "memory");
}

// Announces so many bytes, and arrives.
__device__ inline void fl_barrier_expect(FlBarrier* barrier, int bytes) {
  asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(
                   fl_shared_address(barrier)),
               "r"(bytes)
               : "memory");
}

// Until the phase of this parity has ended.
__device__ inline void fl_barrier_wait(FlBarrier* barrier, int parity) {
  int ended;
  do {
    asm volatile(
        "{\n"
        "  .reg .pred ended;\n"
        "  mbarrier.try_wait.parity.shared::cta.b64 ended, [%1], %2;\n"
        "  selp.b32 %0, 1, 0, ended;\n"
        "}"
        : "=r"(ended)
        : "r"(fl_shared_address(barrier)), "r"(parity)
        : "memory");
  } while (ended == 0);
}

#else

namespace feedlight::host {

// What a barrier holds in its 64 bits; shared memory that was not written reads as all ones.
struct BarrierState {
  unsigned long long arrivals : 12;
  unsigned long long missing : 12;
  long long bytes : 22;  // announced and not copied yet
  unsigned long long parity : 1;  // of the phase that runs
  unsigned long long shown : 1;   // to copies in the background
  unsigned long long mark : 16;

  static constexpr unsigned made = 0x5B1E;

  // Threads touch a barrier at any time, as on a GPU; made_ready and point_passed order what they do
  // around it. So to a sanitizer its own bits are no race.
  static BarrierState of(const FlBarrier* barrier) {
    FlBarrier bits = __atomic_load_n(barrier, __ATOMIC_RELAXED);
    BarrierState state;
    memcpy(&state, &bits, sizeof state);
    return state;
  }

  void put(FlBarrier* barrier) const {
    FlBarrier bits;
    memcpy(&bits, this, sizeof bits);
    __atomic_store_n(barrier, bits, __ATOMIC_RELAXED);
  }

  void end_phase_if_complete() {
    if (missing == 0 && bytes == 0) {
      missing = arrivals;
      parity ^= 1;
    }
  }
};

static_assert(sizeof(BarrierState) == sizeof(FlBarrier), "as on a GPU");

inline BarrierState barrier_state(const FlBarrier* barrier) {
  require_aligned(barrier, 8);
  require_shared(barrier, sizeof *barrier);
  BarrierState state = BarrierState::of(barrier);
  if (state.mark != BarrierState::made) {
    fault("an mbarrier was not made");
  }
  return state;
}

inline void arrive(FlBarrier* barrier, int bytes) {
  BarrierState state = barrier_state(barrier);
  if (state.missing == 0) {
    fault("more threads arrive at an mbarrier than its phase has");
  }
  if (bytes < 0 || state.bytes + bytes >= 1 << 20) {
    fault("an mbarrier cannot count " + std::to_string(state.bytes + bytes) + " bytes");
  }
  state.bytes += bytes;
  state.missing--;
  state.end_phase_if_complete();
  state.put(barrier);
  made_ready(barrier);
}

// By what copies in the background; the rest of the block may be anywhere.
inline std::string count_copied(FlBarrier* barrier, int bytes) {
  BarrierState state = BarrierState::of(barrier);
  if (state.mark != BarrierState::made) {
    return "a bulk copy completes on an mbarrier that is gone";
  }
  // A phase may run into negative numbers before its bytes are announced, not after.
  if (state.missing == 0 && state.bytes < bytes) {
    return "a bulk copy of " + std::to_string(bytes) + " bytes completes where "
           + std::to_string(state.bytes) + " are announced";
  }
  state.bytes -= bytes;
  state.end_phase_if_complete();
  state.put(barrier);
  made_ready(barrier);
  return "";
}

struct PhaseOfBarrier {
  const FlBarrier* barrier;
  int parity;
};

// By the scheduler, which looks at what lies on the stack of a thread that waits: sanitizers cannot
// know that this is in order.
__attribute__((no_sanitize("thread"))) inline bool phase_has_ended(const void* what) {
  auto* phase = static_cast<const PhaseOfBarrier*>(what);
  return (int)BarrierState::of(phase->barrier).parity != phase->parity;
}

__attribute__((no_sanitize("thread"))) inline std::string describe_phase(const void* what) {
  auto* phase = static_cast<const PhaseOfBarrier*>(what);
  BarrierState state = BarrierState::of(phase->barrier);
  return "the phase of parity " + std::to_string(phase->parity) + " of an mbarrier lacks "
         + std::to_string((int)state.missing) + " of " + std::to_string((int)state.arrivals)
         + " arrivals and " + std::to_string((int)state.bytes) + " bytes";
}

}  // namespace feedlight::host

inline void fl_barrier_make(FlBarrier* barrier, int arrivals) {
  using namespace feedlight::host;
  require_aligned(barrier, 8);
  require_shared(barrier, sizeof *barrier);
  BarrierState state{};
  state.arrivals = (unsigned)arrivals;
  state.missing = (unsigned)arrivals;
  state.mark = BarrierState::made;
  state.put(barrier);
  running->made_barriers.push_back(barrier);
}

inline void fl_barriers_made() {
  using namespace feedlight::host;
  for (void* made : running->made_barriers) {
    auto* barrier = static_cast<FlBarrier*>(made);
    BarrierState state = barrier_state(barrier);
    state.shown = 1;
    state.put(barrier);
  }
  running->made_barriers.clear();
}

inline void fl_barrier_arrive(FlBarrier* barrier) { feedlight::host::arrive(barrier, 0); }

inline void fl_barrier_expect(FlBarrier* barrier, int bytes) {
  feedlight::host::arrive(barrier, bytes);
}

inline void fl_barrier_wait(FlBarrier* barrier, int parity, FEEDLIGHT_SITE) {
  using namespace feedlight::host;
  barrier_state(barrier);
  PhaseOfBarrier phase{barrier, parity};
  wait_until(&phase, phase_has_ended, describe_phase, {file, line});
  point_passed(barrier);
}

#endif
