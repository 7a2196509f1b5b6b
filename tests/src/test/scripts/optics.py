"""The emulated OPU in numpy: exact integer fields, then the documented float32 steps in order."""
import functools
import math

import numpy as np
from philox import CAMERA, TRANSMISSION, derive_key, normal, philox, quantile


@functools.cache
def byte_table():
    """Inverse normal law at (i + 1/2) / 256, the outermost at 127."""
    quantiles = [quantile((i + 0.5) / 256) for i in range(256)]
    return [round(127 * q / -quantiles[0]) for q in quantiles]


@functools.cache
def scale():
    """Divides the bytes so that real and imaginary part have variance 1/2."""
    return math.sqrt(2 * sum(value * value for value in byte_table()) / 256)


def entry(key, row, column):
    """Signed bytes (u, v): a block holds 8 columns of a row, u in words 0 and 1, v in 2 and 3."""
    block = philox(key, (column // 8, row, 0, 0))
    position = column % 8
    shift = 8 * (position % 4)
    table = byte_table()
    return (
        table[block[position // 4] >> shift & 0xFF],
        table[block[2 + position // 4] >> shift & 0xFF],
    )


def matrix(key, outputs, inputs):
    """T as two integer matrices."""
    entries = np.array(
        [[entry(key, row, column) for column in range(inputs)] for row in range(outputs)], np.int64
    )
    return entries[:, :, 0], entries[:, :, 1]


class Opu:
    """Four frames and an anchor, as float32 as a camera's read-out is."""

    def __init__(self, inputs, outputs, seed, ideal=False, noise=True, bits=8, level=0.25):
        self.inputs, self.outputs, self.ideal = inputs, outputs, ideal
        self.real, self.imaginary = matrix(derive_key(seed, TRANSMISSION, 0), outputs, inputs)
        self.noise_key = derive_key(seed, CAMERA, 0)
        anchor = self.intensity(np.ones(inputs, np.int64))
        steps = 2**bits
        step8 = steps / 256
        self.gain = np.float32(level * steps / (sum(int(i) for i in anchor) / outputs))
        on = noise and not ideal
        self.read = np.float32(0.6 * step8 if on else 0)
        self.shot = np.float32(0.11 * step8 if on else 0)
        self.max_count = np.float32(steps - 1)
        self.unit = np.float32(math.sqrt(2 / float(self.gain)) / scale())
        self.anchor_intensity = anchor
        self.anchor = self.camera(anchor, 0, 4)

    def intensity(self, pattern):
        return (self.real @ pattern) ** 2 + (self.imaginary @ pattern) ** 2

    def deviates(self, projection, frame):
        low, high = projection & 0xFFFFFFFF, projection >> 32
        return np.array(
            [
                normal(philox(self.noise_key, (pixel, low, high, frame >> 2))[frame & 3])
                for pixel in range(self.outputs)
            ],
            np.float32,
        )

    def camera(self, intensity, projection, frame):
        s = intensity.astype(np.float32) * self.gain
        if self.ideal:
            return s
        if self.read > 0 or self.shot > 0:
            deviation = np.sqrt(self.shot * s + self.read * self.read)
            s = s + deviation * self.deviates(projection, frame)
        return np.minimum(np.maximum(np.rint(s), np.float32(0)), self.max_count)

    def project(self, ternary, projection, row_scale):
        """One vector; float32, ideal units keep the anchor bias and have no floor."""
        plus = (ternary > 0).astype(np.int64)
        minus = (ternary < 0).astype(np.int64)
        frames = [plus, 1 - plus, minus, 1 - minus]
        if self.ideal:
            i = [self.intensity(frame) for frame in frames]
            difference = i[0] - i[1] - i[2] + i[3]
            assert not np.any(difference % 2)
            d = np.sqrt(self.anchor_intensity.astype(np.float32) * self.gain)
            y = (difference // 2).astype(np.float32) * self.gain / d
        else:
            c = [self.camera(self.intensity(f), projection, n) for n, f in enumerate(frames)]
            d = np.sqrt(np.maximum(self.anchor, np.float32(1)))
            y = (((c[0] - c[1]) - c[2]) + c[3]) / (np.float32(2) * d)
            imbalance = np.float32(plus.sum() - minus.sum()) / np.float32(self.inputs)
            y = y - imbalance * d
        y = (y * self.unit) * np.float32(row_scale)
        assert y.dtype == np.float32
        return y
