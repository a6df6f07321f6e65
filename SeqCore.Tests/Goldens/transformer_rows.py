"""Writes transformer_rows.json: PyTorch 2.6 on norms, gates, activations and positions, with gradients.

Usage: python3 transformer_rows.py > transformer_rows.json
"""
import json

import torch
import torch.nn.functional as F

torch.manual_seed(11)


def text(t):
    return {"shape": list(t.shape), "values": [float(f"{v:.9g}") for v in t.detach().flatten().tolist()]}


def case(compute, **inputs):
    for t in inputs.values():
        t.requires_grad_()
    results = compute(**inputs)
    if not isinstance(results, dict):
        results = {"y": results}
    seeds = {"d" + name: torch.randn_like(t) for name, t in results.items()}
    sum((seeds["d" + name] * t).sum() for name, t in results.items()).backward()
    gradients = {"d" + name: t.grad for name, t in inputs.items()}
    return {name: text(t) for name, t in {**inputs, **results, **seeds, **gradients}.items()}


def add_norm(norm):
    def compute(x, residual, **parameters):
        total = x + residual
        return {"y": norm(total, **parameters), "sum": total}
    return compute


def layer_norm(x, weight, bias):
    return F.layer_norm(x, x.shape[-1:], weight, bias, eps=1e-5)


def rms_norm(x, weight):
    return F.rms_norm(x, x.shape[-1:], weight, eps=1e-6)


def swiglu(x):
    a, b = x.chunk(2, -1)
    return F.silu(a) * b


def neighbours(x, first, size):
    """RoFormer as complex numbers: pair j of position p times e^(i p theta_j). Shape (B, N, T, K)."""
    theta = 10000.0 ** (-torch.arange(0, size, 2, dtype=torch.float64) / size)
    angles = torch.outer(torch.arange(first, first + x.shape[-2], dtype=torch.float64), theta)
    pairs = torch.view_as_complex(x[..., :size].double().unflatten(-1, (-1, 2)).contiguous())
    turned = torch.view_as_real(pairs * torch.polar(torch.ones_like(angles), angles)).flatten(-2)
    return torch.cat([turned.float(), x[..., size:]], -1)


def halves(x, first, size):
    """GPT-NeoX: the same with element j beside element j + size / 2."""
    order = torch.arange(size).view(2, -1).T.flatten()
    order = torch.cat([order, torch.arange(size, x.shape[-1])])
    back = torch.argsort(order)
    return neighbours(x[..., order], first, size)[..., back]


def sinusoidal(length, size):
    p = torch.arange(length, dtype=torch.float64)[:, None]
    i = torch.arange(size)
    angle = p / 10000.0 ** ((i // 2 * 2) / size)
    return torch.where(i % 2 == 0, angle.sin(), angle.cos()).float()


def alibi(heads):
    """Slopes as in the paper for a power of two; other counts go on with every other slope of twice the power below."""
    power = 1 << (heads.bit_length() - 1)
    slopes = (0.5 ** (torch.arange(1, power + 1, dtype=torch.float64) * 8 / power)).tolist()
    return slopes if power == heads else slopes + alibi(2 * power)[::2][: heads - power]


r = torch.randn
cases = {
    "RmsNorm": case(rms_norm, x=r(3, 7), weight=r(7)),
    "AddLayerNorm": case(add_norm(layer_norm), x=r(2, 3, 5), residual=r(2, 3, 5), weight=r(5), bias=r(5)),
    "AddRmsNorm": case(add_norm(rms_norm), x=r(2, 3, 5), residual=r(2, 3, 5), weight=r(5)),
    "SwiGlu": case(swiglu, x=2 * r(3, 10)),
    "Silu": case(lambda x: F.silu(x), x=3 * r(12)),
    "Gelu": case(lambda x: F.gelu(x), x=2 * r(12)),
    "GeluTanh": case(lambda x: F.gelu(x, approximate="tanh"), x=2 * r(12)),
    "RotaryInterleaved": case(lambda x: neighbours(x, 0, 6), x=r(1, 2, 4, 6)),
    "RotaryHalfSplit": case(lambda x: halves(x, 0, 6), x=r(1, 2, 4, 6)),
    "RotaryInterleavedPartialFrom100": case(lambda x: neighbours(x, 100, 4), x=r(2, 1, 3, 7)),
    "RotaryHalfSplitPartialFrom100": case(lambda x: halves(x, 100, 4), x=r(2, 1, 3, 7)),
    "Sinusoidal": {"y": text(sinusoidal(9, 6)), "odd": text(sinusoidal(3, 5))},
    "Alibi": {str(n): text(torch.tensor(alibi(n))) for n in (1, 2, 3, 6, 8, 12, 16)},
}
print("{")
print(",\n".join(f'"{name}": {json.dumps(c)}' for name, c in cases.items()))
print("}")
