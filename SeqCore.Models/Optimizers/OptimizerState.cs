namespace SeqCore.Models;

/// <summary>All that an optimizer remembers from step to step.</summary>
/// <param name="Tensors">
/// States of the parameters as <c>INDEX.NAME</c>, for example <c>3.exp_avg</c>: the tensors themselves, not copies.
/// </param>
/// <param name="Scalars">Steps done and the learning rate.</param>
public sealed record OptimizerState(IReadOnlyDictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, double> Scalars);
