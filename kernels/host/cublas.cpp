// A stand-in for cuBLAS, of major version FEEDLIGHT_CUBLAS_MAJOR: products in fp32 by a kernel of the
// stand-in driver. Types and numbers are those of CUDA's cublas_api.h.
#include <new>

#include "library.h"

namespace {

enum Status : int {
  success = 0,
  not_initialized = 1,
  invalid_value = 7,
  execution_failed = 13,
  not_supported = 15,
};

constexpr int version_major = FEEDLIGHT_CUBLAS_MAJOR;
constexpr int version_minor = FEEDLIGHT_CUBLAS_MINOR;
constexpr int version_patch = FEEDLIGHT_CUBLAS_PATCH;

// Of cudaDataType.
constexpr int float32 = 0;
constexpr int signed8 = 3;
constexpr int signed32 = 10;
constexpr int bfloat16 = 14;

constexpr std::uintptr_t workspace_alignment = 256;

struct Handle {
  feedlight::host::LibraryKernel sgemm;
  feedlight::host::LibraryKernel narrow;
  void* stream = nullptr;
  int math = 0;
};

bool known(int operation) { return operation >= 0 && operation <= 2; }

// Rows of what is stored of a matrix whose op has so many rows and columns.
long long stored_rows(int operation, long long rows, long long columns) {
  return operation == 0 ? rows : columns;
}

}  // namespace

FEEDLIGHT_LIBRARY_API cublasCreate_v2(Handle** handle) {
  *handle = new (std::nothrow) Handle();
  if (*handle == nullptr || !(*handle)->sgemm.open("standin_sgemm")
      || !(*handle)->narrow.open("standin_narrow_gemm")) {
    delete *handle;
    *handle = nullptr;
    return not_initialized;
  }
  return success;
}

FEEDLIGHT_LIBRARY_API cublasDestroy_v2(Handle* handle) {
  if (handle == nullptr) {
    return not_initialized;
  }
  handle->sgemm.close();
  handle->narrow.close();
  delete handle;
  return success;
}

FEEDLIGHT_LIBRARY_API cublasGetVersion_v2(Handle*, int* version) {
  *version = 10000 * version_major + 100 * version_minor + version_patch;
  return success;
}

FEEDLIGHT_LIBRARY_API cublasGetProperty(int property, int* value) {
  return feedlight::host::version_property(
             property, version_major, version_minor, version_patch, value)
             ? success
             : invalid_value;
}

extern "C" __attribute__((visibility("default"))) const char* cublasGetStatusName(int status) {
  switch (status) {
    case success:
      return "CUBLAS_STATUS_SUCCESS";
    case not_initialized:
      return "CUBLAS_STATUS_NOT_INITIALIZED";
    case invalid_value:
      return "CUBLAS_STATUS_INVALID_VALUE";
    case execution_failed:
      return "CUBLAS_STATUS_EXECUTION_FAILED";
    default:
      return "CUBLAS_STATUS_NOT_SUPPORTED";
  }
}

extern "C" __attribute__((visibility("default"))) const char* cublasGetStatusString(int status) {
  return cublasGetStatusName(status);
}

FEEDLIGHT_LIBRARY_API cublasSetStream_v2(Handle* handle, void* stream) {
  if (handle == nullptr) {
    return not_initialized;
  }
  handle->stream = stream;
  return success;
}

FEEDLIGHT_LIBRARY_API cublasGetStream_v2(Handle* handle, void** stream) {
  if (handle == nullptr) {
    return not_initialized;
  }
  *stream = handle->stream;
  return success;
}

// Products need none here.
FEEDLIGHT_LIBRARY_API cublasSetWorkspace_v2(Handle* handle, void* workspace, std::size_t) {
  if (handle == nullptr) {
    return not_initialized;
  }
  bool aligned = reinterpret_cast<std::uintptr_t>(workspace) % workspace_alignment == 0;
  return aligned ? success : invalid_value;
}

FEEDLIGHT_LIBRARY_API cublasSetMathMode(Handle* handle, int mode) {
  if (handle == nullptr) {
    return not_initialized;
  }
  handle->math = mode;
  return success;
}

FEEDLIGHT_LIBRARY_API cublasGetMathMode(Handle* handle, int* mode) {
  if (handle == nullptr) {
    return not_initialized;
  }
  *mode = handle->math;
  return success;
}

// Scalars are read from the host, pointer mode 0.
FEEDLIGHT_LIBRARY_API cublasSgemm_v2_64(
    Handle* handle,
    int op_a,
    int op_b,
    std::int64_t m,
    std::int64_t n,
    std::int64_t k,
    const float* alpha,
    const float* a,
    std::int64_t a_stride,
    const float* b,
    std::int64_t b_stride,
    const float* beta,
    float* c,
    std::int64_t c_stride) {
  if (handle == nullptr) {
    return not_initialized;
  }
  bool fits = known(op_a) && known(op_b) && m >= 0 && n >= 0 && k >= 0
              && a_stride >= stored_rows(op_a, m, k) && a_stride >= 1
              && b_stride >= stored_rows(op_b, k, n) && b_stride >= 1 && c_stride >= m
              && c_stride >= 1 && alpha != nullptr && beta != nullptr;
  if (!fits) {
    return invalid_value;
  }
  if (m == 0 || n == 0) {
    return success;
  }
  bool launched = handle->sgemm.launch(
      handle->stream,
      static_cast<std::uint64_t>(m) * static_cast<std::uint64_t>(n),
      c,
      a,
      b,
      op_a,
      op_b,
      *alpha,
      *beta,
      static_cast<long long>(m),
      static_cast<long long>(n),
      static_cast<long long>(k),
      static_cast<long long>(c_stride),
      static_cast<long long>(a_stride),
      static_cast<long long>(b_stride));
  return launched ? success : execution_failed;
}

FEEDLIGHT_LIBRARY_API cublasSgemm_v2(
    Handle* handle,
    int op_a,
    int op_b,
    int m,
    int n,
    int k,
    const float* alpha,
    const float* a,
    int a_stride,
    const float* b,
    int b_stride,
    const float* beta,
    float* c,
    int c_stride) {
  return cublasSgemm_v2_64(
      handle, op_a, op_b, m, n, k, alpha, a, a_stride, b, b_stride, beta, c, c_stride);
}

// Operands in fp32; or bf16 and bytes, the transposed one times the plain one, with alpha 1 and beta 0.
FEEDLIGHT_LIBRARY_API cublasGemmEx(
    Handle* handle,
    int op_a,
    int op_b,
    int m,
    int n,
    int k,
    const void* alpha,
    const void* a,
    int a_type,
    int a_stride,
    const void* b,
    int b_type,
    int b_stride,
    const void* beta,
    void* c,
    int c_type,
    int c_stride,
    int,
    int) {
  bool bytes = a_type == signed8 && c_type == signed32;
  if (a_type == b_type && (bytes || (a_type == bfloat16 && c_type == float32))) {
    if (handle == nullptr) {
      return not_initialized;
    }
    bool unit = bytes ? *static_cast<const int*>(alpha) == 1 && *static_cast<const int*>(beta) == 0
                      : *static_cast<const float*>(alpha) == 1.0f
                            && *static_cast<const float*>(beta) == 0.0f;
    if (op_a != 1 || op_b != 0 || !unit) {
      return not_supported;
    }
    bool launched = handle->narrow.launch(
        handle->stream,
        static_cast<std::uint64_t>(m) * static_cast<std::uint64_t>(n),
        c,
        a,
        b,
        bytes ? 1 : 0,
        static_cast<long long>(m),
        static_cast<long long>(n),
        static_cast<long long>(k),
        static_cast<long long>(c_stride),
        static_cast<long long>(a_stride),
        static_cast<long long>(b_stride));
    return launched ? success : execution_failed;
  }
  if (a_type != float32 || b_type != float32 || c_type != float32) {
    return not_supported;
  }
  return cublasSgemm_v2_64(
      handle,
      op_a,
      op_b,
      m,
      n,
      k,
      static_cast<const float*>(alpha),
      static_cast<const float*>(a),
      a_stride,
      static_cast<const float*>(b),
      b_stride,
      static_cast<const float*>(beta),
      static_cast<float*>(c),
      c_stride);
}
