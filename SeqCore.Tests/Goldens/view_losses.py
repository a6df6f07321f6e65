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


def targets(case, shape):
    """A class of each row, and the class to ignore: one that not all of the rows are of, or -100."""
    classes = case.integers([shape[0]], 0, shape[1] - 1, False).long()
    ignored = int(random.choice([-100, number(0, shape[1] - 1)]))
    return classes, case.given(ignored=-100 if bool((classes == ignored).all()) else ignored)


def reduced(losses, reduction, count=None):
    return losses if reduction == "none" else losses.sum() if reduction == "sum" else losses.sum() / (count or losses.numel())


def focal(case, shape, reduction):
    """Lin et al., arXiv:1708.02002, equation 5, for several classes."""
    x = case.numbers(shape, edges=False) * 8
    y, ignored = targets(case, shape)
    weight, gamma = shares(case, shape[1:]) + 0.5, f32(case.given(gamma=float(random.choice([0, 0.5, 2, 3]))))
    log_p = F.log_softmax(x, -1).gather(1, y[:, None])[:, 0]
    losses = torch.where(y == ignored, 0.0, -weight[y] * (1 - log_p.exp()) ** gamma * log_p)
    return reduced(losses, reduction, int((y != ignored).sum()))


def binary_focal(case, shape, reduction):
    """The same equation for two classes, as torchvision.ops.sigmoid_focal_loss writes it."""
    x, y = case.numbers(shape, edges=False) * 4, shares(case, shape).round()
    alpha, gamma = case.given(alpha=float(random.choice([-1, 0, 0.25, 1]))), case.given(gamma=float(random.choice([0, 0.5, 2, 3])))
    cross_entropy, p = F.binary_cross_entropy_with_logits(x, y, reduction="none"), torch.sigmoid(x)
    losses = cross_entropy * torch.where(y == 1, 1 - p, p) ** gamma
    return reduced(losses if alpha < 0 else torch.where(y == 1, alpha, 1 - alpha) * losses, reduction)


loss("KullbackLeiblerOfLogs", lambda case, shape, reduction: F.kl_div(
    case.numbers(shape, edges=False), case.numbers(shape, edges=False), reduction=reduction, log_target=True))
loss("IgnoringCrossEntropy", lambda case, shape, reduction: F.cross_entropy(
    case.numbers(shape, edges=False) * 8, (classes := targets(case, shape))[0], shares(case, shape[1:]) + 0.5,
    ignore_index=classes[1], reduction=reduction))
loss("NegativeLogLikelihood", lambda case, shape, reduction: F.nll_loss(
    case.numbers(shape, edges=False), (classes := targets(case, shape))[0], shares(case, shape[1:]) + 0.5,
    ignore_index=classes[1], reduction=reduction))
loss("Focal", focal)
loss("BinaryFocal", binary_focal)
