"""Prints the literals of FrozenDefinitionTest.

    /usr/bin/python3 tests/src/test/scripts/frozen.py
"""
import hashlib
import struct

from optics import byte_table, matrix
from philox import CAMERA, TRANSMISSION, WEIGHTS, derive_key, normal, normal_table, philox

SEED = 7


def main():
    transmission = derive_key(SEED, TRANSMISSION, 0)
    camera = derive_key(SEED, CAMERA, 0)
    weights = derive_key(2**64 - 1, WEIGHTS, 3)
    print("keys", *(f"0x{key:016X}" for key in (transmission, camera, weights)))
    print("table of the medium", hashlib.sha256(struct.pack("256b", *byte_table())).hexdigest())
    noise = struct.pack(">4096h", *(int(8192 * value) for value in normal_table()))
    print("table of the noise", hashlib.sha256(noise).hexdigest())
    real, imaginary = matrix(transmission, 3, 10)
    print("real", real.ravel())
    print("imaginary", imaginary.ravel())
    for frame in range(5):
        projection = 0 if frame == 4 else 5
        blocks = [philox(camera, (pixel, projection, 0, frame >> 2)) for pixel in range(3)]
        print("noise", frame, *(int(8192 * normal(block[frame & 3])) for block in blocks))


if __name__ == "__main__":
    main()
