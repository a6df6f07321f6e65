"""Writes elementwise.json: functions of one and of two elements and their derivatives, computed by PyTorch in float64.

The arguments are float32: edges (zeros of both signs, infinities, NaN, subnormals, the largest, halves, ends of domains) and
random numbers of all sizes; functions of two elements get all pairs of edges. The results are rounded to float32.

Usage: python3 elementwise.py [SEED] > elementwise.json
"""
import json
import math
import sys

import numpy as np
import torch
import torch.nn.functional as F

random = np.random.default_rng(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
EDGES = [0, 1, math.inf, 1.4e-45, 1e-40, 1.17549435e-38, 3.4028235e38, 0.5, 1.5, 2.5, 3, 6, 1e-8, 3e-4, 1 + 2**-23, 1 - 2**-24,
         20, 88.7, 104, 1e5, 1e10, 2e19, 2**31, math.pi, math.pi / 2]
PAIRS = [0, 1, math.inf, 1.4e-45, 1e-40, 3.4028235e38, 0.5, 2, 3, 7.5, 1e-8, 1e10]


def both_signs(values):
    return np.array([*values, *(-float(v) for v in values), math.nan], np.float32)


def shown(x):
    # The shortest digits that name each float32; JSON has no NaN and no infinities.
    numbers = [float(str(v)) for v in np.asarray(x, np.float64).astype(np.float32).ravel()]
    return [str(v) if not math.isfinite(v) else int(v) if v == int(v) and 0 < abs(v) < 1e6 or str(v) == "0.0" else v
            for v in numbers]


def evaluated(f, *arguments):
    """The result, and the derivative by each argument where PyTorch has one."""
    inputs = [torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in arguments]
    y = f(*inputs)
    case = {"y": shown(y.detach().double().numpy())}
    if y.requires_grad:
        case["d"] = [shown(g) for g in torch.autograd.grad(y.sum(), inputs, allow_unused=True, materialize_grads=True)]
    return case


def power(x, p):
    # Of two tensors, so that PyTorch calls pow and neither sqrt nor reciprocal, which differ from it at -0 and -inf.
    return torch.pow(x, torch.full_like(x, p))


def elu(x, alpha=1.0, scale=1.0, width=1.0):
    # PyTorch subtracts 1 from e^x, which loses all digits near 0.
    return scale * torch.where(x > 0, x, alpha * torch.expm1(torch.where(x > 0, 0, x) / width))


class Given(torch.autograd.Function):
    """A function with a derivative that autograd would compute inaccurately."""

    @staticmethod
    def forward(context, x, f, derivative):
        context.save_for_backward(derivative(x))
        return f(x)

    @staticmethod
    def backward(context, dy):
        return dy * context.saved_tensors[0], None, None


f32 = lambda v: float(np.float32(v))
SELU_SCALE, SELU_ALPHA = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717
UNARY = {
    **{name: getattr(torch, name) for name in (
        "exp log sqrt rsqrt reciprocal square abs floor ceil round trunc tanh sigmoid erf sin cos tan asin acos atan sinh"
        " cosh asinh acosh atanh log1p expm1 log2 log10 exp2 neg").split()},
    "sign": lambda x: torch.from_numpy(np.sign(x.detach().numpy())),  # NaN for NaN, where PyTorch has 0
    "cbrt": lambda x: Given.apply(x, lambda x: torch.from_numpy(np.cbrt(x.numpy())), lambda x: x.abs() ** (-2 / 3) / 3),
    "softsign": lambda x: Given.apply(x, F.softsign, lambda x: (1 + x.abs()) ** -2),
    "gelu": lambda x: x * torch.special.erfc(-x / math.sqrt(2)) / 2,
    "gelu_tanh": lambda x: x * torch.sigmoid(math.sqrt(8 / math.pi) * (x + f32(0.044715) * x ** 3)),
    "elu": elu, "elu 0.7": lambda x: elu(x, f32(0.7)), "celu 1.5": lambda x: elu(x, 1.5, width=1.5),
    "selu": lambda x: elu(x, SELU_ALPHA, SELU_SCALE),
    **{name: getattr(F, name) for name in (
        "relu silu softplus mish relu6 hardtanh hardsigmoid hardswish logsigmoid").split()},
    "leaky_relu 0.2": lambda x: F.leaky_relu(x, f32(0.2)),
    "clamp -0.5 2.5": lambda x: x.clamp(-0.5, 2.5),
    "hardtanh -2 0.5": lambda x: F.hardtanh(x, -2, 0.5),
    **{f"power {p}": (lambda p: lambda x: power(x, p))(p) for p in (2, 3, 0.5, -1, 0, 2.5, 1)},
    "isnan": torch.isnan, "isinf": torch.isinf, "isfinite": torch.isfinite,
}
BINARY = {
    **{name: getattr(torch, name) for name in "add sub mul div atan2 remainder maximum minimum pow".split()},
    "floor_divide": lambda x, y: torch.from_numpy(np.floor_divide(x.detach().numpy(), y.detach().numpy())),
    **{name: getattr(torch, name) for name in "lt le gt ge eq ne".split()},
}

sizes = np.exp(random.uniform(-20, 20, 16)) * random.choice([-1, 1], 16)
x = np.concatenate([both_signs(EDGES), random.normal(0, 3, 24), random.uniform(-1, 1, 12), sizes]).astype(np.float32)
edges = both_signs(PAIRS)
a = np.concatenate([np.repeat(edges, len(edges)), random.normal(0, 4, 15)]).astype(np.float32)
b = np.concatenate([np.tile(edges, len(edges)), random.normal(0, 4, 15)]).astype(np.float32)
with np.errstate(all="ignore"):
    print(json.dumps({
        "x": shown(x), "unary": {name: evaluated(f, x) for name, f in UNARY.items()},
        "a": shown(a), "b": shown(b), "binary": {name: evaluated(f, a, b) for name, f in BINARY.items()},
    }, separators=(",", ":")).replace('],"', '],\n"'))
