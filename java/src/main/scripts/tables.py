#!/usr/bin/env python3
"""Makes the two inverse-normal tables that define Feedlight's random numbers.

    python3 java/src/main/scripts/tables.py

prints the literal of TransmissionBytes and writes normal-table.bin. Both are committed and frozen;
this script documents where they come from. Standard library only.
"""
import math
import pathlib
import struct
from statistics import NormalDist

QUANTILE = NormalDist().inv_cdf


def transmission_bytes():
    """256 signed bytes at the quantiles (i + 1/2) / 256, the outermost at 127."""
    quantiles = [QUANTILE((i + 0.5) / 256) for i in range(256)]
    return [round(127 * q / -quantiles[0]) for q in quantiles]


def normal_table(size=4096, one=8192):
    """Quantiles (i + 1/2) / size, scaled to unit variance, as integers in units of 1 / one."""
    quantiles = [QUANTILE((i + 0.5) / size) for i in range(size)]
    deviation = math.sqrt(sum(q * q for q in quantiles) / size)
    return [round(one * q / deviation) for q in quantiles]


def main():
    table = transmission_bytes()
    assert all(table[255 - i] == -table[i] for i in range(256))
    deviation = math.sqrt(sum(v * v for v in table) / 256)
    print("lower half:", table[:128])
    print("standard deviation", deviation, "scale", deviation * math.sqrt(2))
    normals = normal_table()
    assert all(normals[4095 - i] == -normals[i] for i in range(4096))
    target = pathlib.Path(__file__).parent.parent / "resources/dev/feedlight/device/normal-table.bin"
    target.write_bytes(struct.pack(">4096h", *normals))
    print("largest", max(normals) / 8192, "variance", sum(v * v for v in normals) / 4096 / 8192**2)


if __name__ == "__main__":
    main()
