// What the sanitizers must be told of fibers, which they cannot see by themselves. Without one of them
// everything here is empty.
//
// For ThreadSanitizer every thread of a CUDA block is a thread of its own: only the start and the end
// of a block, barriers and operations of a warp order what two of them do. A missing barrier is then
// a data race, and so are two blocks that write to one place.
#pragma once

#include <cstddef>

#if defined(FEEDLIGHT_SANITIZE_THREAD)

extern "C" {
void* __tsan_get_current_fiber();
void* __tsan_create_fiber(unsigned flags);
void __tsan_destroy_fiber(void* fiber);
void __tsan_switch_to_fiber(void* fiber, unsigned flags);
void __tsan_acquire(void* address);
void __tsan_release(void* address);
}

namespace feedlight::host::sanitizer {

constexpr unsigned without_order = 1;
constexpr bool sees_stacks = true;

inline void* current() { return __tsan_get_current_fiber(); }
inline void* create() { return __tsan_create_fiber(0); }
inline void destroy(void* fiber) { __tsan_destroy_fiber(fiber); }
inline void go_on_as(void* fiber) { __tsan_switch_to_fiber(fiber, without_order); }
inline void before(void* point) { __tsan_release(point); }
inline void after(void* point) { __tsan_acquire(point); }

}  // namespace feedlight::host::sanitizer

#else

namespace feedlight::host::sanitizer {

constexpr bool sees_stacks = false;

inline void* current() { return nullptr; }
inline void* create() { return nullptr; }
inline void destroy(void*) {}
inline void go_on_as(void*) {}
inline void before(void*) {}
inline void after(void*) {}

}  // namespace feedlight::host::sanitizer

#endif

#if defined(__SANITIZE_ADDRESS__)

extern "C" {
void __asan_poison_memory_region(const volatile void* address, std::size_t bytes);
void __asan_unpoison_memory_region(const volatile void* address, std::size_t bytes);
}

namespace feedlight::host::sanitizer {

inline void forbid(void* at, std::size_t bytes) { __asan_poison_memory_region(at, bytes); }
inline void allow(void* at, std::size_t bytes) { __asan_unpoison_memory_region(at, bytes); }

}  // namespace feedlight::host::sanitizer

#else

namespace feedlight::host::sanitizer {

inline void forbid(void*, std::size_t) {}
inline void allow(void*, std::size_t) {}

}  // namespace feedlight::host::sanitizer

#endif
