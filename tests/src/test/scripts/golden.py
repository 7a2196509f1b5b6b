"""Makes the golden files of Feedlight's tests: an independent implementation in numpy.

    apt-get install python3-numpy
    /usr/bin/python3 tests/src/test/scripts/golden.py

Nothing of the build or of a test calls this; the files that it writes are committed. Each line of a
file is a name and its numbers; # begins a comment. Floats are hexadecimal, hence exact.
"""
import pathlib

import numpy as np
from network import BATCH, STEPS, WIDTHS, Matrix, Nudge, Optics, train
from optics import Opu, entry, scale
from philox import CAMERA, TRANSMISSION, derive_key, philox

FOLDER = pathlib.Path(__file__).parent.parent / "resources/dev/feedlight/golden"
SEED = 20260131
ROUNDING_RUNS = 40


class Lines:
    def __init__(self, about):
        self.lines = [f"# {about}", "# Made by tests/src/test/scripts/golden.py."]

    def add(self, name, values):
        texts = [v.hex() if isinstance(v, float) else str(v) for v in values]
        self.lines.append(" ".join([name, *texts]))

    def floats(self, name, values):
        self.add(name, [float(v) for v in np.asarray(values).ravel()])

    def write(self, name):
        (FOLDER / name).write_text("\n".join(self.lines) + "\n")


def vectors(inputs, seed):
    random = np.random.default_rng(seed)
    rows = random.choice([-1, 0, 1], size=(5, inputs), p=[0.2, 0.6, 0.2])
    rows[3] = 0
    rows[4] = 1
    return rows


def optics():
    key = derive_key(SEED, TRANSMISSION, 0)
    lines = Lines("Medium, camera and read-out of a small unit.")
    lines.add("seed", [SEED])
    lines.floats("scale", [scale()])
    lines.add("transmission.key", [key])
    lines.add("camera.key", [derive_key(SEED, CAMERA, 0)])
    for row, column in [(0, 0), (0, 7), (0, 8), (1, 0), (5, 1_000_003), (2**31 - 2, 16_909_319)]:
        lines.add("entry", [row, column, *entry(key, row, column)])
    inputs, outputs = 21, 19
    lines.add("shape", [inputs, outputs])
    ternary = vectors(inputs, 5)
    lines.add("ternary", [int(t) for t in ternary.ravel()])
    units = {
        "default": Opu(inputs, outputs, SEED),
        "noiseless": Opu(inputs, outputs, SEED, noise=False),
        "ideal": Opu(inputs, outputs, SEED, ideal=True),
    }
    for name, unit in units.items():
        lines.floats(name + ".anchor", unit.anchor)
        lines.floats(name, [unit.project(t, number, 1) for number, t in enumerate(ternary)])
    first = units["default"]
    frames = (ternary > 0).astype(np.int64)
    # A number beyond 32 bits shows that both words of the projection number enter the noise.
    for projection, frame in [(0, 0), (7, 3), (2**32 + 7, 3), (7, 5)]:
        counts = first.camera(first.intensity(frames[0]), projection, frame)
        lines.add("frame", [projection, frame, *(int(c) for c in counts)])
    lines.write("optics.txt")


def norms(weights):
    return [float(np.sqrt((w**2).sum())) for w in weights]


def training():
    random = np.random.default_rng(17)
    data = random.normal(size=(2 * BATCH, WIDTHS[0])).astype(np.float32).astype(np.float64)
    labels = random.integers(0, WIDTHS[-1], size=2 * BATCH)
    runs = {
        "bp": ("bp", None, "sgd"),
        "dfa": ("dfa", Matrix(), "momentum"),
        "odfa-ideal": ("odfa", Optics(ideal=True), "sgd"),
        "odfa-noiseless": ("odfa", Optics(noise=False), "momentum"),
        "odfa-default": ("odfa", Optics(), "sgd"),
        "shlw": ("shlw", None, "adam"),
    }
    lines = Lines(f"{STEPS} steps of {WIDTHS} tanh, batch {BATCH}, in double precision.")
    lines.floats("data", data)
    lines.add("labels", [int(label) for label in labels])
    for name, (rule, projector, kind) in runs.items():
        losses, weights = train(rule, projector, kind, data, labels)
        found = np.array(losses + norms(weights))
        spread = np.zeros(len(found))
        for run in range(ROUNDING_RUNS):
            nudge = Nudge(np.random.default_rng(run))
            moved, moved_weights = train(rule, projector, kind, data, labels, nudge)
            spread = np.maximum(spread, np.abs(moved + norms(moved_weights) - found))
        if projector is not None:
            assert projector.margin > 1e-4, f"{name}: a ternary entry hangs by {projector.margin}"
            print(name, "ternary margin", projector.margin)
        print(name, "loss", losses[0], "->", losses[-1], "spread", spread.max())
        lines.floats(name + ".losses", losses)
        lines.floats(name + ".losses.spread", spread[:STEPS])
        lines.floats(name + ".norms", norms(weights))
        lines.floats(name + ".norms.spread", spread[STEPS:])
    lines.write("training.txt")


def main():
    # Known answers of Random123, the authors' own library.
    assert philox(0, (0, 0, 0, 0)) == (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)
    optics()
    training()


if __name__ == "__main__":
    main()
