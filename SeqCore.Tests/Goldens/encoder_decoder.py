"""Writes encoder_decoder.json: recurrent encoder-decoders of PyTorch 2.6 with each wiring of attention: logits, weights, gradients.

Usage: python3 encoder_decoder.py > encoder_decoder.json
"""
import json
import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

VS, VT, E, H, B, S, T = 7, 6, 3, 4, 3, 5, 4
LENGTHS = [5, 2, 4]


def text(t):
    return {"shape": list(t.shape), "values": [float(f"{v:.9g}") for v in t.detach().flatten().tolist()]}


class Score(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.kind = kind
        if kind == "Additive":
            self.query, self.key, self.score = nn.Linear(H, H, False), nn.Linear(H, H, False), nn.Linear(H, 1, False)
        if kind == "General":
            self.key = nn.Linear(H, H, False)

    def forward(self, q, k):
        if self.kind == "Additive":
            return self.score(torch.tanh(self.query(q)[:, :, None] + self.key(k)[:, None]))[..., 0]
        if self.kind == "General":
            k = self.key(k)
        return q @ k.transpose(1, 2) / (math.sqrt(H) if self.kind == "ScaledDot" else 1)


class Half(nn.Module):
    def __init__(self, kind, vocabulary, inputs, hidden, layers, bidirectional):
        super().__init__()
        self.kind = kind
        self.embedding = nn.Embedding(vocabulary, E)
        cls = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[kind]
        setattr(self, kind, cls(inputs, hidden, layers, batch_first=True, bidirectional=bidirectional))

    def run(self, *args):
        return getattr(self, self.kind)(*args)


class Model(nn.Module):
    def __init__(self, kind, layers, bidirectional, score, wiring):
        super().__init__()
        self.score, self.wiring, self.layers, self.bidirectional = score, wiring, layers, bidirectional
        self.encoder = Half(kind, VS, E, H // 2 if bidirectional else H, layers, bidirectional)
        self.decoder = d = Half(kind, VT, E if wiring == "AfterStep" else E + H, H, layers, False)
        if score != "None":
            d.attention = nn.MultiheadAttention(H, 2, batch_first=True) if score == "MultiHead" else Score(score)
            d.combine = nn.Linear(2 * H, H, False)
        d.head = nn.Linear(H, VT)

    def attend(self, q, k):
        hidden = torch.arange(S)[None, None] >= torch.tensor(LENGTHS)[:, None, None]
        if self.score == "MultiHead":
            return self.decoder.attention(q, k, k, key_padding_mask=hidden[:, 0], average_attn_weights=False)
        w = torch.softmax(self.decoder.attention(q, k).masked_fill(hidden, float("-inf")), -1)
        return w @ k, w

    def forward(self, source, target):
        packed = pack_padded_sequence(self.encoder.embedding(source), LENGTHS, batch_first=True, enforce_sorted=False)
        keys, state = self.encoder.run(packed)
        keys, _ = pad_packed_sequence(keys, batch_first=True, total_length=S)
        join = lambda s: torch.cat([s[0::2], s[1::2]], -1).contiguous() if self.bidirectional else s
        state = tuple(map(join, state)) if isinstance(state, tuple) else join(state)
        d, x = self.decoder, self.decoder.embedding(target)
        mix = lambda c, h: torch.tanh(d.combine(torch.cat([c, h], -1)))
        if self.score == "None":
            return d.head(d.run(x, state)[0]), None
        if self.wiring == "AfterStep":
            h, _ = d.run(x, state)
            c, w = self.attend(h, keys)
            return d.head(mix(c, h)), w
        reads, weights, previous = [], [], torch.zeros(B, 1, H)
        for t in range(T):
            if self.wiring == "BeforeStep":
                top = (state[0] if isinstance(state, tuple) else state)[-1][:, None]
                c, w = self.attend(top, keys)
                h, state = d.run(torch.cat([x[:, t:t + 1], c], -1), state)
            else:
                h, state = d.run(torch.cat([x[:, t:t + 1], previous], -1), state)
                c, w = self.attend(h, keys)
            previous = mix(c, h)
            reads.append(previous)
            weights.append(w)
        return d.head(torch.cat(reads, 1)), torch.cat(weights, -2)


def case(kind, layers, bidirectional, score, wiring):
    torch.manual_seed(11)
    model = Model(kind, layers, bidirectional, score, wiring)
    source, target = torch.randint(0, VS, (B, S)), torch.randint(0, VT, (B, T))
    logits, weights = model(source, target)
    seed = torch.randn_like(logits)
    (logits * seed).sum().backward()
    assert weights is None or torch.allclose(weights.sum(-1), torch.ones(weights.shape[:-1]))
    return {"kind": kind, "layers": layers, "bidirectional": bidirectional, "score": score, "wiring": wiring,
            "source": source.flatten().tolist(), "target": target.flatten().tolist(), "seed": text(seed), "logits": text(logits),
            "weights": None if weights is None else text(weights if weights.dim() == 4 else weights[:, None]),
            "parameters": {n: text(p) for n, p in model.named_parameters()},
            "gradients": {n: text(p.grad) for n, p in model.named_parameters() if n.startswith("encoder") or "attention" in n}}


cases = [("lstm", 1, False, "None", "AfterStep"), ("lstm", 2, True, "General", "AfterStep"), ("gru", 1, True, "Additive", "BeforeStep"),
         ("lstm", 1, False, "ScaledDot", "InputFeeding"), ("rnn", 1, False, "Dot", "BeforeStep"),
         ("gru", 1, True, "MultiHead", "InputFeeding")]
print("{")
print(",\n".join(f"{json.dumps(' '.join(map(str, c)))}: {json.dumps(case(*c))}" for c in cases))
print("}")
