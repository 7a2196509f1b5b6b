"""Makes the golden file of the structured transmission matrix: an independent form in numpy.

    apt-get install python3-numpy
    /usr/bin/python3 tests/src/test/scripts/structured.py

Nothing of the build or of a test calls this; the file that it writes is committed.
"""
import pathlib
import zlib

import numpy as np
from philox import TRANSMISSION, derive_key, philox

FILE = pathlib.Path(__file__).parent.parent / "resources/dev/feedlight/golden/structured.txt"
SEED = 20260131
FIRST, SECOND, THIRD, TURN = 1, 2, 3, 4


def plane(key, number, size):
    words = [philox(key, (block, 0, 0, number)) for block in range(size // 128)]
    return np.unpackbits(np.array(words, "<u4").view(np.uint8), bitorder="little").astype(bool)


def transform(v, order=1):
    strides = [1 << bit for bit in range(len(v).bit_length() - 1)]
    for stride in strides[::order]:
        pairs = v.reshape(-1, 2, stride)
        v = np.stack([pairs[:, 0] + pairs[:, 1], pairs[:, 0] - pairs[:, 1]], axis=1).ravel()
    assert v.dtype == np.float32
    return v


def field(key, pattern, outputs, order=1):
    size = 128
    while size < max(len(pattern), outputs):
        size *= 2
    v = np.zeros(size, np.int32)
    v[: len(pattern)] = pattern
    v = transform(np.where(plane(key, FIRST, size), -v, v).astype(np.float32), order)
    v = transform(np.where(plane(key, SECOND, size), -v, v), order)
    v = np.where(plane(key, THIRD, size), -v, v) * np.float32(1 / size)
    turn = plane(key, TURN, size)
    zero = np.float32(0)
    return (
        transform(np.where(turn, zero, v), order)[:outputs],
        transform(np.where(turn, v, zero), order)[:outputs],
    )


def small_pattern(inputs):
    return [(j * j + j // 3) % 3 - 1 for j in range(inputs)]


def checksum(values):
    return zlib.crc32((values + np.float32(0)).astype("<f4").tobytes())  # -0 becomes 0


def main():
    key = derive_key(SEED, TRANSMISSION, 0)
    lines = [
        "# Fields behind the structured transmission matrix; pattern[j] = (j j + j / 3) % 3 - 1.",
        "# Made by tests/src/test/scripts/structured.py.",
        f"key {key}",
    ]
    inputs, outputs = 21, 19
    lines.append(f"shape {inputs} {outputs}")
    for name, values in zip(("real", "imaginary"), field(key, small_pattern(inputs), outputs)):
        lines.append(" ".join([name, *(float(v).hex() for v in values)]))
    # Rounding begins somewhere above 2^16: from there on the order of the additions matters.
    for inputs, outputs in [(130, 100), (5000, 9000), (200_000, 262_144)]:
        real, imaginary = field(key, small_pattern(inputs), outputs)
        lines.append(f"checksums {inputs} {outputs} {checksum(real)} {checksum(imaginary)}")
        other, _ = field(key, small_pattern(inputs), outputs, -1)
        print(inputs, outputs, "mean intensity per mirror", np.mean(
            np.float64(real) ** 2 + np.float64(imaginary) ** 2) / np.count_nonzero(
            small_pattern(inputs)), "order shows:", checksum(other) != checksum(real))
    FILE.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
