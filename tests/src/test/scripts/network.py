"""A small network trained by four rules in double precision, from the formulas in the Javadoc."""
import math

import numpy as np
from optics import Opu
from philox import FEEDBACK_MATRIX, WEIGHTS, derive_key, normal_matrix, uniform_matrix

WIDTHS = (12, 16, 14, 4)
BATCH = 8
STEPS = 10
SEED = 2026
ADAM_EPSILON = 2.0**-10


class Nudge:
    """Stands for the roundings of an fp32 implementation: every value is moved a little.

    Activations may err by 2e-6 (the bound of Feedlight's tanh), everything that is a sum of at most
    16 products by 16 x 2^-24 of itself.
    """

    def __init__(self, random=None):
        self.random = random

    def absolute(self, values):
        if self.random is None:
            return values
        return values + 2e-6 * self.random.uniform(-1, 1, values.shape)

    def relative(self, values):
        if self.random is None:
            return values
        return values * (1 + 2.0**-20 * self.random.uniform(-1, 1, values.shape))


class Optimizer:
    """One weight's update; rates are exact in fp32."""

    def __init__(self, kind):
        self.kind, self.state = kind, {}

    def update(self, name, weight, gradient, step):
        if self.kind == "sgd":
            return weight - 0.5 * gradient
        if self.kind == "momentum":
            moment = 0.75 * self.state.get(name, 0) + gradient
            self.state[name] = moment
            return weight - 0.25 * moment
        first, second = self.state.get(name, (0, 0))
        first = 0.75 * first + 0.25 * gradient
        second = 0.875 * second + 0.125 * gradient**2
        self.state[name] = first, second
        correction1 = 1 / (1 - 0.75 ** (step + 1))
        correction2 = 1 / (1 - 0.875 ** (step + 1))
        root = np.sqrt(second * correction2) + ADAM_EPSILON
        return weight - 2.0**-6 * correction1 * first / root


class Optics:
    """Ternarize at 0.99 rms, project, give every sample the norm of its error."""

    def __init__(self, **settings):
        self.opu = Opu(WIDTHS[-1], max(WIDTHS[1:-1]), SEED, **settings)
        self.margin = math.inf

    def signal(self, error, step):
        rows = []
        for sample, e in enumerate(error):
            threshold = 0.99 * math.sqrt((e @ e) / len(e))
            self.margin = min(self.margin, np.min(np.abs(np.abs(e) / threshold - 1)))
            ternary = np.where(np.abs(e) > threshold, np.sign(e), 0).astype(np.int64)
            lit = np.count_nonzero(ternary)
            row_scale = math.sqrt((e @ e) / (lit * self.opu.outputs))
            rows.append(self.opu.project(ternary, step * BATCH + sample, row_scale))
        return np.array(rows, np.float64)


class Matrix:
    """The digital feedback matrix."""

    margin = math.inf

    def __init__(self):
        rows = max(WIDTHS[1:-1])
        self.matrix = normal_matrix(
            derive_key(SEED, FEEDBACK_MATRIX, 0), rows, WIDTHS[-1], 1 / math.sqrt(rows)
        ).astype(np.float64)

    def signal(self, error, _step):
        return error @ self.matrix.T


def initial_weights():
    return [
        uniform_matrix(derive_key(SEED, WEIGHTS, i), m, n, math.sqrt(3 / n)).astype(np.float64)
        for i, (n, m) in enumerate(zip(WIDTHS, WIDTHS[1:]))
    ]


def signals(rule, projector, error, activations, weights, step, nudge):
    """What each block's output receives; None leaves the block as it is."""
    hidden = len(weights) - 1
    if rule == "shlw":
        return [None] * hidden + [error]
    if rule == "bp":
        result = [error]
        for i in range(hidden, 0, -1):
            upper = result[0] if i == hidden else result[0] * (1 - activations[i + 1] ** 2)
            result.insert(0, nudge.relative(upper @ weights[i]))
        return result
    projected = nudge.relative(projector.signal(error, step))
    return [projected[:, : WIDTHS[i + 1]] for i in range(hidden)] + [error]


def train(rule, projector, kind, data, labels, nudge=Nudge()):
    """Losses of all steps and the weights after the last."""
    weights = initial_weights()
    biases = [np.zeros(len(w)) for w in weights]
    optimizer = Optimizer(kind)
    losses = []
    for step in range(STEPS):
        batch = slice(step % 2 * BATCH, step % 2 * BATCH + BATCH)
        activations = [data[batch]]
        for i, (w, b) in enumerate(zip(weights, biases)):
            z = nudge.relative(activations[-1] @ w.T + b)
            activations.append(z if i == len(weights) - 1 else nudge.absolute(np.tanh(z)))
        logits = activations[-1] - activations[-1].max(axis=1, keepdims=True)
        log_sum = np.log(np.exp(logits).sum(axis=1, keepdims=True))
        one_hot = np.eye(WIDTHS[-1])[labels[batch]]
        losses.append(float(np.mean(np.sum(one_hot * (log_sum - logits), axis=1))))
        error = nudge.relative((np.exp(logits - log_sum) - one_hot) / BATCH)
        received = signals(rule, projector, error, activations, weights, step, nudge)
        for i, dy in enumerate(received):
            if dy is None:
                continue
            dz = dy if i == len(weights) - 1 else dy * (1 - activations[i + 1] ** 2)
            gradient = nudge.relative(dz.T @ activations[i])
            weights[i] = optimizer.update(("w", i), weights[i], gradient, step)
            bias_gradient = nudge.relative(dz.sum(axis=0))
            biases[i] = optimizer.update(("b", i), biases[i], bias_gradient, step)
    return losses, weights
