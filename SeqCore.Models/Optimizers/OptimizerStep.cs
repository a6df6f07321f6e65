namespace SeqCore.Models;

/// <summary>What the parameters of one group have in common in a step of an <see cref="Optimizer"/>.</summary>
/// <param name="Group">The group of the parameters.</param>
/// <param name="LearningRate">The learning rate of the step: the optimizer's times the group's factor.</param>
/// <param name="Number">The number of this step, counted from 1.</param>
/// <param name="GradientScale">
/// A factor of every gradient, for fused optimizers; otherwise 1, since gradients are scaled already.
/// </param>
/// <param name="GradientFactor">
/// A further factor of every gradient, shape (1,), which stays on the device, for fused optimizers; or null. If it is NaN,
/// nothing may be changed. Always null for other optimizers.
/// </param>
public readonly record struct OptimizerStep(ParameterGroup Group, float LearningRate, long Number, float GradientScale,
    Tensor? GradientFactor);
