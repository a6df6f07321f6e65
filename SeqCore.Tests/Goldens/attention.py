"""Writes attention.json: scaled dot-product attention of PyTorch 2.6 and its gradients, in float64, rounded to nine digits.

Usage: python3 attention.py > attention.json
"""
import json
import math

import torch
import torch.nn.functional as F


def text(t):
    return {"shape": list(t.shape), "values": [float(f"{v:.9g}") for v in t.detach().flatten().tolist()]}


def case(name, B=2, N=2, M=2, T=5, S=5, K=4, **options):
    torch.manual_seed(3)
    q = torch.randn(B, N, T, K, dtype=torch.float64, requires_grad=True)
    k, v = (torch.randn(B, M, S, K, dtype=torch.float64, requires_grad=True) for _ in range(2))
    dY = torch.randn(B, N, T, K, dtype=torch.float64)
    y = F.scaled_dot_product_attention(q, k, v, enable_gqa=N != M, **options)
    y.backward(dY)
    tensors = {"q": q, "k": k, "v": v, "dY": dY, "y": y, "dQ": q.grad, "dK": k.grad, "dV": v.grad}
    mask = options.get("attn_mask")
    if mask is not None and name in ("allowed", "bias", "decoding"):
        tensors["mask"] = mask.double() if mask.dtype == torch.bool else mask
    return {"name": name, **{key: text(value) for key, value in tensors.items()}}


torch.manual_seed(1)
allowed = torch.rand(2, 1, 5, 6) < 0.7
allowed[..., 0] = True
bias = torch.randn(1, 2, 5, 6, dtype=torch.float64)
causal = torch.ones(3, 7, dtype=torch.bool).tril(4)
distance = (torch.arange(4)[:, None] + 3 - torch.arange(7)[None]).double()
nothing = float("-inf")
window = torch.zeros(4, 7, dtype=torch.float64).masked_fill(distance.abs() >= 3, nothing)
slopes = (-torch.tensor([0.5, 0.125], dtype=torch.float64)[:, None, None] * distance.abs()).masked_fill(distance < 0, nothing)
lengths = torch.arange(7)[None, None, None] < torch.tensor([7, 3])[:, None, None, None]
print(json.dumps([
    case("full"),
    case("causal", is_causal=True),
    case("grouped", N=4, M=2, is_causal=True),
    case("cross", T=3, S=7),
    case("allowed", S=6, attn_mask=allowed),
    case("bias", S=6, attn_mask=bias),
    case("decoding", T=3, S=7, attn_mask=causal),
    case("scale", scale=0.3),
    case("window", T=4, S=7, attn_mask=window),
    case("causal window", T=4, S=7, attn_mask=window.masked_fill(distance < 0, nothing)),
    case("slopes", T=4, S=7, attn_mask=slopes[None]),
    case("lengths", T=4, S=7, attn_mask=lengths),
], separators=(",", ":")))
