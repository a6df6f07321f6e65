"""Writes crf.json: the loss of a linear-chain conditional random field and its gradients by PyTorch 2.6's autograd, in float64,
and the best tags. Z and the best tags are found over all sequences of tags, so that nothing is taken from an algorithm.

Usage: python3 crf.py > crf.json
"""
import itertools
import json

import torch

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)
B, T, K = 3, 5, 4
lengths = [5, 3, 1]
tags = torch.randint(K, (B, T))
emissions = (2 * torch.randn(B, T, K)).float().double().requires_grad_()
transitions = torch.randn(K, K).float().double().requires_grad_()
start = torch.randn(K).float().double().requires_grad_()
end = torch.randn(K).float().double().requires_grad_()


def values(t):
    return [float(f"{v:.9g}") for v in t.detach().flatten().tolist()]


def score(b, y):
    s = start[y[0]] + end[y[-1]]
    for t, tag in enumerate(y):
        s = s + emissions[b, t, tag]
        if t > 0:
            s = s + transitions[y[t - 1], tag]
    return s


losses, best = [], []
for b, length in enumerate(lengths):
    paths = list(itertools.product(range(K), repeat=length))
    scores = torch.stack([score(b, y) for y in paths])
    losses.append(torch.logsumexp(scores, 0) - score(b, tags[b, :length].tolist()))
    best.append(list(paths[int(scores.argmax())]))
loss = torch.stack(losses).mean()
loss.backward()
print(json.dumps({
    "shape": [B, T, K], "lengths": lengths, "tags": tags.flatten().tolist(),
    "loss": float(loss), "losses": values(torch.stack(losses)),
    "best": best, "emissions": values(emissions), "dEmissions": values(emissions.grad),
    "parameters": {"transitions": values(transitions), "start_transitions": values(start), "end_transitions": values(end)},
    "gradients": {"transitions": values(transitions.grad), "start_transitions": values(start.grad),
                  "end_transitions": values(end.grad)},
}, indent=0))
