"""Writes the npy, npz and safetensors files under tests/src/test/resources/dev/feedlight/io with
NumPy 2.4.6 and safetensors:

    python3 arrays.py FOLDER

ArrayFilesTest says what is in them.
"""
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

folder = Path(sys.argv[1])
matrix = np.array([[1.5, -2.0, 3.25], [0.0, -0.0, np.inf]])
arrays = {
    "f4": matrix.astype("<f4"),
    "f8": matrix.astype("<f8"),
    "f2": matrix.astype("<f2"),
    "f4_big": matrix.astype(">f4"),
    "f8_big": matrix.astype(">f8"),
    "f2_big": matrix.astype(">f2"),
    "f4_fortran": np.asfortranarray(matrix.astype("<f4")),
    "f4_fortran_3d": np.asfortranarray(np.arange(24, dtype="<f4").reshape(2, 3, 4)),
    "i4": np.array([1, -2, 2**31 - 1], dtype="<i4"),
    "i4_big": np.array([1, -2, 2**31 - 1], dtype=">i4"),
    "i8": np.array([[1], [-2]], dtype="<i8"),
    "i8_big": np.array([[1], [-2]], dtype=">i8"),
    "i1": np.array([-128, 0, 127], dtype="i1"),
    "u1": np.array([0, 128, 255], dtype="u1"),
    "u1_fortran": np.asfortranarray(np.arange(6, dtype="u1").reshape(2, 3)),
    "b1": np.array([True, False]),
    "scalar": np.array(7, dtype="<f4"),
    "empty": np.zeros((0, 5), dtype="<f4"),
    "../up": np.array([1.0], dtype="<f4"),
}
np.savez(folder / "stored.npz", **arrays)
np.savez_compressed(folder / "deflated.npz", **arrays)
for version in ((1, 0), (2, 0), (3, 0)):
    with open(folder / f"version{version[0]}.npy", "wb") as file:
        np.lib.format.write_array(file, matrix.astype("<f4"), version=version)
np.save(folder / "objects.npy", np.array([None, "x"], dtype=object))
np.save(folder / "records.npy", np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]))
np.savez(folder / "small_stored.npz", w=matrix.astype("<f4"), b=np.arange(3, dtype="<i4"))
np.savez_compressed(folder / "small_deflated.npz", w=matrix.astype(">f8"), z=np.zeros((9, 9), "i1"))
np.savez(folder / "large_integer.npz", i8=np.array([2**31], dtype="<i8"))
save_file(
    {"f4": matrix.astype("<f4"), "f8": matrix, "f2": matrix.astype("<f2"), "i8": arrays["i8"]},
    folder / "python.safetensors",
    metadata={"format": "np"},
)
