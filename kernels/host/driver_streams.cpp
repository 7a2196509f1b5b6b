// Streams, events, captures and graphs of the stand-in driver.
#include <chrono>

#include "driver.h"

namespace feedlight::host {

namespace {

// The null stream and the two named ones are always there and never capture.
bool named(const void* stream) { return reinterpret_cast<std::uintptr_t>(stream) <= 2; }

bool is_stream(const void* stream) { return named(stream) || alive(stream); }

Stream* capturing(void* stream) {
  if (named(stream)) {
    return nullptr;
  }
  auto* own = static_cast<Stream*>(stream);
  return own->capture == nullptr ? nullptr : own;
}

}  // namespace

bool forbidden_by_capture() {
  for (Stream* stream : driver().capturing) {
    if (stream->mode != 2) {
      complain("a function that stream capture forbids was called during one");
      stream->invalidated = true;
      return true;
    }
  }
  return false;
}

int submit(void* stream, Node work) {
  if (!is_stream(stream)) {
    return invalid_handle;
  }
  Stream* capture = capturing(stream);
  if (capture == nullptr) {
    return work();
  }
  if (capture->invalidated) {
    return capture_invalidated;
  }
  capture->capture->nodes.push_back(std::move(work));
  return success;
}

}  // namespace feedlight::host

using namespace feedlight::host;

// ---- streams

FEEDLIGHT_API cuStreamCreate(Stream** stream, unsigned) {
  Entry entry;
  if (entry.error == success) {
    *stream = make_handle<Stream>();
  }
  return entry.error;
}

FEEDLIGHT_API cuStreamCreateWithPriority(Stream** stream, unsigned flags, int) {
  return cuStreamCreate(stream, flags);
}

FEEDLIGHT_API cuStreamDestroy_v2(Stream* stream) {
  Entry entry(false);
  if (!alive(stream)) {
    return invalid_handle;
  }
  driver().capturing.erase(stream);
  if (stream->capture != nullptr) {
    drop_handle(stream->capture);
  }
  return drop_handle(stream);
}

namespace {

int wait(void* stream) {
  Entry entry;
  if (entry.error != success) {
    return entry.error;
  }
  if (!is_stream(stream)) {
    return invalid_handle;
  }
  Stream* capture = capturing(stream);
  if (capture != nullptr) {
    capture->invalidated = true;
    return capture_unsupported;
  }
  return success;
}

}  // namespace

FEEDLIGHT_API cuStreamSynchronize(void* stream) { return wait(stream); }
FEEDLIGHT_API cuStreamQuery(void* stream) { return wait(stream); }
FEEDLIGHT_API cuStreamWaitEvent(void*, Event*, unsigned) { return success; }

// ---- events

FEEDLIGHT_API cuEventCreate(Event** event, unsigned) {
  Entry entry;
  if (entry.error == success) {
    *event = make_handle<Event>();
  }
  return entry.error;
}

FEEDLIGHT_API cuEventDestroy_v2(Event* event) {
  Entry entry(false);
  return drop_handle(event);
}

FEEDLIGHT_API cuEventRecord(Event* event, void* stream) {
  Entry entry;
  if (entry.error != success) {
    return entry.error;
  }
  if (!alive(event)) {
    return invalid_handle;
  }
  return submit(stream, [event] {
    auto now = std::chrono::steady_clock::now().time_since_epoch();
    event->nanoseconds = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
    return static_cast<int>(success);
  });
}

FEEDLIGHT_API cuEventSynchronize(Event* event) {
  Entry entry;
  return entry.error != success ? entry.error : alive(event) ? success : invalid_handle;
}

FEEDLIGHT_API cuEventQuery(Event* event) { return cuEventSynchronize(event); }

FEEDLIGHT_API cuEventElapsedTime(float* milliseconds, Event* start, Event* end) {
  Entry entry;
  if (!alive(start) || !alive(end) || start->nanoseconds == 0 || end->nanoseconds == 0) {
    return invalid_handle;
  }
  *milliseconds = static_cast<float>(
      (static_cast<double>(end->nanoseconds) - static_cast<double>(start->nanoseconds)) * 1e-6);
  return entry.error;
}

// ---- capture

FEEDLIGHT_API cuStreamBeginCapture_v2(Stream* stream, int mode) {
  Entry entry;
  if (entry.error != success) {
    return entry.error;
  }
  if (named(stream)) {
    return capture_unsupported;
  }
  if (!alive(stream)) {
    return invalid_handle;
  }
  if (stream->capture != nullptr) {
    return illegal_state;
  }
  stream->capture = make_handle<Graph>();
  stream->invalidated = false;
  stream->mode = mode;
  driver().capturing.insert(stream);
  return success;
}

FEEDLIGHT_API cuStreamEndCapture(Stream* stream, Graph** graph) {
  Entry entry;
  *graph = nullptr;
  if (entry.error != success) {
    return entry.error;
  }
  if (named(stream) || !alive(stream)) {
    return invalid_handle;
  }
  if (stream->capture == nullptr) {
    return illegal_state;
  }
  Graph* recorded = stream->capture;
  stream->capture = nullptr;
  driver().capturing.erase(stream);
  if (stream->invalidated) {
    drop_handle(recorded);
    return capture_invalidated;
  }
  *graph = recorded;
  return success;
}

FEEDLIGHT_API cuStreamIsCapturing(void* stream, int* status) {
  Entry entry;
  if (!is_stream(stream)) {
    return invalid_handle;
  }
  Stream* capture = capturing(stream);
  *status = capture == nullptr ? 0 : capture->invalidated ? 2 : 1;
  return entry.error;
}

// ---- graphs

struct Executable {
  std::vector<Node> nodes;
};

FEEDLIGHT_API cuGraphInstantiateWithFlags(Executable** executable, Graph* graph, unsigned long long) {
  Entry entry;
  if (entry.error != success) {
    return entry.error;
  }
  if (!alive(graph)) {
    return invalid_handle;
  }
  *executable = make_handle<Executable>();
  (*executable)->nodes = graph->nodes;
  return success;
}

// The older form, with places for a message.
FEEDLIGHT_API cuGraphInstantiate_v2(
    Executable** executable, Graph* graph, void** error_node, char* log, std::size_t log_bytes) {
  if (error_node != nullptr) {
    *error_node = nullptr;
  }
  if (log != nullptr && log_bytes > 0) {
    *log = 0;
  }
  return cuGraphInstantiateWithFlags(executable, graph, 0);
}

FEEDLIGHT_API cuGraphLaunch(Executable* executable, void* stream) {
  Entry entry;
  if (entry.error != success) {
    return entry.error;
  }
  if (!alive(executable)) {
    return invalid_handle;
  }
  for (const Node& node : executable->nodes) {
    int error = submit(stream, node);
    if (error != success) {
      return error;
    }
  }
  return success;
}

FEEDLIGHT_API cuGraphUpload(Executable* executable, void*) {
  Entry entry;
  return alive(executable) ? entry.error : static_cast<int>(invalid_handle);
}

FEEDLIGHT_API cuGraphGetNodes(Graph* graph, void** nodes, std::size_t* count) {
  Entry entry;
  if (!alive(graph)) {
    return invalid_handle;
  }
  if (nodes != nullptr) {
    return not_supported;
  }
  *count = graph->nodes.size();
  return entry.error;
}

FEEDLIGHT_API cuGraphDestroy(Graph* graph) {
  Entry entry(false);
  return drop_handle(graph);
}

FEEDLIGHT_API cuGraphExecDestroy(Executable* executable) {
  Entry entry(false);
  return drop_handle(executable);
}
