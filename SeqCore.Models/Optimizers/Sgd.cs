using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Stochastic gradient descent as in PyTorch: g += decay w; with momentum, b = momentum b + (1 - dampening) g (b = g at the first
/// step) and g = b, or g + momentum b in Nesterov's variant; w -= rate g.
/// </summary>
/// <remarks>
/// With a sparse gradient (<see cref="Embedding.SparseGradient"/>) b and w change only in rows that have one: the others are not
/// moved by momentum and do not decay. Without momentum and decay this is no difference.
/// </remarks>
public sealed class Sgd : Optimizer
{
    /// <summary>Makes an SGD optimizer that treats all parameters alike.</summary>
    /// <param name="parameters">The parameters to be trained.</param>
    /// <param name="learningRate">The learning rate (step size), at least 0; 0.001 by default.</param>
    /// <param name="momentum">
    /// The momentum, which is the fraction of the last direction that is kept, at least 0; 0, the default, needs no memory.
    /// </param>
    /// <param name="dampening">The fraction of the new gradient that is left out of the direction, finite; 0 by default.</param>
    /// <param name="weightDecay">The factor by which a weight is added to its gradient, at least 0; 0 by default.</param>
    /// <param name="nesterov">Whether to use Nesterov's variant, which needs momentum and no dampening; false by default.</param>
    public Sgd(IEnumerable<Parameter> parameters, float learningRate = 1e-3f, float momentum = 0f, float dampening = 0f,
        float weightDecay = 0f, bool nesterov = false)
        : this([new ParameterGroup(parameters)], learningRate, momentum, dampening, weightDecay, nesterov)
    {
    }

    /// <summary>Makes an SGD optimizer over groups.</summary>
    /// <param name="groups">The groups of parameters to be trained.</param>
    /// <param name="learningRate">The learning rate (step size), at least 0; 0.001 by default.</param>
    /// <param name="momentum">
    /// The momentum, which is the fraction of the last direction that is kept, at least 0; 0, the default, needs no memory.
    /// </param>
    /// <param name="dampening">The fraction of the new gradient that is left out of the direction, finite; 0 by default.</param>
    /// <param name="weightDecay">The weight decay of groups that do not set their own, at least 0; 0 by default.</param>
    /// <param name="nesterov">Whether to use Nesterov's variant, which needs momentum and no dampening; false by default.</param>
    public Sgd(IEnumerable<ParameterGroup> groups, float learningRate = 1e-3f, float momentum = 0f, float dampening = 0f,
        float weightDecay = 0f, bool nesterov = false)
        : base(groups, learningRate, momentum > 0f ? ["momentum_buffer"] : [])
    {
        CheckNotNegative(momentum, nameof(momentum));
        Argument.Finite(dampening, nameof(Sgd), nameof(dampening));
        CheckNotNegative(weightDecay, nameof(weightDecay));
        if (nesterov && (momentum == 0f || dampening != 0f))
            throw new ArgumentException("Sgd: Nesterov's variant needs a momentum above 0 and a dampening of 0.",
                nameof(nesterov));
        (Momentum, Dampening, WeightDecay, Nesterov) = (momentum, dampening, weightDecay, nesterov);
    }

    /// <summary>The momentum, which is the fraction of the last direction that is kept.</summary>
    public float Momentum { get; }

    /// <summary>The fraction of the new gradient that is left out of the direction.</summary>
    public float Dampening { get; }

    /// <summary>The weight decay of groups that do not set their own.</summary>
    public float WeightDecay { get; }

    /// <summary>Whether to use Nesterov's variant.</summary>
    public bool Nesterov { get; }

    /// <inheritdoc/>
    protected override bool IsFused => true;

    /// <inheritdoc/>
    protected override void Update(ReadOnlySpan<ParameterUpdate> parameters, in OptimizerStep step) =>
        parameters[0].Value.Backend.Sgd(Slots(parameters), new SgdStep(step.LearningRate, Momentum, Dampening,
            step.Group.WeightDecay ?? WeightDecay, Nesterov, step.Number == 1, step.GradientScale),
            step.GradientFactor?.Span ?? default);
}
