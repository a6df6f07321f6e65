"""Writes norms.json: results, gradients (of the sum of y times dy) and running statistics of PyTorch 2.6's normalisations.

Usage: python3 norms.py > norms.json
"""
import json

import torch
import torch.nn as nn

torch.manual_seed(7)


def values(t):
    return [float(f"{v:.9g}") for v in t.detach().flatten().tolist()]


def record(layer, *shape, evaluate=False):
    for p in layer.parameters():
        nn.init.normal_(p, 0.5)
    x, dy = (torch.randn(*shape) * 2 + 1).requires_grad_(), torch.randn(*shape)
    start = {name: values(p) for name, p in layer.named_parameters()}
    if evaluate:
        layer(torch.randn(*shape) * 3 - 1)
        layer.eval()
    y = layer(x)
    (y * dy).sum().backward()
    return {"shape": shape, "x": values(x), "dy": values(dy), "y": values(y), "dx": values(x.grad), "parameters": start,
            "gradients": {name: values(p.grad) for name, p in layer.named_parameters()},
            "buffers": {name: values(b.float()) for name, b in layer.named_buffers()}}


print(json.dumps({
    "layer norm": record(nn.LayerNorm([3, 4]), 2, 3, 4),
    "rms norm": record(nn.RMSNorm([3, 4], eps=1e-6), 2, 3, 4),
    "group norm": record(nn.GroupNorm(2, 6), 3, 6, 5),
    "instance norm": record(nn.InstanceNorm1d(4, affine=True), 2, 4, 5),
    "batch norm": record(nn.BatchNorm1d(5), 4, 5),
    "batch norm of sequences": record(nn.BatchNorm1d(3, momentum=0.3), 4, 3, 6),
    "batch norm in evaluation": record(nn.BatchNorm1d(3), 4, 3, 6, evaluate=True),
}, indent=0))
