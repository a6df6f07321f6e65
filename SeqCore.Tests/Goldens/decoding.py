"""Writes decoding.json: logits, settings of a sampler, and the probabilities that PyTorch 2.6 reckons from them in double precision.

Usage: python3 decoding.py > decoding.json
"""
import itertools
import json

import torch

torch.manual_seed(4)


def probabilities(logits, written, penalty, temperature, k, p, m):
    x = logits.double().clone()
    if written:
        i = torch.tensor(sorted(set(written)))
        x[i] = torch.where(x[i] > 0, x[i] / penalty, x[i] * penalty)
    x = x / temperature
    if k > 0:
        x = x.masked_fill(x < torch.topk(x, k).values[-1], -torch.inf)
    order = torch.sort(x, descending=True)
    before = torch.softmax(order.values, 0).cumsum(0) - torch.softmax(order.values, 0)
    x[order.indices[before >= p]] = -torch.inf
    q = torch.softmax(x, 0)
    q = q.masked_fill(q < m * q.max(), 0)
    return q / q.sum()


cases = []
for temperature, k, p, m in itertools.product([0.7, 1.5], [0, 5], [1.0, 0.8], [0.0, 0.15]):
    logits = (torch.randn(9) * 2).float()
    written = torch.randint(9, (4,)).tolist() if len(cases) % 2 else []
    q = probabilities(logits, written, 1.3, temperature, k, p, m)
    cases.append(dict(logits=[float(f"{v:.9g}") for v in logits.tolist()], written=written, penalty=1.3, temperature=temperature,
                      top_k=k, top_p=p, min_p=m, probabilities=[float(f"{v:.9g}") for v in q.tolist()]))
print("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]")
