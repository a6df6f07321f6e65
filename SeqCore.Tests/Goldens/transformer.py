"""Writes transformer.json: weights, inputs, outputs and gradients of small Transformer layers of PyTorch 2.6.

Usage: python3 transformer.py > transformer.json
"""
import json

import torch
import torch.nn as nn


def text(t):
    return {"shape": list(t.shape), "values": [float(f"{v:.7g}") for v in t.detach().flatten().tolist()]}


def rough(module):
    """Weights of three decimals, biases and norms that are not 0 and 1, so that each matters and the file is small."""
    with torch.no_grad():
        for p in module.parameters():
            p.copy_((p + 0.2 * torch.randn_like(p)).mul(1000).round() / 1000)
    return module.eval()


def inputs(*shape):
    return (torch.randn(*shape).mul(1000).round() / 1000).requires_grad_()


def finish(module, tensors, y, names=()):
    seed = inputs(*y.shape).detach()
    (y * seed).sum().backward()
    for name in list(tensors):
        tensors["d" + name] = tensors[name].grad
    tensors.update({"y": y, "dy": seed})
    return {"tensors": {n: text(t) for n, t in tensors.items()}, "state": {n: text(p) for n, p in module.state_dict().items()},
            "gradients": {n: text(p.grad) for n, p in module.named_parameters() if p.dim() == 1 or n in names}}


def padding(lengths, S):
    return torch.arange(S)[None] >= torch.tensor(lengths)[:, None]


def attention(kdim=None, vdim=None, self_attention=False, lengths=None, causal=False, bias=True):
    torch.manual_seed(11)
    B, T, S, D, N = 2, 3, 4, 6, 2
    layer = rough(nn.MultiheadAttention(D, N, bias=bias, kdim=kdim, vdim=vdim, batch_first=True))
    if self_attention:
        q = k = v = inputs(B, S, D)
        tensors = {"query": q}
    else:
        q, k = inputs(B, T, D), inputs(B, S, kdim or D)
        v = inputs(B, S, vdim or D)
        tensors = {"query": q, "key": k, "value": v}
    mask = torch.triu(torch.ones(S, S, dtype=torch.bool), 1) if causal else None
    y, w = layer(q, k, v, key_padding_mask=padding(lengths, S) if lengths else None, attn_mask=mask, average_attn_weights=False)
    case = finish(layer, tensors, y, ("in_proj_weight", "k_proj_weight"))
    case["tensors"]["weights"] = text(w)
    return {**case, "keySize": kdim or 0, "valueSize": vdim or 0, "lengths": lengths, "causal": causal, "bias": bias}


def encoder(norm_first, activation, lengths=None):
    torch.manual_seed(12)
    B, T, D, N, F = 2, 4, 6, 2, 5
    layer = rough(nn.TransformerEncoderLayer(D, N, F, 0.0, activation, batch_first=True, norm_first=norm_first))
    x = inputs(B, T, D)
    y = layer(x, src_key_padding_mask=padding(lengths, T) if lengths else None)
    return {**finish(layer, {"x": x}, y), "normFirst": norm_first, "activation": activation, "lengths": lengths}


def decoder(norm_first, activation, lengths=None):
    torch.manual_seed(13)
    B, T, S, D, N, F = 2, 3, 4, 6, 2, 5
    layer = rough(nn.TransformerDecoderLayer(D, N, F, 0.0, activation, batch_first=True, norm_first=norm_first))
    x, memory = inputs(B, T, D), inputs(B, S, D)
    mask = torch.triu(torch.ones(T, T, dtype=torch.bool), 1)
    y = layer(x, memory, tgt_mask=mask, memory_key_padding_mask=padding(lengths, S) if lengths else None)
    return {**finish(layer, {"x": x, "memory": memory}, y), "normFirst": norm_first, "activation": activation, "lengths": lengths}


cases = {
    "attention": {
        "self": attention(self_attention=True),
        "self, causal": attention(self_attention=True, causal=True, bias=False),
        "self, lengths": attention(self_attention=True, lengths=[4, 2]),
        "cross": attention(),
        "cross, lengths": attention(lengths=[1, 3]),
        "cross, widths of their own": attention(kdim=5, vdim=3),
    },
    "encoder": {
        "post-norm, relu": encoder(False, "relu"),
        "pre-norm, gelu, lengths": encoder(True, "gelu", [3, 4]),
        "post-norm, gelu, lengths": encoder(False, "gelu", [2, 4]),
    },
    "decoder": {
        "post-norm, relu, lengths": decoder(False, "relu", [4, 1]),
        "pre-norm, gelu": decoder(True, "gelu"),
    },
}
print(json.dumps(cases))
