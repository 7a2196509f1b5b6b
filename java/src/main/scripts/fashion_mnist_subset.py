#!/usr/bin/env python3
"""Makes the subset of Fashion-MNIST that the jar carries.

    python3 java/src/main/scripts/fashion_mnist_subset.py DIR

DIR holds the four files of the full set, plain or gzip. Of each class the first 750 training and the
first 150 test images are kept, in the order of the full set, and written as the same four IDX files,
gzip at level 9 without a time stamp. Prints the SHA-256 of each file before compression: the
compressed bytes depend on the version of zlib, the contents do not. Standard library only.
"""
import gzip
import hashlib
import pathlib
import struct
import sys

CLASSES = 10
PER_CLASS = {"train": 750, "t10k": 150}
LIMIT_BYTES = 4_000_000
TARGET = (
    pathlib.Path(__file__).parent.parent / "resources/dev/feedlight/data/fashion-mnist-subset"
)


def read(directory, name):
    plain = directory / name
    if plain.is_file():
        return plain.read_bytes()
    return gzip.decompress((directory / (name + ".gz")).read_bytes())


def subset(images, labels, per_class):
    """The first per_class examples of each class, as two IDX files."""
    magic, count, rows, columns = struct.unpack(">4I", images[:16])
    assert magic == 0x803 and struct.unpack(">2I", labels[:8]) == (0x801, count)
    pixels = rows * columns
    assert len(images) == 16 + count * pixels and len(labels) == 8 + count
    seen = [0] * CLASSES
    chosen = []
    for i, label in enumerate(labels[8:]):
        if seen[label] < per_class:
            seen[label] += 1
            chosen.append(i)
    assert seen == [per_class] * CLASSES, seen
    return (
        struct.pack(">4I", 0x803, len(chosen), rows, columns)
        + b"".join(images[16 + i * pixels : 16 + (i + 1) * pixels] for i in chosen),
        struct.pack(">2I", 0x801, len(chosen)) + bytes(labels[8 + i] for i in chosen),
    )


def main():
    source = pathlib.Path(sys.argv[1])
    total = 0
    for part, per_class in PER_CLASS.items():
        names = [f"{part}-images-idx3-ubyte", f"{part}-labels-idx1-ubyte"]
        for name, contents in zip(names, subset(*(read(source, n) for n in names), per_class)):
            packed = gzip.compress(contents, compresslevel=9, mtime=0)
            (TARGET / (name + ".gz")).write_bytes(packed)
            total += len(packed)
            print(hashlib.sha256(contents).hexdigest(), name, len(contents), len(packed))
    print("in all", total)
    assert total <= LIMIT_BYTES, total


if __name__ == "__main__":
    main()
