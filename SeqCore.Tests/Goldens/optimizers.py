"""Writes optimizers.json: four parameters, six given gradients, and where PyTorch 2.6's optimizers take them step by step.

Usage: python3 optimizers.py > optimizers.json
"""
import json

import torch

torch.manual_seed(3)
START = torch.randn(4)
GRADIENTS = torch.randn(6, 4)
CASES = {
    "adam": (torch.optim.Adam, dict(lr=0.1)),
    "adam, weight decay": (torch.optim.Adam, dict(lr=0.05, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.3)),
    "adamw": (torch.optim.AdamW, dict(lr=0.1, weight_decay=0.2)),
    "sgd": (torch.optim.SGD, dict(lr=0.1)),
    "sgd, momentum": (torch.optim.SGD, dict(lr=0.1, momentum=0.9, dampening=0.5, weight_decay=0.1)),
    "sgd, nesterov": (torch.optim.SGD, dict(lr=0.1, momentum=0.9, nesterov=True)),
    "rmsprop": (torch.optim.RMSprop, dict(lr=0.02)),
    "rmsprop, momentum": (torch.optim.RMSprop, dict(lr=0.02, alpha=0.9, momentum=0.5, weight_decay=0.1)),
}


def values(t):
    return [float(f"{v:.9g}") for v in t.detach().flatten().tolist()]


def run(make, options, clip=None):
    p = torch.nn.Parameter(START.clone())
    optimizer = make([p], **options)
    path = []
    for g in GRADIENTS:
        p.grad = g.clone()
        if clip:
            torch.nn.utils.clip_grad_norm_([p], clip)
        optimizer.step()
        path.append(values(p))
    return path


print(json.dumps({
    "start": values(START),
    "gradients": [values(g) for g in GRADIENTS],
    "paths": {name: run(*c) for name, c in CASES.items()} | {"adam, clipped to 0.5": run(torch.optim.Adam, dict(lr=0.1), 0.5)},
}, indent=0))
