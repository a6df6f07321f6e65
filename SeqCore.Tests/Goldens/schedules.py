"""Prints the factors of PyTorch 2.6's schedules, as they stand in ScheduleTests.

Usage: python3 schedules.py
"""
import torch
from torch.optim import lr_scheduler as s


def factors(make, steps, metrics=None):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule = make(optimizer)
    result = []
    for i in range(steps):
        result.append(float(f"{optimizer.param_groups[0]['lr']:.9g}"))
        optimizer.step()
        schedule.step(*([metrics[i]] if metrics else []))
    return result


print("step decay", factors(lambda o: s.StepLR(o, 3, 0.5), 8))
print("cosine", factors(lambda o: s.CosineAnnealingLR(o, 6, 0.1), 7))
print("linear", factors(lambda o: s.LinearLR(o, 0.25, 1.0, 4), 6))
print("warm-up, cosine", factors(lambda o: s.SequentialLR(o, [s.LinearLR(o, 0.2, 1.0, 4), s.CosineAnnealingLR(o, 4)], [4]), 9))
print("noam", factors(lambda o: s.LambdaLR(o, lambda i: 2 * 16 ** -0.5 * min((i + 1) ** -0.5, (i + 1) * 4 ** -1.5)), 8))
print("plateau", factors(lambda o: s.ReduceLROnPlateau(o, factor=0.5, patience=1, cooldown=1, min_lr=0.2), 14,
                         [1.0, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8]))
print("multi-step", factors(lambda o: s.MultiStepLR(o, [2, 5], 0.5), 8))
print("exponential", factors(lambda o: s.ExponentialLR(o, 0.9), 5))
print("polynomial", factors(lambda o: s.PolynomialLR(o, 4, 2.0), 6))
print("cosine, restarts", factors(lambda o: s.CosineAnnealingWarmRestarts(o, 3, 2, 0.1), 12))
print("one cycle", factors(lambda o: s.OneCycleLR(o, 1.0, total_steps=10), 10))
print("one cycle, linear", factors(lambda o: s.OneCycleLR(o, 1.0, total_steps=8, pct_start=0.5, anneal_strategy="linear",
                                                         div_factor=10, final_div_factor=100), 8))
