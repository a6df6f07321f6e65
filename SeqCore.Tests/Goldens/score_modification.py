"""Writes score_modification.json: attention of PyTorch 2.6 with changed scores, and its gradients, in float64, rounded to nine
digits. The attention is composed of plain operations, as flex_attention documents it.

Usage: python3 score_modification.py > score_modification.json
"""
import json

import torch

B, N, M, T, S, K, J, REACH = 2, 4, 2, 5, 7, 6, 3, 3


def text(t):
    return {"shape": list(t.shape), "values": [float(f"{v:.9g}") for v in t.detach().flatten().tolist()]}


def case(name, modify, *parameters, causal=True, lengths=None):
    torch.manual_seed(5)
    q = torch.randn(B, N, T, K, dtype=torch.float64, requires_grad=True)
    k = torch.randn(B, M, S, K, dtype=torch.float64, requires_grad=True)
    v = torch.randn(B, M, S, J, dtype=torch.float64, requires_grad=True)
    dY = torch.randn(B, N, T, J, dtype=torch.float64)
    keys, values = (x.repeat_interleave(N // M, 1) for x in (k, v))
    distances = torch.arange(S - T, S)[:, None] - torch.arange(S)
    scores = modify(q @ keys.mT / K ** 0.5, distances, *parameters)
    if causal:
        scores = scores.masked_fill(distances < 0, float("-inf"))
    if lengths is not None:
        scores = scores.masked_fill(torch.arange(S) >= torch.tensor(lengths)[:, None, None, None], float("-inf"))
    weights = scores.softmax(-1)
    y = weights @ values
    y.backward(dY)
    tensors = {"q": q, "k": k, "v": v, "dY": dY, "weights": weights, "y": y, "dQ": q.grad, "dK": k.grad, "dV": v.grad}
    for i, parameter in enumerate(parameters):
        tensors |= {f"p{i}": parameter, f"dP{i}": parameter.grad}
    return {"name": name, **{key: text(value) for key, value in tensors.items()}}


torch.manual_seed(2)
table = torch.randn(2 * REACH + 1, N, dtype=torch.float64, requires_grad=True)
cap = torch.tensor([1.3], dtype=torch.float64, requires_grad=True)
gate = torch.randn(N, 1, 1, dtype=torch.float64, requires_grad=True)
print(json.dumps([
    case("relative bias", lambda s, d, p: s * 2 + p[d.clamp(-REACH, REACH) + REACH].permute(2, 0, 1), table),
    case("cap", lambda s, d, p: p * (s / p).tanh(), cap, causal=False, lengths=[7, 4]),
    case("gate", lambda s, d, p: s * (p * d).sigmoid(), gate),
], separators=(",", ":")))
