"""Writes gpt.json: weights, tokens, logits, loss and gradients of a tiny GPT written with PyTorch 2.6's own layers.

Usage: python3 gpt.py > gpt.json
"""
import json

import torch
import torch.nn as nn
import torch.nn.functional as F


def text(t, digits=9):
    return {"shape": list(t.shape), "values": [float(f"{v:.{digits}g}") for v in t.detach().flatten().tolist()]}


class Attention(nn.Module):
    def __init__(self, D, N):
        super().__init__()
        self.N, self.c_attn, self.c_proj = N, nn.Linear(D, 3 * D), nn.Linear(D, D)

    def forward(self, x):
        B, T, D = x.shape
        q, k, v = (p.view(B, T, self.N, D // self.N).transpose(1, 2) for p in self.c_attn(x).chunk(3, -1))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.c_proj(y.transpose(1, 2).reshape(B, T, D))


class Block(nn.Module):
    def __init__(self, D, N):
        super().__init__()
        self.ln_1, self.attn, self.ln_2 = nn.LayerNorm(D), Attention(D, N), nn.LayerNorm(D)
        self.mlp = nn.ModuleDict({"c_fc": nn.Linear(D, 4 * D), "c_proj": nn.Linear(4 * D, D)})

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp.c_proj(F.gelu(self.mlp.c_fc(self.ln_2(x))))


class Gpt(nn.Module):
    def __init__(self, V, T, D, N, L):
        super().__init__()
        self.transformer = nn.ModuleDict({
            "wte": nn.Embedding(V, D), "wpe": nn.Embedding(T, D),
            "h": nn.ModuleList([Block(D, N) for _ in range(L)]), "ln_f": nn.LayerNorm(D)})
        self.lm_head = nn.Linear(D, V, bias=False)
        self.lm_head.weight = self.transformer.wte.weight

    def forward(self, tokens):
        t = self.transformer
        x = t.wte(tokens) + t.wpe(torch.arange(tokens.shape[1]))
        for block in t.h:
            x = block(x)
        return self.lm_head(t.ln_f(x))


torch.manual_seed(3)
model = Gpt(V=7, T=6, D=8, N=2, L=2)
with torch.no_grad():
    for p in model.parameters():
        p.copy_((p + 0.1 * torch.randn_like(p)).mul(1000).round() / 1000)
tokens = torch.randint(0, 7, (2, 5))
targets = torch.randint(0, 7, (2, 5))
logits = model(tokens)
loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten())
loss.backward()
print(json.dumps({
    "tokens": tokens.tolist(), "targets": targets.tolist(), "logits": text(logits), "loss": loss.item(),
    "state": {n: text(p) for n, p in model.state_dict().items()},
    "gradients": {n: text(p.grad, 6) for n, p in model.named_parameters() if p.dim() == 1 or "wte" in n or "wpe" in n or "c_attn" in n},
}))
