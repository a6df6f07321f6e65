"""Writes losses.json: inputs, targets, losses and gradients (of the sum of the loss) of PyTorch 2.6's losses.

Usage: python3 losses.py > losses.json
"""
import json

import torch
import torch.nn.functional as F

torch.manual_seed(5)


def values(t):
    return [float(f"{v:.9g}") for v in t.detach().flatten().tolist()]


def record(f, x, y, **more):
    x = x.clone().requires_grad_()
    result = {"x": values(x), "y": values(y) if y.is_floating_point() else y.flatten().tolist(), **more}
    for reduction in ("mean", "sum", "none"):
        x.grad = None
        loss = f(x, y, reduction=reduction)
        loss.sum().backward()
        result[reduction] = {"loss": values(loss), "gradient": values(x.grad)}
    return result


x, y = torch.randn(2, 3) * 2, torch.randn(2, 3)
big = torch.tensor([[-100.0, 50.0, 0.0], [3.0, -2.0, 0.5]])
logits, classes = torch.randn(4, 5), torch.tensor([1, -100, 4, 0])
weight = torch.tensor([0.5, 2.0, 1.0, 0.0, 3.0])
generator = torch.Generator().manual_seed(6)
log_probabilities = F.log_softmax(torch.randn(4, 5, generator=generator), -1)
shares = F.softmax(torch.randn(4, 5, generator=generator), -1)
shares[1] = torch.tensor([0.0, 1.0, 0.0, 0.0, 0.0])
a, b = torch.randn(4, 5, generator=generator), torch.randn(4, 5, generator=generator)
signs = torch.tensor([1.0, -1.0, 1.0, -1.0])


def focal(x, y, reduction, alpha=0.25, gamma=2.0):
    """torchvision.ops.sigmoid_focal_loss"""
    p = torch.sigmoid(x)
    ce = F.binary_cross_entropy_with_logits(x, y, reduction="none")
    loss = (alpha * y + (1 - alpha) * (1 - y)) * ce * (1 - (p * y + (1 - p) * (1 - y))) ** gamma
    return {"mean": loss.mean, "sum": loss.sum, "none": lambda: loss}[reduction]()


print(json.dumps({
    "mean squared error": record(F.mse_loss, x, y),
    "l1": record(F.l1_loss, x, y),
    "huber": record(lambda a, b, reduction: F.huber_loss(a, b, reduction=reduction, delta=0.7), x, y, delta=0.7),
    "binary cross-entropy": record(F.binary_cross_entropy_with_logits, big, torch.tensor([[0.0, 1.0, 0.3], [1.0, 0.0, 0.5]])),
    "cross-entropy": record(F.cross_entropy, logits, classes),
    "cross-entropy, label smoothing": record(
        lambda a, b, reduction: F.cross_entropy(a, b, reduction=reduction, label_smoothing=0.1), logits, classes),
    "cross-entropy, class weights": record(
        lambda a, b, reduction: F.cross_entropy(a, b, weight=weight, reduction=reduction), logits, classes,
        weight=values(weight)),
    "cross-entropy, class weights and label smoothing": record(
        lambda a, b, reduction: F.cross_entropy(a, b, weight=weight, reduction=reduction, label_smoothing=0.1), logits, classes,
        weight=values(weight)),
    "negative log-likelihood": record(
        lambda a, b, reduction: F.nll_loss(a, b, weight=weight, reduction=reduction), log_probabilities, classes,
        weight=values(weight)),
    "Kullback-Leibler": record(F.kl_div, log_probabilities, shares),
    "Kullback-Leibler, log target": record(
        lambda a, b, reduction: F.kl_div(a, b, reduction=reduction, log_target=True), log_probabilities,
        F.log_softmax(b, -1)),
    "soft cross-entropy": record(F.cross_entropy, a, shares),
    "soft cross-entropy, class weights and label smoothing": record(
        lambda a, b, reduction: F.cross_entropy(a, b, weight=weight, reduction=reduction, label_smoothing=0.1), a, shares,
        weight=values(weight)),
    "smooth l1": record(lambda a, b, reduction: F.smooth_l1_loss(a, b, reduction=reduction, beta=0.7), a, b),
    "binary focal": record(focal, a, (b > 0).float()),
    "cosine embedding": record(
        lambda a, b, reduction: F.cosine_embedding_loss(a, b, signs, margin=-0.5, reduction=reduction), a, b),
    "triplet": record(
        lambda a, b, reduction: F.triplet_margin_loss(a, b, b.flip(0) * 1.5, margin=0.7, reduction=reduction), a, b),
    "margin ranking": record(
        lambda a, b, reduction: F.margin_ranking_loss(a, b, signs[:, None].expand(4, 5), margin=0.3, reduction=reduction), a, b),
}, indent=0))
