"""Prints the losses and gradients of PyTorch 2.6's cross_entropy that stand in CrossEntropyFunctionTests.

Usage: python3 cross_entropy.py
"""
import torch
import torch.nn.functional as F

LOGITS = [[1.5, -0.5, 0.25], [0.0, 2.0, -1.0], [-1.0, 0.5, 0.75], [3.0, 1.0, -2.0]]
TARGETS = torch.tensor([2, 1, 0, 1])

for options in (dict(), dict(ignore_index=1), dict(label_smoothing=0.2), dict(ignore_index=0, label_smoothing=0.1)):
    for reduction in ("mean", "sum", "none"):
        logits = torch.tensor(LOGITS, requires_grad=True)
        loss = F.cross_entropy(logits, TARGETS, reduction=reduction, **options)
        loss.sum().backward()
        print(options, reduction, [float(f"{v:.9g}") for v in loss.detach().flatten().tolist()],
              [float(f"{v:.9g}") for v in logits.grad.flatten().tolist()])
