"""Writes views.json: operations on random views with random arguments, their results and gradients, as PyTorch and NumPy compute
them in float64 and int32.

An operand is stored in one layout and seen through permutations, slices and expansions. Numbers are multiples of 1/16, so that
sums are exact; in some cases there are infinities, NaN and zeros of both signs among them.

Usage: python3 views.py [CASES OF EACH OPERATION] [SEED] > views.json
"""
import json
import sys

import numpy as np
import torch
import torch.nn.functional as F

from view_cases import Case, narrower, number, operation, operations, random, shown, sizes

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 3


def reduction(name, f, zeros=0.0, edges=None):
    def run(case):
        # Beside large numbers the order of a sum would count.
        x = case.numbers(sizes(number(1, 3)), zeros, edges, name not in ("Sum", "Mean"))
        return f(x, case.axes(x.ndim), case.flag("keep"))
    run.__name__ = name
    operation(run)


def product(x, axes, keep):
    for a in axes:
        x = x.prod(a, keepdim=True)
    return x if keep else x.squeeze(axes)


def power_norm(x, axes, keep):
    # The gradient of the norm is 0 where the norm is.
    squares = (x * x).sum(axes, keepdim=keep)
    return torch.where(squares == 0, squares, torch.where(squares == 0, 1.0, squares).sqrt())


reduction("Sum", lambda x, axes, keep: x.sum(axes, keepdim=keep))
reduction("Mean", lambda x, axes, keep: x.mean(axes, keepdim=keep))
reduction("Max", lambda x, axes, keep: x.amax(axes, keepdim=keep), edges=False)
reduction("Min", lambda x, axes, keep: x.amin(axes, keepdim=keep), edges=False)
reduction("MaxEdges", lambda x, axes, keep: x.detach().amax(axes, keepdim=keep))
reduction("MinEdges", lambda x, axes, keep: x.detach().amin(axes, keepdim=keep))
reduction("LogSumExp", lambda x, axes, keep: x.logsumexp(axes, keepdim=keep), edges=False)
reduction("LogSumExpEdges", lambda x, axes, keep: x.detach().logsumexp(axes, keepdim=keep))
reduction("Product", product, 0.2, False)
reduction("ProductEdges", lambda x, axes, keep: product(x.detach(), axes, keep), 0.1)
reduction("Norm", power_norm, edges=False)
reduction("SumOfSquares", lambda x, axes, keep: (x * x).sum(axes, keepdim=keep), edges=False)
reduction("Variance", lambda x, axes, keep: x.var(axes, correction=0, keepdim=keep), edges=False)


@operation
def ArgMax(case):
    x = case.numbers(sizes(number(1, 3)), 0.3)
    axis, last = case.axis(x.ndim), case.flag("last")
    y = x.detach().numpy()
    return torch.tensor(y.shape[axis] - 1 - np.argmax(np.flip(y, axis), axis) if last else np.argmax(y, axis))


@operation
def ArgMin(case):
    x = case.numbers(sizes(number(1, 3)), 0.3)
    axis, last = case.axis(x.ndim), case.flag("last")
    y = x.detach().numpy()
    return torch.tensor(y.shape[axis] - 1 - np.argmin(np.flip(y, axis), axis) if last else np.argmin(y, axis))


def softmax(name, f, edges=None):
    def run(case):
        x = case.numbers(sizes(number(1, 3)), edges=edges)
        return f(x * 8 if edges is False else x.detach(), case.axis(x.ndim))
    run.__name__ = name
    operation(run)


softmax("Softmax", torch.softmax, False)
softmax("LogSoftmax", torch.log_softmax, False)
softmax("SoftmaxEdges", torch.softmax)
softmax("LogSoftmaxEdges", torch.log_softmax)


@operation
def Sort(case):
    x = case.numbers(sizes(number(1, 3), high=6), 0.2)
    y, indices = torch.sort(x, dim=case.axis(x.ndim), descending=case.flag("descending"), stable=True)
    return y, indices


@operation
def TopK(case):
    x = case.numbers([*sizes(number(0, 2)), number(2, 6)])
    k = case.given(k=number(1, x.shape[-1]))
    y, indices = torch.sort(x, dim=-1, descending=True, stable=True)
    return y.narrow(-1, 0, k), indices.narrow(-1, 0, k)


def cumulative(name, f, edges):
    def run(case):
        x = case.numbers(sizes(number(1, 3)), 0.15, edges, f is not torch.cumsum)
        axis, reverse, exclusive = case.axis(x.ndim), case.flag("reverse"), case.flag("exclusive")
        x = x if edges is False else x.detach()
        y = x.flip(axis) if reverse else x
        if exclusive:
            start = torch.full_like(y.narrow(axis, 0, 1), 0.0 if f is torch.cumsum else 1.0).detach()
            y = torch.cat([start, y.narrow(axis, 0, y.shape[axis] - 1)], axis)
        y = f(y, axis)
        return y.flip(axis) if reverse else y
    run.__name__ = name
    operation(run)


cumulative("CumulativeSum", torch.cumsum, False)
cumulative("CumulativeProduct", torch.cumprod, False)
cumulative("CumulativeSumEdges", torch.cumsum, None)
cumulative("CumulativeProductEdges", torch.cumprod, None)


@operation
def Where(case):
    shape = sizes()
    mask, x, y = case.booleans(narrower(shape)), case.numbers(shape), case.numbers(narrower(shape))
    return torch.where(mask, x, y)


@operation
def MaskedFill(case):
    shape = sizes()
    x, mask = case.numbers(shape), case.booleans(narrower(shape))
    return x.masked_fill(mask, case.given(value=0.5))


def pairs(name, f, edges=None):
    def run(case):
        shape = sizes()
        x, y = case.numbers(shape, edges=edges), case.numbers(narrower(shape), edges=edges)
        return f(y, x) if case.flag("swapped") else f(x, y)
    run.__name__ = name
    operation(run)


for name in "add sub mul".split():
    pairs(name.capitalize(), getattr(torch, name))
for name in "atan2 remainder maximum minimum".split():
    pairs(name.capitalize(), getattr(torch, name), False)
for name in "lt le eq ne".split():
    pairs(name.capitalize(), getattr(torch, name))


@operation
def Gather(case):
    x = case.numbers(sizes(number(1, 3)))
    axis = case.axis(x.ndim)
    n = x.shape[axis]
    indices = case.integers(sizes(number(0, 2)), -n, n - 1, False)
    flat = x.index_select(axis, indices.flatten().long() % n)
    return flat.reshape([*x.shape[:axis], *indices.shape, *x.shape[axis + 1:]])


def lines(case, x, axis, distinct=False):
    shape = [number(1, s) for s in x.shape]
    if not distinct:
        shape[axis] = number(1, 5)
        return case.integers(shape, -x.shape[axis], x.shape[axis] - 1, False)
    draw = lambda _: torch.tensor(np.argsort(random.random([*shape[:axis], x.shape[axis], *shape[axis + 1:]]), axis)
                                  .take(range(shape[axis]), axis), dtype=torch.int32)
    stored = draw(None)
    rank = len(shape)
    case.operands.append({"type": "int", **shown(stored), "order": list(range(rank)), "start": [0] * rank, "step": [1] * rank,
                          "kept": shape, "expanded": shape})
    case.stored.append(stored)
    return stored


@operation
def GatherAlong(case):
    x = case.numbers(sizes(number(1, 3)))
    axis = case.axis(x.ndim)
    return x.gather(axis, lines(case, x, axis).long() % x.shape[axis])


@operation
def ScatterAlong(case):
    x = case.numbers(sizes(number(1, 3)))
    axis = case.axis(x.ndim)
    indices = lines(case, x, axis, True).long()
    return x.scatter(axis, indices, case.numbers(indices.shape))


@operation
def ScatterAddAlong(case):
    x = case.numbers(sizes(number(1, 3)), edges=False)
    axis = case.axis(x.ndim)
    indices = lines(case, x, axis).long() % x.shape[axis]
    return x.scatter_add(axis, indices, case.numbers(indices.shape, edges=False))


@operation
def Flip(case):
    x = case.numbers(sizes(number(1, 3)))
    return x.flip(case.axes(x.ndim))


@operation
def Roll(case):
    x = case.numbers(sizes(number(1, 3)))
    return x.roll(case.given(shift=number(-5, 5)), case.axis(x.ndim))


@operation
def Pad(case):
    x = case.numbers(sizes(number(1, 3)))
    padding = case.given(padding=[number(0, 2) for _ in range(2 * x.ndim)])
    return F.pad(x, [n for a in reversed(range(x.ndim)) for n in padding[2 * a:2 * a + 2]], value=case.given(value=-0.5))


@operation
def Tile(case):
    return case.numbers(sizes()).tile(case.given(counts=[number(1, 3) for _ in range(number(1, 4))]))


@operation
def Repeat(case):
    x = case.numbers(sizes(number(1, 3)))
    axis = case.axis(x.ndim)
    return x.repeat_interleave(torch.tensor(case.given(counts=[number(0, 3) for _ in range(x.shape[axis])])), axis)


@operation
def LowerTriangle(case):
    return case.numbers(sizes(number(2, 3))).tril(case.given(diagonal=number(-3, 3)))


@operation
def UpperTriangle(case):
    return case.numbers(sizes(number(2, 3))).triu(case.given(diagonal=number(-3, 3)))


@operation
def Einsum(case):
    letters = {c: number(1, 3) for c in "abcd"}
    words = ["".join(random.permutation(list(letters))[:number(0, 3)]) for _ in range(number(1, 3))]
    used = sorted(set("".join(words)))
    result = "".join(random.permutation(used)[:number(0, len(used))]) if used else ""
    subscripts = case.given(subscripts=",".join(words) + "->" + result)
    return torch.einsum(subscripts, *[case.numbers([letters[c] for c in w], edges=False) for w in words])


def norm(name, f):
    def run(case):
        x = case.numbers([number(2, 3), 2 * number(1, 3), *sizes(number(1, 2), 2)], edges=False)
        return f(case, x)
    run.__name__ = name
    operation(run)


def channels(case, x):
    return case.numbers([x.shape[1]], edges=False), case.numbers([x.shape[1]], edges=False)


norm("GroupNorm", lambda case, x: F.group_norm(x, case.given(groups=number(1, 2)), *channels(case, x), eps=0.1))
norm("InstanceNorm", lambda case, x: F.instance_norm(x, None, None, *channels(case, x), eps=0.1))
norm("BatchNorm", lambda case, x: F.batch_norm(x, None, None, *channels(case, x), training=True, eps=0.1))
norm("LayerNorm", lambda case, x: (lambda axes: F.layer_norm(
    x, x.shape[-axes:], case.numbers(x.shape[-axes:], edges=False), case.numbers(x.shape[-axes:], edges=False), eps=0.1))(
        case.given(count=number(1, 2))))


def logic(name, f):
    def run(case):
        shape = sizes()
        return f(case.booleans(shape), case.booleans(narrower(shape)))
    run.__name__ = name
    operation(run)


logic("And", torch.logical_and)
logic("Or", torch.logical_or)
logic("Xor", torch.logical_xor)


def quantifier(name, f):
    def run(case):
        x = case.booleans(sizes(number(1, 3)))
        return torch.tensor(np.asarray(f(x.numpy(), axis=tuple(case.axes(x.ndim)), keepdims=case.flag("keep"))))
    run.__name__ = name
    operation(run)


quantifier("Any", np.any)
quantifier("All", np.all)


def arithmetic(name, f, divides=False):
    def run(case):
        shape = sizes()
        x, y = case.integers(shape).numpy(), case.integers(narrower(shape), 1 if divides else -9, edges=not divides).numpy()
        with np.errstate(all="ignore"):
            return torch.tensor(np.asarray(f(x, y)))
    run.__name__ = name
    operation(run)


arithmetic("IndexAdd", np.add)
arithmetic("IndexSubtract", np.subtract)
arithmetic("IndexMultiply", np.multiply)
arithmetic("IndexMinimum", np.minimum)
arithmetic("IndexMaximum", np.maximum)
arithmetic("IndexDivide", lambda x, y: np.trunc(x / y.astype(np.float64)).astype(np.int32), True)
arithmetic("IndexModulo", np.fmod, True)
arithmetic("IndexFloorDivide", np.floor_divide, True)
arithmetic("IndexRemainder", np.remainder, True)
arithmetic("IndexLess", np.less)
arithmetic("IndexLessOrEqual", np.less_equal)
arithmetic("IndexEqual", np.equal)


def index_reduction(name, f):
    def run(case):
        x = case.integers(sizes(number(1, 3)))
        return torch.tensor(np.asarray(f(x.numpy(), tuple(case.axes(x.ndim)), case.flag("keep"))))
    run.__name__ = name
    operation(run)


index_reduction("IndexSum", lambda x, axes, keep: x.sum(axes, np.int32, keepdims=keep))
index_reduction("IndexMax", lambda x, axes, keep: x.max(axes, keepdims=keep))
index_reduction("IndexMin", lambda x, axes, keep: x.min(axes, keepdims=keep))


@operation
def IndexArgMax(case):
    x = case.integers(sizes(number(1, 3), high=5), -2, 2)
    return torch.tensor(np.argmax(x.numpy(), case.axis(x.ndim)))


@operation
def IndexArgMin(case):
    x = case.integers(sizes(number(1, 3), high=5), -2, 2)
    return torch.tensor(np.argmin(x.numpy(), case.axis(x.ndim)))


@operation
def IndexSort(case):
    x = case.integers(sizes(number(1, 3), high=6), -3, 3)
    return torch.sort(x, dim=case.axis(x.ndim), descending=case.flag("descending"), stable=True)


@operation
def IndexGather(case):
    x = case.integers(sizes(number(1, 3)))
    axis = case.axis(x.ndim)
    return x.index_select(axis, case.integers(sizes(1), -x.shape[axis], x.shape[axis] - 1, False).long() % x.shape[axis])


@operation
def IndexFlip(case):
    x = case.integers(sizes(number(1, 3)))
    return x.flip(case.axes(x.ndim))


@operation
def IndexClamp(case):
    return case.integers(sizes()).clamp(case.given(low=number(-9, 0)), case.given(high=number(0, 9)))


@operation
def IndexToTensor(case):
    return case.integers(sizes()).double()


@operation
def ToIndex(case):
    return torch.trunc(case.numbers(sizes(), edges=False).detach() * 100).int()


import view_losses  # noqa: E402, F401: it adds the losses after the operations above

cases = []
for name, run in operations.items():
    for i in range(COUNT):
        case = Case(edgy=i % 3 == 2)
        results = run(case)
        results = list(results) if isinstance(results, tuple) else [results]
        golden = {"operation": name, "arguments": case.arguments, "operands": case.operands, "y": [shown(y) for y in results]}
        y = results[0]
        inputs = [x for x in case.stored if x.requires_grad]
        if y.requires_grad:
            dY = torch.tensor(random.integers(-32, 33, list(y.shape)) / 16)
            gradients = torch.autograd.grad(y, inputs, dY, allow_unused=True, materialize_grads=True)
            golden |= {"dY": shown(dY), "d": [shown(g) for g in gradients]}
        cases.append(golden)
print("[" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "]")
