"""The losses of views.py, which runs it."""
import numpy as np
import torch
import torch.nn.functional as F

from view_cases import number, operation, random


def loss(name, f):
    def run(case):
        reduction = case.given(reduction=str(random.choice(["Mean", "Sum", "None"])))
        return f(case, [number(1, 3), number(2, 5)], reduction.lower())
    run.__name__ = name
    operation(run)


def shares(case, shape):
    """Targets in [0, 1], without a gradient."""
    return case.view(shape, lambda s: torch.tensor(random.integers(0, 9, s) / 8, dtype=torch.float64), False)


def signs(case, shape):
    return case.view(shape, lambda s: torch.tensor(2.0 * random.integers(0, 2, s) - 1, dtype=torch.float64), False)


def several(f, count=2):
    """Losses of several operands of the same shape."""
    def run(case, shape, reduction):
        return f(case, shape, *(case.numbers(shape, edges=False) for _ in range(count)), reduction=reduction)
    return run


f32 = lambda v: float(np.float32(v))
loss("MeanSquaredError", several(lambda case, shape, x, y, reduction: F.mse_loss(x, y, reduction=reduction)))
loss("L1", several(lambda case, shape, x, y, reduction: F.l1_loss(x, y, reduction=reduction)))
loss("Huber", several(lambda case, shape, x, y, reduction: F.huber_loss(x, y, reduction=reduction, delta=f32(0.7))))
loss("SmoothL1", several(lambda case, shape, x, y, reduction: F.smooth_l1_loss(x, y, reduction=reduction, beta=f32(0.7))))
loss("Triplet", several(lambda case, shape, x, y, z, reduction: F.triplet_margin_loss(
    x, y, z, margin=f32(0.7), reduction=reduction), 3))
loss("MarginRanking", several(lambda case, shape, x, y, reduction: F.margin_ranking_loss(
    x, y, signs(case, shape), margin=f32(0.3), reduction=reduction)))
loss("CosineEmbedding", several(lambda case, shape, x, y, reduction: F.cosine_embedding_loss(
    x + 3, y + 1, signs(case, shape[:1]), margin=f32(-0.3), reduction=reduction)))
loss("BinaryCrossEntropy", lambda case, shape, reduction: F.binary_cross_entropy_with_logits(
    case.numbers(shape, edges=False) * 8, shares(case, shape), reduction=reduction))
loss("KullbackLeibler", lambda case, shape, reduction: F.kl_div(
    case.numbers(shape, edges=False), shares(case, shape), reduction=reduction))
loss("CrossEntropy", lambda case, shape, reduction: F.cross_entropy(
    case.numbers(shape, edges=False) * 8, case.integers([shape[0]], 0, shape[1] - 1, False).long(), shares(case, shape[1:]) + 0.5,
    reduction=reduction, label_smoothing=f32(case.given(smoothing=float(random.choice([0, 0.1]))))))
loss("SoftCrossEntropy", lambda case, shape, reduction: F.cross_entropy(
    case.numbers(shape, edges=False) * 8, shares(case, shape), shares(case, shape[1:]) + 0.5, reduction=reduction,
    label_smoothing=f32(case.given(smoothing=float(random.choice([0, 0.1]))))))
