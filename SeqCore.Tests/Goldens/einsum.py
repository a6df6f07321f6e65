"""Prints the results of torch.einsum, as they stand in EinsumTests.

Usage: python3 einsum.py
"""
import torch


def number(*shape):
    n = torch.arange(torch.Size(shape).numel(), dtype=torch.float64).reshape(shape)
    return (n * 7 % 11 - 4) / 2


for subscripts, *shapes in [
        ("ij,jk->ik", (2, 3), (3, 2)), ("bij,bjk", (2, 2, 3), (2, 3, 2)), ("ii", (3, 3)), ("ii->i", (3, 3)), ("ij->ji", (2, 3)),
        ("ij->", (2, 3)), ("i,i->", (4,), (4,)), ("i,j->ij", (2,), (3,)), ("ij,ij->i", (2, 3), (2, 3)),
        ("...i,ij->...j", (2, 2, 3), (3, 2)), ("b...,b...->...", (2, 3), (2, 3)), ("ij,jk,kl->il", (2, 3), (3, 2), (2, 2)),
        ("iji->j", (2, 3, 2)), ("ba", (2, 3)), ("aij,jk->ik", (2, 2, 3), (3, 2)), ("...,...", (2, 1), (3,)),
        ("bhqd,bhkd->bhqk", (1, 2, 2, 3), (1, 2, 2, 3)), ("i,i,i->i", (3,), (3,), (3,))]:
    result = torch.einsum(subscripts, *(number(*s) for s in shapes))
    print(f'{{ "{subscripts}", {[list(s) for s in shapes]}, {list(result.shape)}, {result.flatten().tolist()} }},')
