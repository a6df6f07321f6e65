"""Prints the PyTorch 2.6 numbers that the tests of optimizers, cross-entropy and layer norm hold as literals.

Inputs are small fractions of two, so that both sides start from the same bits.
"""
import torch
import torch.nn.functional as F


def fractions(n, a, m, d, shift=0):
    return torch.tensor([((i * a + shift) % m - m // 2) / d for i in range(n)])


def show(name, t):
    print(f"{name}: " + ", ".join(f"{v:.9g}f" for v in t.detach().flatten().tolist()))


def steps(name, make):
    w = fractions(5, 7, 11, 8).requires_grad_()
    opt = make([w])
    for t in range(3):
        w.grad = fractions(5, 5, 13, 4, 3 * t)
        opt.step()
    show(name, w)


O = torch.optim
steps("Adam", lambda p: O.Adam(p, lr=0.1))
steps("Adam with decay", lambda p: O.Adam(p, lr=0.1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.05))
steps("AdamW", lambda p: O.AdamW(p, lr=0.1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.05))
steps("SGD", lambda p: O.SGD(p, lr=0.1, weight_decay=0.05))
steps("SGD with momentum", lambda p: O.SGD(p, lr=0.1, momentum=0.9))
steps("SGD with dampening", lambda p: O.SGD(p, lr=0.1, momentum=0.9, dampening=0.3, weight_decay=0.05))
steps("SGD, Nesterov", lambda p: O.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.05))
steps("RMSprop", lambda p: O.RMSprop(p, lr=0.1, alpha=0.9))
steps("RMSprop with momentum", lambda p: O.RMSprop(p, lr=0.1, alpha=0.9, eps=1e-3, momentum=0.7, weight_decay=0.05))

for smoothing in (0.0, 0.1):
    x = fractions(20, 7, 23, 4).view(4, 5).requires_grad_()
    losses = F.cross_entropy(x, torch.tensor([0, 4, 2, 3]), ignore_index=2, label_smoothing=smoothing, reduction="none")
    losses.sum().backward()
    show(f"cross-entropy losses, smoothing {smoothing}", losses)
    show(f"cross-entropy gradient, smoothing {smoothing}", x.grad)

x = fractions(12, 5, 17, 4).view(2, 6).requires_grad_()
w, b = fractions(6, 3, 7, 2).requires_grad_(), fractions(6, 2, 5, 4).requires_grad_()
y = F.layer_norm(x, (6,), w, b, eps=1e-5)
y.backward(fractions(12, 7, 19, 8).view(2, 6))
for name, t in (("y", y), ("dX", x.grad), ("dWeight", w.grad), ("dBias", b.grad)):
    show(f"layer norm {name}", t)
