"""Writes transformer_model.json: whole encoder-decoders, PyTorch 2.6's nn.Transformer with embeddings, positions and a head around it.

Usage: python3 transformer_model.py > transformer_model.json
"""
import json
import math

import torch
import torch.nn as nn

B, S, T, D, N, F, VS, VT = 2, 4, 3, 4, 2, 5, 6, 5


def text(t):
    return {"shape": list(t.shape), "values": [float(f"{v:.7g}") for v in t.detach().flatten().tolist()]}


def sinusoids(steps):
    angles = torch.arange(steps)[:, None] / 10000 ** (torch.arange(0, D, 2) / D)
    return torch.stack([angles.sin(), angles.cos()], -1).reshape(steps, D)


class Model(nn.Module):
    def __init__(self, norm_first, activation):
        super().__init__()
        self.source_embedding = nn.Embedding(VS, D)
        self.target_embedding = nn.Embedding(VT, D)
        core = nn.Transformer(D, N, 2, 1, F, 0.0, activation, batch_first=True, norm_first=norm_first)
        self.encoder, self.decoder = core.encoder, core.decoder
        self.head = nn.Linear(D, VT)
        self.core = [core]

    def forward(self, source, target, lengths):
        padding = torch.arange(S)[None] >= torch.tensor(lengths)[:, None]
        x = self.source_embedding(source) * math.sqrt(D) + sinusoids(S)
        y = self.target_embedding(target) * math.sqrt(D) + sinusoids(T)
        future = torch.triu(torch.ones(T, T, dtype=torch.bool), 1)
        return self.head(self.core[0](x, y, tgt_mask=future, src_key_padding_mask=padding, memory_key_padding_mask=padding))


def case(norm_first, activation, lengths):
    torch.manual_seed(21)
    model = Model(norm_first, activation).eval()
    with torch.no_grad():
        for p in model.parameters():
            p.copy_((p + 0.2 * torch.randn_like(p)).mul(1000).round() / 1000)
    source, target = torch.randint(VS, (B, S)), torch.randint(VT, (B, T))
    seed = torch.randn(B, T, VT).mul(1000).round() / 1000
    logits = model(source, target, lengths)
    (logits * seed).sum().backward()
    return {"normFirst": norm_first, "activation": activation, "source": source.flatten().tolist(), "target": target.flatten().tolist(),
            "lengths": lengths, "logits": text(logits), "seed": text(seed),
            "state": {n: text(p) for n, p in model.state_dict().items()},
            "gradients": {n: text(p.grad) for n, p in model.named_parameters() if p.dim() == 1 or "embedding" in n or "in_proj" in n}}


print(json.dumps({"post-norm, relu": case(False, "relu", [4, 2]), "pre-norm, gelu": case(True, "gelu", [1, 4])}))
