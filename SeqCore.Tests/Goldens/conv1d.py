"""Writes conv1d.json: results and gradients (of the sum of y times dy) of PyTorch 2.6's Conv1d, with x and y as (B, C, T).

Usage: python3 conv1d.py > conv1d.json
"""
import json

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(7)


def values(t):
    return [float(f"{v:.9g}") for v in t.detach().flatten().tolist()]


def record(layer, *shape, left=0):
    x = torch.randn(*shape, requires_grad=True)
    y = layer(F.pad(x, (left, 0)))
    dy = torch.randn_like(y)
    (y * dy).sum().backward()
    return {"shape": shape, "x": values(x), "result": list(y.shape), "dy": values(dy), "y": values(y), "dx": values(x.grad),
            "parameters": {name: values(p) for name, p in layer.named_parameters()},
            "gradients": {name: values(p.grad) for name, p in layer.named_parameters()}}


print(json.dumps({
    "plain": record(nn.Conv1d(3, 5, 3), 2, 3, 7),
    "without bias": record(nn.Conv1d(3, 5, 3, bias=False), 2, 3, 7),
    "strided": record(nn.Conv1d(4, 3, 4, stride=3, padding=2), 2, 4, 11),
    "dilated": record(nn.Conv1d(2, 3, 3, dilation=4, padding=4), 2, 2, 12),
    "strided and dilated": record(nn.Conv1d(2, 3, 3, stride=2, dilation=3, padding=5), 2, 2, 12),
    "same": record(nn.Conv1d(3, 4, 4, padding="same", dilation=3), 2, 3, 9),
    "grouped": record(nn.Conv1d(6, 4, 3, groups=2, padding=1), 2, 6, 8),
    "depth-wise": record(nn.Conv1d(5, 5, 3, groups=5, padding=1), 2, 5, 8),
    "causal": record(nn.Conv1d(3, 4, 3, dilation=2), 2, 3, 8, left=4),
}, indent=0))
