namespace SeqCore.Models;

/// <summary>The state of an optimizer between steps.</summary>
/// <param name="Tensors">
/// The states of the parameters as <c>INDEX.NAME</c>, for example <c>3.exp_avg</c>: the tensors themselves, not copies.
/// </param>
/// <param name="Scalars">The number of steps done and the learning rate.</param>
public sealed record OptimizerState(IReadOnlyDictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, double> Scalars);
