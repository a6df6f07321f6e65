"""Writes attentions.json: the attention family by its formulas in PyTorch 2.6, with gradients.

Usage: python3 attentions.py > attentions.json
"""
import json
import math

import torch

B, T, S, Q, I, A, J = 2, 3, 4, 3, 5, 6, 2
LENGTHS = [4, 2]


def text(t):
    return {"shape": list(t.shape), "values": [float(f"{v:.9g}") for v in t.detach().flatten().tolist()]}


def case(kind):
    torch.manual_seed(3)
    same = kind in ("dot", "scaled")
    key_size = Q if same else I
    leaf = lambda *shape: torch.randn(*shape, requires_grad=True)
    t = {"query": leaf(B, T, Q), "keys": leaf(B, S, key_size), "values": leaf(B, S, J)}
    if kind == "additive":
        p = {"query.weight": leaf(A, Q), "key.weight": leaf(A, I), "score.weight": leaf(1, A)}
        pre = (t["query"] @ p["query.weight"].T)[:, :, None] + (t["keys"] @ p["key.weight"].T)[:, None]
        scores = (torch.tanh(pre) @ p["score.weight"].T)[..., 0]
    elif kind == "concat":
        p = {"weight": leaf(A, Q + I), "score.weight": leaf(1, A)}
        pairs = torch.cat([t["query"][:, :, None].expand(B, T, S, Q), t["keys"][:, None].expand(B, T, S, I)], -1)
        scores = (torch.tanh(pairs @ p["weight"].T) @ p["score.weight"].T)[..., 0]
    elif kind == "general":
        p = {"key.weight": leaf(Q, I)}
        scores = torch.einsum("btq,qi,bsi->bts", t["query"], p["key.weight"], t["keys"])
    else:
        p = {}
        scores = t["query"] @ t["keys"].transpose(1, 2)
        if kind == "scaled":
            scores = scores / math.sqrt(Q)
    hidden = torch.arange(S)[None, None] >= torch.tensor(LENGTHS)[:, None, None]
    weights = torch.softmax(scores.masked_fill(hidden, float("-inf")), -1)
    output = weights @ t["values"]
    seeds = {"output": torch.randn_like(output), "weights": torch.randn_like(weights)}
    ((output * seeds["output"]).sum() + (weights * seeds["weights"]).sum()).backward()
    leaves = {**t, **p}
    return {"parameters": {n: text(x) for n, x in p.items()},
            "inputs": {n: text(x) for n, x in t.items()},
            "output": text(output), "weights": text(weights[:, None]),
            "doutput": text(seeds["output"]), "dweights": text(seeds["weights"][:, None]),
            "gradients": {n: text(x.grad) for n, x in leaves.items()}}


print("{")
print(",\n".join(f"{json.dumps(k)}: {json.dumps(case(k))}" for k in ("additive", "dot", "general", "concat", "scaled")))
print("}")
