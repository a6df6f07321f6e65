"""Writes along_axis.json: operations along an axis and their gradients, as PyTorch and NumPy compute them.

Each case has an operand, which is a permuted view, the arguments, the result and the gradient of the operand (and of a source)
for a given gradient of the result. Values are multiples of 1/16, so that sums are exact; products are rounded to nine digits.

Usage: python3 along_axis.py > along_axis.json
"""
import json
import random

import numpy as np
import torch

random.seed(12)
torch.manual_seed(12)
cases = []


def numbers(shape, zeros=0.0):
    x = torch.randint(-32, 33, shape).double() / 16
    return torch.where(torch.rand(shape) < zeros, torch.zeros(()).double(), x)


def flat(x):
    x = x.detach()
    number = int if x.dtype == torch.int64 else lambda e: float(f"{e:.9g}")
    return {"shape": list(x.shape), "values": [number(e) for e in x.flatten().tolist()]}


def add(name, run, zeros=0.0, source=None, integers=None, rank=3, **arguments):
    """Runs an operation on a view and keeps what goes in and what comes out."""
    sizes = [random.randint(1, 4) for _ in range(rank)] if "sizes" not in arguments else arguments.pop("sizes")
    order = random.sample(range(rank), rank)
    stored = numbers([sizes[order.index(i)] for i in range(rank)], zeros).requires_grad_()
    x = stored.permute(order)
    case = {"operation": name, "order": order, **{k: v if isinstance(v, (int, bool, float, list)) else flat(v)
                                                  for k, v in arguments.items()}}
    inputs = [stored]
    if source is not None:
        source.requires_grad_()
        inputs.append(source)
        case["source"] = flat(source)
    y = run(x, source) if source is not None else run(x)
    if isinstance(y, tuple):
        y, indices = y
        case["indicesOut"] = flat(indices)
    if y.dtype == torch.int64:
        case["y"] = flat(y)
    else:
        dY = numbers(y.shape)
        gradients = torch.autograd.grad(y, inputs, dY)
        case |= {"y": flat(y), "dY": flat(dY), "dX": flat(gradients[0])}
        if source is not None:
            case["dSource"] = flat(gradients[1])
    case["x"] = flat(stored)
    cases.append(case)


for _ in range(6):
    sizes = [random.randint(1, 4) for _ in range(3)]
    axis = random.randint(0, 2)
    shape = [random.randint(1, s) for s in sizes]
    shape[axis] = random.randint(1, 5)
    indices = torch.randint(0, sizes[axis], shape)
    add("GatherAlong", lambda x: x.gather(axis, indices), sizes=sizes, axis=axis, indices=indices)
    add("ScatterAddAlong", lambda x, s: x.scatter_add(axis, indices, s), source=numbers(shape), sizes=sizes, axis=axis,
        indices=indices)
    rows = torch.randint(0, sizes[axis], [random.randint(1, 5)])
    add("Gather", lambda x: x.index_select(axis, rows), sizes=sizes, axis=axis, indices=rows)

    # PyTorch defines the result, and the gradient, only where no place is written twice.
    distinct = torch.stack([torch.randperm(sizes[axis]) for _ in range(int(np.prod(sizes)) // sizes[axis])])
    distinct = distinct.reshape([s for i, s in enumerate(sizes) if i != axis] + [sizes[axis]]).movedim(-1, axis)
    distinct = distinct.narrow(axis, 0, random.randint(1, sizes[axis])).contiguous()
    add("ScatterAlong", lambda x, s: x.scatter(axis, distinct, s), source=numbers(distinct.shape), sizes=sizes, axis=axis,
        indices=distinct)

    axes = random.sample(range(3), random.randint(1, 3))
    add("Flip", lambda x: x.flip(axes), axes=axes)
    add("CumulativeSum", lambda x: x.cumsum(axis), axis=axis)
    add("CumulativeProduct", lambda x: x.cumprod(axis), zeros=0.3, axis=axis)
    diagonal = random.randint(-3, 3)
    add("LowerTriangle", lambda x: x.tril(diagonal), diagonal=diagonal)
    add("UpperTriangle", lambda x: x.triu(diagonal), diagonal=diagonal)
    padding = [random.randint(0, 2) for _ in range(6)]
    from_last = padding[4:] + padding[2:4] + padding[:2]
    add("Pad", lambda x: torch.nn.functional.pad(x, from_last, value=0.5), padding=padding, value=0.5)
    counts = [random.randint(1, 3) for _ in range(random.randint(1, 4))]
    add("Tile", lambda x: x.tile(counts), counts=counts)
    count = random.randint(1, 3)
    add("Repeat", lambda x: x.repeat_interleave(count, axis), count=count, axis=axis)
    shift = random.randint(-5, 5)
    add("Roll", lambda x: x.roll(shift, axis), shift=shift, axis=axis)
    add("Product", lambda x: x.prod(axis), zeros=0.2, axis=axis)
    descending = random.random() < 0.5
    add("Sort", lambda x: tuple(torch.sort(x, stable=True, dim=axis, descending=descending)), sizes=[3, 4, 5], axis=axis,
        descending=descending)
    add("ArgMaxLast", lambda x: torch.from_numpy(
        x.shape[axis] - 1 - np.argmax(np.flip(x.detach().numpy(), axis), axis)), zeros=0.7, axis=axis)

print(json.dumps(cases, separators=(",", ":")))
