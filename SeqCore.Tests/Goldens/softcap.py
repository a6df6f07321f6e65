"""Writes softcap.json: causal attention with ALiBi and capped scores, values narrower than keys, and its gradients.

In float64, from the formulas; rounded to nine digits.

Usage: python3 softcap.py > softcap.json
"""
import json

import numpy as np

B, N, M, T, S, K, J, CAP = 2, 4, 2, 5, 7, 6, 3, 0.9
random = np.random.default_rng(8)
q, dY = random.normal(size=(B, N, T, K)), random.normal(size=(B, N, T, J))
k, v = random.normal(size=(B, M, S, K)), random.normal(size=(B, M, S, J))
slopes = np.array([0.5, 0.25, 0.125, 1.0])
ahead = np.arange(S) - np.arange(S - T, S)[:, None]

keys, values = np.repeat(k, N // M, 1), np.repeat(v, N // M, 1)
products = q @ keys.swapaxes(-1, -2) / np.sqrt(K)
capped = CAP * np.tanh(products / CAP)
scores = np.where(ahead > 0, -np.inf, capped - slopes[:, None, None] * np.abs(ahead))
weights = np.exp(scores - scores.max(-1, keepdims=True))
weights /= weights.sum(-1, keepdims=True)

dWeights = dY @ values.swapaxes(-1, -2)
dScores = weights * (dWeights - (weights * dWeights).sum(-1, keepdims=True))
dProducts = dScores / np.cosh(products / CAP) ** 2 / np.sqrt(K)


def of_groups(x):
    return x.reshape(B, M, N // M, S, -1).sum(2)


results = {"q": q, "k": k, "v": v, "dY": dY, "slopes": slopes, "weights": weights, "y": weights @ values,
           "dQ": dProducts @ keys, "dK": of_groups(dProducts.swapaxes(-1, -2) @ q),
           "dV": of_groups(weights.swapaxes(-1, -2) @ dY)}
print(json.dumps({"cap": CAP, **{name: {"shape": list(x.shape), "values": [float(f"{e:.9g}") for e in x.flatten()]}
                                 for name, x in results.items()}}, separators=(",", ":")))
