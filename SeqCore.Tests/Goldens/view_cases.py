"""Random shapes, views and arguments for views.py, which runs it."""
import math
import sys

import numpy as np
import torch

random = np.random.default_rng(int(sys.argv[2]) if len(sys.argv) > 2 else 7)
INTEGERS = [0, 1, -1, 2, -3, 7, 2**31 - 1, -2**31, 2**24 + 1, 1000003]
EDGES = [0.0, -0.0, math.inf, -math.inf, math.nan, 1e-40, 1e30, -1e30]
TYPES = {torch.float64: "float", torch.int32: "int", torch.bool: "bool"}
operations = {}


def operation(f):
    operations[f.__name__.rstrip("_")] = f
    return f


def chance(p):
    return random.random() < p


def number(low, high):
    return int(random.integers(low, high + 1))


def sizes(rank=None, low=1, high=4):
    return [number(low, high) for _ in range(number(0 if rank is None else rank, 3 if rank is None else rank))]


def shown(x):
    if x.dtype in (torch.int64, torch.int32, torch.bool):
        return {"shape": list(x.shape), "values": x.int().flatten().tolist()}
    with np.errstate(over="ignore"):
        values = [float(str(v)) for v in x.detach().double().numpy().astype(np.float32).ravel()]
    return {"shape": list(x.shape), "values": [
        str(v) if not math.isfinite(v) else int(v) if v == int(v) and 0 < abs(v) < 1e6 or str(v) == "0.0" else v for v in values]}


class Case:
    """Collects what an operation is given."""

    def __init__(self, edgy):
        self.edgy, self.operands, self.stored, self.arguments = edgy, [], [], {}

    def view(self, shape, draw, requires_gradient):
        """A tensor of this shape that is a view of a stored one."""
        order = random.permutation(len(shape)).tolist()
        kept = [1 if chance(0.15) else s for s in shape]
        step = [number(1, 2) if chance(0.3) else 1 for _ in shape]
        start = [number(0, 1) if chance(0.3) else 0 for _ in shape]
        larger = [start[a] + kept[a] * step[a] for a in order]
        stored = draw(larger)
        if requires_gradient:
            stored.requires_grad_()
        x = stored.permute([order.index(a) for a in range(len(shape))])
        for a in range(len(shape)):
            x = x.narrow(a, start[a], kept[a] * step[a])[(slice(None),) * a + (slice(None, None, step[a]),)]
        self.operands.append({"type": "variable" if requires_gradient else TYPES[stored.dtype], **shown(stored),
                              "order": [order.index(a) for a in range(len(shape))], "start": start, "step": step,
                              "kept": kept, "expanded": list(shape)})
        self.stored.append(stored)
        return x.expand(shape)

    def numbers(self, shape, zeros=0.0, edges=None, large=True):
        def draw(shape):
            x = random.integers(-40, 41, shape) / 16
            x = np.where(random.random(shape) < zeros, 0.0, x)
            if self.edgy if edges is None else edges:
                x = np.where(random.random(shape) < 0.2, random.choice(EDGES if large else EDGES[:-2], shape), x)
            return torch.tensor(np.float32(x), dtype=torch.float64)
        return self.view(shape, draw, True)

    def integers(self, shape, low=-9, high=9, edges=None):
        def draw(shape):
            x = random.integers(low, high + 1, shape)
            if self.edgy if edges is None else edges:
                x = np.where(random.random(shape) < 0.4, random.choice(INTEGERS, shape), x)
            return torch.tensor(x, dtype=torch.int32)
        return self.view(shape, draw, False)

    def booleans(self, shape):
        return self.view(shape, lambda s: torch.tensor(np.asarray(random.random(s) < 0.5)), False)

    def given(self, **arguments):
        self.arguments |= arguments
        return list(arguments.values())[0]

    def axis(self, rank):
        a = number(0, rank - 1)
        self.given(axis=a - rank if chance(0.5) else a)
        return a

    def axes(self, rank):
        axes = sorted(random.permutation(rank)[:number(1, rank)].tolist())
        self.given(axes=[a - rank if chance(0.5) else a for a in axes])
        return axes

    def flag(self, name):
        return self.given(**{name: chance(0.5)})


def narrower(shape):
    """A shape that broadcasts to the given one."""
    return [1 if chance(0.3) else s for s in shape[number(0, len(shape)):]] if shape else []
