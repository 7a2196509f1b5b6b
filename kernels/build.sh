#!/bin/sh
# Builds the CUDA kernels and the stand-in driver of the tests as far as there are compilers, and
# says in one line what came of it. Maven calls it with the build folder.
set -eu
build=$1
cd "$(dirname "$0")/.."
without="the jar has no CUDA kernels and tests of the CUDA backend are skipped"
if ! command -v cmake >/dev/null; then
  echo "kernels: no cmake here, so $without"
  exit 0
fi
if ! command -v make >/dev/null; then
  echo "kernels: no make here, so $without"
  exit 0
fi
mkdir -p "$build"
log=$build/build.log
if ! { cmake -G "Unix Makefiles" -S . -B "$build" && cmake --build "$build"; } >"$log" 2>&1; then
  cat "$log" >&2
  echo "kernels: the build failed, see above ($log)" >&2
  exit 1
fi
images=$(find "$build/kernels" -name '*.fatbin' 2>/dev/null | wc -l)
if [ "$images" -gt 0 ]; then
  device="$images fatbins for GPUs"
else
  device="no fatbins for GPUs (no nvcc)"
fi
if [ -f "$build/host/libcuda.so.1" ]; then
  host="the stand-in driver"
else
  host="no stand-in driver (no g++)"
fi
echo "kernels: $device, $host"
