namespace SeqCore.Models;

/// <summary>What the parameters of one group have in common in a step of an <see cref="Optimizer"/>.</summary>
/// <param name="Group">The group.</param>
/// <param name="LearningRate">The step size: the optimizer's times the group's factor.</param>
/// <param name="Number">The number of this step, from 1.</param>
/// <param name="GradientScale">Fused optimizers only: a factor of every gradient. Else 1, since gradients come scaled.</param>
/// <param name="GradientFactor">
/// Fused optimizers only: shape (1,), another factor of every gradient that stays on the device, or null. Where it is NaN,
/// nothing is to be changed. Else null.
/// </param>
public readonly record struct OptimizerStep(ParameterGroup Group, float LearningRate, long Number, float GradientScale,
    Tensor? GradientFactor);
