#include "fibers.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <new>
#include <numeric>
#include <utility>
#include <vector>

#include "sanitizers.h"

#if !defined(__x86_64__) || !defined(__linux__)
#error "the context switch below is written for x86-64 Linux"
#endif

// void feedlight_switch(void** save, void* resume): keeps what the System V ABI asks a function to
// preserve on the stack, saves the stack pointer, and goes on where another switch left off.
asm(R"(
.text
.globl feedlight_switch
.hidden feedlight_switch
.type feedlight_switch, @function
feedlight_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size feedlight_switch, .-feedlight_switch
)");

extern "C" __attribute__((visibility("hidden"))) void feedlight_switch(void** save, void* resume);

namespace feedlight::host {

constinit thread_local Running* running = nullptr;

bool Site::operator==(const Site& other) const {
  return line == other.line && strcmp(file, other.file) == 0;
}

namespace {

constexpr std::size_t stack_bytes = 256 * 1024;
constexpr int max_threads = 1024;

enum class Status { fresh, ready, at_barrier, in_warp, in_group, until, done };

struct Thread : Running {
  Status status;
  int number;
  Site site;
  unsigned mask;
  const void* awaited;  // by wait_until, and so the next two
  bool (*is_ready)(const void*);
  std::string (*description)(const void*);
  void* stack_pointer;
  void* seen_as = nullptr;  // by a sanitizer, for all threads of this number one after the other
};

// An operation of a warp that some lanes have reached.
struct Meeting {
  unsigned arrived;
  unsigned mask;
  Site site;
  Lanes lanes;
};

// The same of a warpgroup.
struct GroupMeeting {
  int arrived;
  Site site;
  void* deposits[128];
};

void* stack_of(std::vector<void*>& stacks, std::size_t number) {
  while (stacks.size() <= number) {
    void* memory = mmap(
        nullptr, stack_bytes, PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (memory == MAP_FAILED) {
      throw std::bad_alloc();
    }
    // An overflow faults instead of running into the neighbour.
    mprotect(memory, static_cast<std::size_t>(sysconf(_SC_PAGESIZE)), PROT_NONE);
    stacks.push_back(memory);
  }
  return stacks[number];
}

std::string at(Site site) {
  std::string file = site.file;
  return file.substr(file.find_last_of('/') + 1) + ":" + std::to_string(site.line);
}

std::string triple(Extent e) {
  return "(" + std::to_string(e.x) + ", " + std::to_string(e.y) + ", " + std::to_string(e.z) + ")";
}

}  // namespace

struct BlockRunner::State {
  Order order;
  Block* block = nullptr;
  void (*body)(void*) = nullptr;
  void* context = nullptr;
  std::vector<Thread> threads;
  std::vector<int> sequence;
  std::vector<Meeting> meetings;
  std::vector<GroupMeeting> group_meetings;
  std::vector<std::function<std::string()>> idle_work;
  std::uint64_t idle_random = 0;
  std::vector<void*> stacks;
  std::size_t stacks_used = 0;
  std::size_t next_fresh = 0;  // in the sequence
  int done = 0;
  int waiting = 0;
  Thread* current = nullptr;
  void* scheduler = nullptr;
  void* scheduler_seen_as = nullptr;
  char block_begin = 0;  // points of order for a sanitizer
  char block_end = 0;
  char barrier = 0;
  char idle = 0;
  std::string trouble;

  void start_fiber();
  void yield();
  void resume(Thread& thread);
  bool open_barrier(int count);
  void do_idle_work();
  [[noreturn]] void fail(const std::string& message);
  std::string stuck();
  void forget_threads();
};

namespace {

thread_local BlockRunner::State* runner = nullptr;

// A fiber runs one thread after the other until one of them has waited: then the stack was that
// thread's own, and the fiber ends with it. ThreadSanitizer would take two threads on one stack for a
// race.
void fiber_main() {
  BlockRunner::State& s = *runner;
  while (s.trouble.empty() && s.next_fresh < s.sequence.size()) {
    Thread& thread = s.threads[s.sequence[s.next_fresh++]];
    thread.status = Status::ready;
    s.current = &thread;
    running = &thread;
    std::size_t started = s.stacks_used;
    std::size_t fresh = s.next_fresh;
    if (thread.seen_as == nullptr) {
      thread.seen_as = sanitizer::create();
    }
    sanitizer::go_on_as(thread.seen_as);
    sanitizer::after(&s.block_begin);
    s.body(s.context);
    if (thread.copies.under_way() > 0) {
      fault(std::to_string(thread.copies.under_way()) + " copies are under way at the end");
    }
    if (thread.products.under_way() > 0) {
      fault(
          std::to_string(thread.products.under_way())
          + " products of tensor cores are under way at the end");
    }
    sanitizer::before(&s.block_end);
    sanitizer::go_on_as(s.scheduler_seen_as);
    thread.status = Status::done;
    s.done++;
    if (sanitizer::sees_stacks || s.stacks_used != started || s.next_fresh != fresh) {
      break;
    }
  }
  void* abandoned;
  feedlight_switch(&abandoned, s.scheduler);
  __builtin_unreachable();
}

}  // namespace

void BlockRunner::State::start_fiber() {
  void* memory = stack_of(stacks, stacks_used++);
  // Frames that were left there for ever may have forbidden parts of it.
  std::size_t page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  sanitizer::allow(static_cast<char*>(memory) + page, stack_bytes - page);
  // Tops at different places of their pages: at the same one they would compete for cache lines.
  std::size_t shift = stacks_used % 24 * 128;
  auto* top = reinterpret_cast<std::uintptr_t*>(static_cast<char*>(memory) + stack_bytes - shift);
  // On entry to a function the stack pointer is 8 below a multiple of 16.
  *--top = 0;
  *--top = reinterpret_cast<std::uintptr_t>(&fiber_main);
  for (int saved = 0; saved < 6; saved++) {
    *--top = 0;
  }
  feedlight_switch(&scheduler, top);
}

void BlockRunner::State::yield() {
  Thread* self = current;
  sanitizer::go_on_as(scheduler_seen_as);
  feedlight_switch(&self->stack_pointer, scheduler);
  current = self;
  running = self;
  sanitizer::go_on_as(self->seen_as);
}

void BlockRunner::State::resume(Thread& thread) {
  feedlight_switch(&scheduler, thread.stack_pointer);
}

// Ends the block; the calling thread never goes on.
void BlockRunner::State::fail(const std::string& message) {
  trouble = message;
  current->status = Status::in_warp;
  sanitizer::go_on_as(scheduler_seen_as);
  feedlight_switch(&current->stack_pointer, scheduler);
  __builtin_unreachable();
}

// All at one barrier: it opens.
bool BlockRunner::State::open_barrier(int count) {
  bool together = done == 0 && waiting == count;
  for (int i = 1; together && i < count; i++) {
    together = threads[i].site == threads[0].site;
  }
  if (together) {
    for (Thread& thread : threads) {
      thread.status = Status::ready;
    }
    waiting = 0;
  }
  return together;
}

// One piece of it, in the order of the threads.
void BlockRunner::State::do_idle_work() {
  std::size_t place = 0;
  if (order.kind == Order::Kind::reverse) {
    place = idle_work.size() - 1;
  } else if (order.kind == Order::Kind::random) {
    idle_random = idle_random * 6364136223846793005u + 1442695040888963407u;
    place = (idle_random >> 33) % idle_work.size();
  }
  std::function<std::string()> work = std::move(idle_work[place]);
  idle_work.erase(idle_work.begin() + static_cast<std::ptrdiff_t>(place));
  sanitizer::after(&idle);
  trouble = work();
}

// Nothing can go on: says who waits for whom.
std::string BlockRunner::State::stuck() {
  const Thread* first = nullptr;
  for (int number : sequence) {
    const Thread& thread = threads[number];
    if (thread.status == Status::until) {
      return "thread " + triple(thread.thread) + " of block " + triple(block->index) + " waits at "
             + at(thread.site) + " for ever: " + thread.description(thread.awaited);
    }
    if (thread.status == Status::in_group) {
      const GroupMeeting& meeting = group_meetings[static_cast<std::size_t>(thread.number / 128)];
      return "a warpgroup's operation at " + at(thread.site) + " waits in block "
             + triple(block->index) + " for threads that never arrive: "
             + std::to_string(meeting.arrived) + " of 128 are there";
    }
    if (thread.status == Status::in_warp) {
      char mask[16];
      snprintf(mask, sizeof mask, "0x%08x", thread.mask);
      return "a warp's operation at " + at(thread.site) + " waits in block " + triple(block->index)
             + " for lanes that never arrive: lane " + std::to_string(thread.number % 32)
             + " of warp " + std::to_string(thread.number / 32) + " is there, mask " + mask;
    }
    if (thread.status == Status::at_barrier && first == nullptr) {
      first = &thread;
    }
  }
  std::string others;
  for (int number : sequence) {
    const Thread& thread = threads[number];
    if (thread.status == Status::done) {
      others = "thread " + triple(thread.thread) + " has ended";
      break;
    }
    if (first != nullptr && !(thread.site == first->site)) {
      others = "thread " + triple(thread.thread) + " waits at " + at(thread.site);
      break;
    }
  }
  return "barrier divergence in block " + triple(block->index) + ": thread "
         + triple(first->thread) + " waits at " + at(first->site) + ", " + others;
}

// A sanitizer must not go on with threads that were left in the middle; what they did is done.
void BlockRunner::State::forget_threads() {
  void* self = sanitizer::current();
  for (Thread& thread : threads) {
    if (thread.seen_as != nullptr) {
      sanitizer::go_on_as(thread.seen_as);
      sanitizer::before(&block_end);
      sanitizer::go_on_as(self);
      sanitizer::destroy(thread.seen_as);
      thread.seen_as = nullptr;
    }
  }
}

BlockRunner::BlockRunner(Order order) : state(new State()) { state->order = order; }

BlockRunner::~BlockRunner() {
  state->forget_threads();
  for (void* stack : state->stacks) {
    munmap(stack, stack_bytes);
  }
  delete state;
}

std::string BlockRunner::run(
    Block& block, unsigned long long number, void (*body)(void*), void* context) {
  State& s = *state;
  Extent e = block.extent;
  int count = static_cast<int>(e.x * e.y * e.z);
  s.block = &block;
  s.body = body;
  s.context = context;
  if (s.threads.size() > static_cast<std::size_t>(count)) {
    s.forget_threads();
  }
  s.threads.resize(static_cast<std::size_t>(count));
  s.sequence.resize(static_cast<std::size_t>(count));
  s.meetings.assign(static_cast<std::size_t>(count + 31) / 32, Meeting{});
  s.group_meetings.assign(static_cast<std::size_t>(count) / 128, GroupMeeting{});
  s.idle_work.clear();
  s.idle_random = s.order.seed + number;
  for (int i = 0; i < count; i++) {
    Thread& thread = s.threads[i];
    unsigned u = static_cast<unsigned>(i);
    thread.thread = {u % e.x, u / e.x % e.y, u / e.x / e.y};
    thread.block = &block;
    thread.status = Status::fresh;
    thread.number = i;
    thread.site = {"", 0};
    thread.copies.clear();
    thread.products.clear();
    thread.made_barriers.clear();
  }
  std::iota(s.sequence.begin(), s.sequence.end(), 0);
  if (s.order.kind == Order::Kind::reverse) {
    for (int i = 0; i < count; i++) {
      s.sequence[i] = count - 1 - i;
    }
  } else if (s.order.kind == Order::Kind::random) {
    std::uint64_t random = s.order.seed * 0x9E3779B97F4A7C15u + number + 1;
    for (int i = count - 1; i > 0; i--) {
      random = random * 6364136223846793005u + 1442695040888963407u;
      std::swap(s.sequence[i], s.sequence[(random >> 33) % static_cast<unsigned>(i + 1)]);
    }
  }
  s.stacks_used = 0;
  s.next_fresh = 0;
  s.done = 0;
  s.waiting = 0;
  s.trouble.clear();
  runner = &s;
  s.scheduler_seen_as = sanitizer::current();
  sanitizer::before(&s.block_begin);

  while (s.trouble.empty() && s.next_fresh < s.sequence.size()) {
    s.start_fiber();
  }
  while (s.trouble.empty() && s.done < count) {
    bool progress = false;
    for (int i : s.sequence) {
      Thread& thread = s.threads[i];
      if (thread.status == Status::until && thread.is_ready(thread.awaited)) {
        thread.status = Status::ready;
      }
      if (s.trouble.empty() && thread.status == Status::ready) {
        progress = true;
        s.resume(thread);
      }
    }
    // Those left wait.
    if (!progress && s.trouble.empty() && s.done < count && !s.open_barrier(count)) {
      if (s.idle_work.empty()) {
        s.trouble = s.stuck();
      } else {
        s.do_idle_work();
      }
    }
  }
  if (s.trouble.empty() && !s.idle_work.empty()) {
    s.trouble = std::to_string(s.idle_work.size()) + " bulk copies are under way at the end of block "
                + triple(block.index);
  }
  runner = nullptr;
  running = nullptr;
  if (!s.trouble.empty()) {
    s.forget_threads();
  }
  sanitizer::after(&s.block_end);
  return s.trouble;
}

void fault(const std::string& message) {
  BlockRunner::State& s = *runner;
  s.fail(
      message + ", thread " + triple(s.current->thread) + " of block " + triple(s.block->index));
}

void block_barrier(Site site) {
  BlockRunner::State& s = *runner;
  Thread& self = *s.current;
  self.status = Status::at_barrier;
  self.site = site;
  s.waiting++;
  sanitizer::before(&s.barrier);
  s.yield();
  sanitizer::after(&s.barrier);
}

void warp(unsigned mask, void* deposit, void (*join)(Lanes&, void*), void* context, Site site) {
  BlockRunner::State& s = *runner;
  Thread& self = *s.current;
  int lane = self.number % 32;
  int first = self.number - lane;
  int left = static_cast<int>(s.threads.size()) - first;
  // Lanes that the block does not have take no part.
  unsigned present = left >= 32 ? mask : mask & ((1u << left) - 1);
  Meeting& meeting = s.meetings[static_cast<std::size_t>(first / 32)];
  self.site = site;
  self.mask = mask;
  if ((present >> lane & 1) == 0) {
    s.fail("lane " + std::to_string(lane) + " takes part in a warp's operation at " + at(site)
           + " whose mask leaves it out");
  }
  if (meeting.arrived == 0) {
    meeting.mask = mask;
    meeting.site = site;
  } else if (meeting.mask != mask || !(meeting.site == site)) {
    s.fail("lanes of one warp meet in different operations or with different masks: " + at(site)
           + " and " + at(meeting.site));
  }
  static char nothing;
  sanitizer::before(&meeting);
  meeting.arrived |= 1u << lane;
  meeting.lanes.deposit[lane] = deposit == nullptr ? &nothing : deposit;
  if (meeting.arrived != present) {
    self.status = Status::in_warp;
    s.yield();
    sanitizer::after(&meeting);
    return;
  }
  for (int other = 0; other < 32; other++) {
    if ((present >> other & 1) != 0) {
      s.threads[static_cast<std::size_t>(first + other)].status = Status::ready;
    }
  }
  sanitizer::after(&meeting);
  join(meeting.lanes, context);
  sanitizer::before(&meeting);
  meeting = Meeting{};
}

void warpgroup(void* deposit, void (*join)(void* (&deposits)[128]), Site site) {
  BlockRunner::State& s = *runner;
  Thread& self = *s.current;
  std::size_t group = static_cast<std::size_t>(self.number / 128);
  if (group >= s.group_meetings.size()) {
    s.fail("thread " + triple(self.thread) + " has no warpgroup of 128 at " + at(site));
  }
  GroupMeeting& meeting = s.group_meetings[group];
  self.site = site;
  if (meeting.arrived == 0) {
    meeting.site = site;
  } else if (!(meeting.site == site)) {
    s.fail("threads of one warpgroup meet in different operations: " + at(site) + " and "
           + at(meeting.site));
  }
  sanitizer::before(&meeting);
  meeting.deposits[self.number % 128] = deposit;
  if (++meeting.arrived < 128) {
    self.status = Status::in_group;
    s.yield();
    sanitizer::after(&meeting);
    return;
  }
  for (std::size_t other = 128 * group; other < 128 * (group + 1); other++) {
    s.threads[other].status = Status::ready;
  }
  sanitizer::after(&meeting);
  join(meeting.deposits);
  sanitizer::before(&meeting);
  meeting.arrived = 0;
}

void wait_until(
    const void* what,
    bool (*ready)(const void* what),
    std::string (*description)(const void* what),
    Site site) {
  BlockRunner::State& s = *runner;
  Thread& self = *s.current;
  if (!ready(what)) {
    self.status = Status::until;
    self.site = site;
    self.awaited = what;
    self.is_ready = ready;
    self.description = description;
    s.yield();
  }
}

void made_ready(const void* point) { sanitizer::before(const_cast<void*>(point)); }

void point_passed(const void* point) { sanitizer::after(const_cast<void*>(point)); }

void when_idle(std::function<std::string()> work) {
  sanitizer::before(&runner->idle);
  runner->idle_work.push_back(std::move(work));
}

void require_shared(const void* address, std::size_t bytes) {
  const Block& block = *runner->block;
  auto* at = static_cast<const unsigned char*>(address);
  if (at < block.shared || at + bytes > block.shared + block.shared_bytes) {
    fault(std::to_string(bytes) + " bytes do not lie in the dynamic shared memory of the block");
  }
}

namespace {

constexpr std::uintptr_t window = 0x3FFFF;

}  // namespace

unsigned shared_address(const void* address) {
  require_shared(address, 1);
  return static_cast<unsigned>(reinterpret_cast<std::uintptr_t>(address) & window);
}

unsigned char* at_shared_address(unsigned address, std::size_t bytes) {
  std::uintptr_t base = reinterpret_cast<std::uintptr_t>(runner->block->shared) & ~window;
  auto* at = reinterpret_cast<unsigned char*>(base | address);
  require_shared(at, bytes);
  return at;
}

Order Order::chosen() {
  const char* text = getenv("FEEDLIGHT_STANDIN_ORDER");
  Order order;
  if (text == nullptr || *text == 0 || strcmp(text, "forward") == 0) {
    return order;
  }
  if (strcmp(text, "reverse") == 0) {
    order.kind = Kind::reverse;
    return order;
  }
  order.kind = Kind::random;
  order.seed = strtoull(text, nullptr, 10);
  return order;
}

}  // namespace feedlight::host
