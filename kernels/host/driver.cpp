// Initialisation, errors, devices and contexts of the stand-in driver.
#include "driver.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace feedlight::host {

Driver& driver() {
  // Never destroyed: others may call while the process ends.
  static auto* one = new Driver();
  return *one;
}

std::vector<Context*>& context_stack() {
  static thread_local std::vector<Context*> stack;
  return stack;
}

const char* setting(const char* name, const char* otherwise) {
  const char* text = getenv(name);
  return text == nullptr || *text == 0 ? otherwise : text;
}

void complain(const std::string& message) {
  fprintf(stderr, "feedlight stand-in driver: %s\n", message.c_str());
}

namespace {

Context* current() {
  std::vector<Context*>& stack = context_stack();
  return stack.empty() || !alive(stack.back()) ? nullptr : stack.back();
}

}  // namespace

int stick(int error) {
  Context* context = current();
  if (context != nullptr) {
    context->sticky = error;
  }
  return error;
}

Entry::Entry(bool needs_context) : lock(driver().mutex), error(success) {
  if (!driver().initialized) {
    error = not_initialized;
  } else if (needs_context) {
    Context* context = current();
    error = context == nullptr ? invalid_context : context->sticky;
  }
}

}  // namespace feedlight::host

using namespace feedlight::host;

// ---- initialisation and errors

// Variables of the environment are read at every call, so that one process can play several boxes.
FEEDLIGHT_API cuInit(unsigned) {
  std::lock_guard<std::recursive_mutex> lock(driver().mutex);
  const char* visible = getenv("CUDA_VISIBLE_DEVICES");
  if (visible != nullptr && *visible == 0) {
    return no_device;
  }
  driver().initialized = true;
  return success;
}

FEEDLIGHT_API cuDriverGetVersion(int* version) {
  *version = atoi(setting("FEEDLIGHT_STANDIN_VERSION", "12060"));
  return success;
}

namespace {

struct ErrorText {
  int error;
  const char* name;
  const char* text;
};

constexpr ErrorText errors[] = {
    {success, "CUDA_SUCCESS", "no error"},
    {invalid_value, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {out_of_memory, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {not_initialized, "CUDA_ERROR_NOT_INITIALIZED", "initialization error"},
    {no_device, "CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"},
    {invalid_device, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
    {invalid_image, "CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"},
    {invalid_context, "CUDA_ERROR_INVALID_CONTEXT", "invalid device context"},
    {invalid_handle, "CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"},
    {illegal_state, "CUDA_ERROR_ILLEGAL_STATE", "the operation cannot be performed now"},
    {not_found, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
    {illegal_address, "CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"},
    {launch_out_of_resources, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES",
     "too many resources requested for launch"},
    {illegal_instruction, "CUDA_ERROR_ILLEGAL_INSTRUCTION",
     "an illegal instruction was encountered"},
    {not_supported, "CUDA_ERROR_NOT_SUPPORTED", "operation not supported"},
    {capture_unsupported, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED",
     "operation not permitted when stream is capturing"},
    {capture_invalidated, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED",
     "operation failed due to a previous error during capture"},
};

const ErrorText* find_error(int error) {
  for (const ErrorText& entry : errors) {
    if (entry.error == error) {
      return &entry;
    }
  }
  return nullptr;
}

}  // namespace

FEEDLIGHT_API cuGetErrorName(int error, const char** name) {
  const ErrorText* found = find_error(error);
  *name = found == nullptr ? nullptr : found->name;
  return found == nullptr ? invalid_value : success;
}

FEEDLIGHT_API cuGetErrorString(int error, const char** text) {
  const ErrorText* found = find_error(error);
  *text = found == nullptr ? nullptr : found->text;
  return found == nullptr ? invalid_value : success;
}

// ---- the device

namespace {

// 90 for 9.0, that of an H100.
int capability() { return atoi(setting("FEEDLIGHT_STANDIN_CAPABILITY", "90")); }

}  // namespace

int feedlight::host::most_shared_bytes() {
  switch (capability()) {
    case 75:
      return 64 * 1024;
    case 80:
    case 87:
      return 163 * 1024;
    case 86:
    case 89:
    case 120:
      return 99 * 1024;
    default:
      return 227 * 1024;
  }
}

FEEDLIGHT_API cuDeviceGetCount(int* count) {
  Entry entry(false);
  if (entry.error == success) {
    *count = 1;
  }
  return entry.error;
}

FEEDLIGHT_API cuDeviceGet(int* device, int ordinal) {
  Entry entry(false);
  if (entry.error != success) {
    return entry.error;
  }
  if (ordinal != 0) {
    return invalid_device;
  }
  *device = 0;
  return success;
}

FEEDLIGHT_API cuDeviceGetName(char* name, int length, int device) {
  if (device != 0 || length < 1) {
    return device != 0 ? invalid_device : invalid_value;
  }
  snprintf(name, static_cast<std::size_t>(length), "Feedlight stand-in (CPU)");
  return success;
}

FEEDLIGHT_API cuDeviceGetUuid(char* uuid, int) {
  memcpy(uuid, "feedlight-stand-", 16);
  return success;
}
FEEDLIGHT_ALIAS(cuDeviceGetUuid_v2, cuDeviceGetUuid, char*, int)

FEEDLIGHT_API cuDeviceGetPCIBusId(char* id, int length, int) {
  snprintf(id, static_cast<std::size_t>(length), "0000:00:00.0");
  return success;
}

FEEDLIGHT_API cuDeviceTotalMem_v2(std::size_t* bytes, int device) {
  if (device != 0) {
    return invalid_device;
  }
  *bytes = driver().memory.capacity();
  return success;
}

FEEDLIGHT_API cuDeviceComputeCapability(int* major, int* minor, int device) {
  if (device != 0) {
    return invalid_device;
  }
  *major = capability() / 10;
  *minor = capability() % 10;
  return success;
}

FEEDLIGHT_API cuDeviceGetAttribute(int* value, int attribute, int device) {
  if (device != 0) {
    return invalid_device;
  }
  switch (attribute) {
    case 1:  // threads per block
    case 2:  // block x
    case 3:  // block y
      *value = 1024;
      break;
    case 4:  // block z
      *value = 64;
      break;
    case 5:  // grid x
      *value = 2147483647;
      break;
    case 6:  // grid y
    case 7:  // grid z
      *value = 65535;
      break;
    case 8:  // shared memory per block
      *value = 48 * 1024;
      break;
    case 9:  // constant memory
      *value = 65536;
      break;
    case 10:  // warp
      *value = 32;
      break;
    case 16:  // multiprocessors
      *value = atoi(
          setting("FEEDLIGHT_STANDIN_MULTIPROCESSORS", std::to_string(workers()).c_str()));
      break;
    case 41:  // unified addressing
      *value = 1;
      break;
    case 75:  // compute capability
      *value = capability() / 10;
      break;
    case 76:
      *value = capability() % 10;
      break;
    case 81:  // shared memory per multiprocessor
      *value = 228 * 1024;
      break;
    case 97:  // shared memory per block on request
      *value = most_shared_bytes();
      break;
    default:
      *value = 0;
  }
  return success;
}

// ---- contexts

FEEDLIGHT_API cuCtxCreate_v2(Context** context, unsigned, int device) {
  Entry entry(false);
  if (entry.error != success) {
    return entry.error;
  }
  if (device != 0) {
    return invalid_device;
  }
  *context = make_handle<Context>();
  context_stack().push_back(*context);
  return success;
}

namespace {

void end(Context* context) {
  std::size_t bytes;
  std::size_t count = driver().memory.release_all(context, bytes);
  if (count > 0) {
    complain(
        std::to_string(count) + " allocations of together " + std::to_string(bytes)
        + " bytes were not freed before their context");
  }
  drop_handle(context);
}

}  // namespace

FEEDLIGHT_API cuCtxDestroy_v2(Context* context) {
  Entry entry(false);
  if (!alive(context) || context == driver().primary) {
    return invalid_context;
  }
  std::vector<Context*>& stack = context_stack();
  if (!stack.empty() && stack.back() == context) {
    stack.pop_back();
  }
  end(context);
  return success;
}

FEEDLIGHT_API cuCtxSetCurrent(Context* context) {
  Entry entry(false);
  if (entry.error != success) {
    return entry.error;
  }
  std::vector<Context*>& stack = context_stack();
  if (context != nullptr && !alive(context)) {
    return invalid_context;
  }
  if (!stack.empty()) {
    stack.pop_back();
  }
  if (context != nullptr) {
    stack.push_back(context);
  }
  return success;
}

FEEDLIGHT_API cuCtxGetCurrent(Context** context) {
  Entry entry(false);
  *context = current();
  return entry.error;
}

FEEDLIGHT_API cuCtxPushCurrent_v2(Context* context) {
  Entry entry(false);
  if (!alive(context)) {
    return invalid_context;
  }
  context_stack().push_back(context);
  return success;
}

FEEDLIGHT_API cuCtxPopCurrent_v2(Context** context) {
  Entry entry(false);
  std::vector<Context*>& stack = context_stack();
  if (stack.empty()) {
    return invalid_context;
  }
  if (context != nullptr) {
    *context = stack.back();
  }
  stack.pop_back();
  return success;
}

FEEDLIGHT_API cuCtxSynchronize() {
  Entry entry;
  return entry.error == success && forbidden_by_capture() ? capture_unsupported : entry.error;
}

FEEDLIGHT_API cuCtxGetDevice(int* device) {
  Entry entry;
  *device = 0;
  return entry.error == invalid_context ? invalid_context : success;
}

FEEDLIGHT_API cuCtxGetApiVersion(Context*, unsigned* version) {
  *version = 3020;
  return success;
}

FEEDLIGHT_API cuCtxGetStreamPriorityRange(int* least, int* greatest) {
  *least = 0;
  *greatest = 0;
  return success;
}

FEEDLIGHT_API cuCtxSetCacheConfig(int) { return success; }

FEEDLIGHT_API cuDevicePrimaryCtxRetain(Context** context, int device) {
  Entry entry(false);
  if (entry.error != success || device != 0) {
    return entry.error != success ? entry.error : invalid_device;
  }
  Driver& d = driver();
  if (d.primary == nullptr) {
    d.primary = make_handle<Context>();
  } else {
    d.primary->uses++;
  }
  *context = d.primary;
  return success;
}

FEEDLIGHT_API cuDevicePrimaryCtxReset_v2(int) {
  Entry entry(false);
  if (driver().primary != nullptr) {
    Context* primary = driver().primary;
    driver().primary = nullptr;
    end(primary);
  }
  return success;
}

FEEDLIGHT_API cuDevicePrimaryCtxRelease_v2(int device) {
  Entry entry(false);
  Driver& d = driver();
  if (d.primary == nullptr) {
    return invalid_context;
  }
  return --d.primary->uses == 0 ? cuDevicePrimaryCtxReset_v2(device) : success;
}
