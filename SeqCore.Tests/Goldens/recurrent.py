"""Writes recurrent.json: inputs, weights, outputs and gradients of small recurrent layers of PyTorch 2.6.

Usage: python3 recurrent.py > recurrent.json
"""
import json

import torch
import torch.nn as nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


def text(t):
    return {"shape": list(t.shape), "values": [float(f"{v:.9g}") for v in t.detach().flatten().tolist()]}


def case(kind, layers, bidirectional, lengths, state, nonlinearity="tanh", bias=True, projection=0):
    torch.manual_seed(7)
    B, T, I, H = 3, 5, 4, 3
    more = {"nonlinearity": nonlinearity} if kind == "rnn" else {"proj_size": projection} if projection else {}
    layer = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[kind](
        I, H, layers, bias=bias, batch_first=True, bidirectional=bidirectional, **more)
    D = 2 if bidirectional else 1
    x = torch.randn(B, T, I, requires_grad=True)
    tensors = {"x": x}
    start = None
    if state:
        h0 = torch.randn(layers * D, B, projection or H, requires_grad=True)
        tensors["h0"] = start = h0
        if kind == "lstm":
            tensors["c0"] = c0 = torch.randn(layers * D, B, H, requires_grad=True)
            start = (h0, c0)
    given = x
    if lengths:
        given = pack_padded_sequence(x, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
    y, end = layer(given, start)
    if lengths:
        y, _ = pad_packed_sequence(y, batch_first=True, total_length=T)
    ends = {"hn": end[0], "cn": end[1]} if kind == "lstm" else {"hn": end}
    loss = 0
    for name, out in {"y": y, **ends}.items():
        tensors[name] = out
        tensors["d" + name] = seed = torch.randn_like(out)
        loss = loss + (seed * out).sum()
    loss.backward()
    for name in ("x", "h0", "c0"):
        if name in tensors:
            tensors["d" + name] = tensors[name].grad
    for name, p in layer.named_parameters():
        tensors[name] = p
        tensors["d" + name] = p.grad
    return {"kind": kind, "layers": layers, "bidirectional": bidirectional, "bias": bias, "nonlinearity": nonlinearity,
            "lengths": lengths, **({"projection": projection} if projection else {}),
            "tensors": {n: text(t) for n, t in tensors.items()}}


print("{")
cases = {
    "lstm": case("lstm", 1, False, None, True),
    "lstm, two layers, bidirectional, lengths": case("lstm", 2, True, [3, 5, 1], False),
    "lstm, projection": case("lstm", 1, False, None, True, projection=2),
    "lstm, projection, two layers, bidirectional, lengths, no bias":
        case("lstm", 2, True, [3, 5, 1], True, bias=False, projection=1),
    "gru, two layers": case("gru", 2, False, None, True),
    "gru, bidirectional, lengths, no bias": case("gru", 1, True, [5, 2, 4], True, bias=False),
    "rnn, relu, lengths": case("rnn", 2, False, [2, 5, 4], True, "relu"),
    "rnn, tanh, bidirectional": case("rnn", 1, True, None, False),
}
print(",\n".join(f"{json.dumps(n)}: {json.dumps(c)}" for n, c in cases.items()))
print("}")
