"""Philox4x32-10 and what Feedlight makes of it, written from the paper and the documentation alone.

Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011); Python integers, no tricks.
"""
import functools
import math

import numpy as np

WORD = 0xFFFFFFFF
WEIGHTS, FEEDBACK_MATRIX, TRANSMISSION, CAMERA = 1, 2, 3, 4


def philox(key, counter):
    """Four words of the block with this 64-bit key and these four counter words."""
    c0, c1, c2, c3 = counter
    k0, k1 = key & WORD, key >> 32
    for _ in range(10):
        product0 = 0xD2511F53 * c0
        product1 = 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (
            (product1 >> 32) ^ c1 ^ k0,
            product1 & WORD,
            (product0 >> 32) ^ c3 ^ k1,
            product0 & WORD,
        )
        k0 = (k0 + 0x9E3779B9) & WORD
        k1 = (k1 + 0xBB67AE85) & WORD
    return c0, c1, c2, c3


def derive_key(seed, purpose, index):
    words = philox(seed, (purpose, index, 0, 0x4B455953))
    return words[0] | words[1] << 32


def words(key, count):
    """Element i takes word i & 3 of block i / 4."""
    blocks = (philox(key, (b, 0, 0, 0)) for b in range(-(-count // 4)))
    return [word for block in blocks for word in block][:count]


def quantile(p):
    """Inverse normal law by bisection of erfc."""
    low, high = -10.0, 10.0
    for _ in range(200):
        middle = (low + high) / 2
        if 0.5 * math.erfc(-middle / math.sqrt(2)) < p:
            low = middle
        else:
            high = middle
    return (low + high) / 2


@functools.cache
def normal_table():
    """4096 quantiles of unit variance in units of 2^-13, as float32."""
    quantiles = [quantile((i + 0.5) / 4096) for i in range(4096)]
    deviation = math.sqrt(sum(q * q for q in quantiles) / 4096)
    return np.array([round(8192 * q / deviation) for q in quantiles], np.float32) / np.float32(8192)


def normal(word):
    return normal_table()[word >> 20]


def uniform_matrix(key, rows, columns, scale):
    values = [(word >> 8) * 2.0**-23 - 1 for word in words(key, rows * columns)]
    return (np.array(values, np.float32) * np.float32(scale)).reshape(rows, columns)


def normal_matrix(key, rows, columns, scale):
    values = [normal(word) for word in words(key, rows * columns)]
    return (np.array(values, np.float32) * np.float32(scale)).reshape(rows, columns)
