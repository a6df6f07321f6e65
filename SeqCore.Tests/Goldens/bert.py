"""Writes bert.json: weights, tokens, logits and gradients of a tiny BERT written with PyTorch 2.6's own layers.

Usage: python3 bert.py > bert.json
"""
import json

import torch
import torch.nn as nn
import torch.nn.functional as F

V, T, D, N, LAYERS, WIDE, SEGMENTS, CLASSES = 9, 6, 4, 2, 2, 5, 2, 3


def text(t, digits=7):
    return {"shape": list(t.shape), "values": [float(f"{v:.{digits}g}") for v in t.detach().flatten().tolist()]}


def group(**parts):
    return nn.ModuleDict(parts)


def norm():
    return nn.LayerNorm(D, eps=1e-12)


bert = group(
    bert=group(
        embeddings=group(word_embeddings=nn.Embedding(V, D), position_embeddings=nn.Embedding(T, D),
                         token_type_embeddings=nn.Embedding(SEGMENTS, D), LayerNorm=norm()),
        encoder=group(layer=nn.ModuleList([group(
            attention=group(
                self=group(query=nn.Linear(D, D), key=nn.Linear(D, D), value=nn.Linear(D, D)),
                output=group(dense=nn.Linear(D, D), LayerNorm=norm())),
            intermediate=group(dense=nn.Linear(D, WIDE)),
            output=group(dense=nn.Linear(WIDE, D), LayerNorm=norm())) for _ in range(LAYERS)])),
        pooler=group(dense=nn.Linear(D, D))),
    cls=group(predictions=group(transform=group(dense=nn.Linear(D, D), LayerNorm=norm()), decoder=nn.Linear(D, V))),
    classifier=nn.Linear(D, CLASSES))
bert.cls.predictions.decoder.weight = bert.bert.embeddings.word_embeddings.weight


def attention(layer, x, hidden):
    B, S, _ = x.shape
    q, k, v = (layer["self"][n](x).view(B, S, N, D // N).transpose(1, 2) for n in ("query", "key", "value"))
    y = F.scaled_dot_product_attention(q, k, v, attn_mask=~hidden[:, None, None, :])
    return layer.output.dense(y.transpose(1, 2).reshape(B, S, D))


def encode(tokens, segments, lengths):
    e = bert.bert.embeddings
    S = tokens.shape[1]
    x = e.LayerNorm(e.word_embeddings(tokens) + e.position_embeddings(torch.arange(S)) + e.token_type_embeddings(segments))
    hidden = torch.arange(S)[None] >= lengths[:, None]
    for layer in bert.bert.encoder.layer:
        x = layer.attention.output.LayerNorm(x + attention(layer.attention, x, hidden))
        x = layer.output.LayerNorm(x + layer.output.dense(F.gelu(layer.intermediate.dense(x))))
    return x


torch.manual_seed(21)
with torch.no_grad():
    for p in bert.parameters():
        p.copy_((p + 0.2 * torch.randn_like(p)).mul(1000).round() / 1000)
tokens, segments, lengths = torch.randint(0, V, (2, 5)), torch.tensor([[0, 0, 1, 1, 1], [0, 1, 1, 0, 0]]), torch.tensor([5, 3])
hidden = encode(tokens, segments, lengths)
head = bert.cls.predictions
logits = head.decoder(head.transform.LayerNorm(F.gelu(head.transform.dense(hidden))))
classes = bert.classifier(torch.tanh(bert.bert.pooler.dense(hidden[:, 0])))
# The padding of the second sequence takes no part in the loss.
real = torch.arange(5)[None] < lengths[:, None]
(F.cross_entropy(logits[real], tokens[real]) + F.cross_entropy(classes, torch.tensor([2, 0]))).backward()
state = {n: text(p) for n, p in bert.state_dict().items()}
print(json.dumps({
    "tokens": tokens.tolist(), "segments": segments.tolist(), "lengths": lengths.tolist(),
    "hidden": text(hidden), "logits": text(logits), "classes": text(classes), "state": state,
    "gradients": {n: text(p.grad) for n, p in bert.named_parameters()},
}))
