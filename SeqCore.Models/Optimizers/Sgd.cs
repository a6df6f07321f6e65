using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Stochastic gradient descent as in PyTorch: g += decay w; with momentum, b = momentum b + (1 - dampening) g (b = g at the first
/// step) and g = b, or g + momentum b with Nesterov's form; w -= rate g.
/// </summary>
public sealed class Sgd : Optimizer
{
    /// <summary>SGD over all parameters alike.</summary>
    /// <param name="parameters">What is trained.</param>
    /// <param name="learningRate">Step size, at least 0.</param>
    /// <param name="momentum">Share of the last direction that is kept, at least 0; 0 keeps none and no memory.</param>
    /// <param name="dampening">Share of the new gradient left out of the direction, finite.</param>
    /// <param name="weightDecay">Factor of the weight added to its gradient, at least 0.</param>
    /// <param name="nesterov">Whether to look ahead; needs momentum and no dampening.</param>
    public Sgd(IEnumerable<Parameter> parameters, float learningRate = 1e-3f, float momentum = 0f, float dampening = 0f,
        float weightDecay = 0f, bool nesterov = false)
        : this([new ParameterGroup(parameters)], learningRate, momentum, dampening, weightDecay, nesterov)
    {
    }

    /// <summary>SGD over groups.</summary>
    /// <param name="groups">What is trained.</param>
    /// <param name="learningRate">Step size, at least 0.</param>
    /// <param name="momentum">Share of the last direction that is kept, at least 0; 0 keeps none and no memory.</param>
    /// <param name="dampening">Share of the new gradient left out of the direction, finite.</param>
    /// <param name="weightDecay">For groups without their own, at least 0.</param>
    /// <param name="nesterov">Whether to look ahead; needs momentum and no dampening.</param>
    public Sgd(IEnumerable<ParameterGroup> groups, float learningRate = 1e-3f, float momentum = 0f, float dampening = 0f,
        float weightDecay = 0f, bool nesterov = false)
        : base(groups, learningRate, momentum > 0f ? ["momentum_buffer"] : [])
    {
        CheckNotNegative(momentum, nameof(momentum));
        Argument.Finite(dampening, nameof(Sgd), nameof(dampening));
        CheckNotNegative(weightDecay, nameof(weightDecay));
        if (nesterov && (momentum == 0f || dampening != 0f))
            throw new ArgumentException("Sgd: Nesterov's form needs a momentum above 0 and a dampening of 0.", nameof(nesterov));
        (Momentum, Dampening, WeightDecay, Nesterov) = (momentum, dampening, weightDecay, nesterov);
    }

    /// <summary>Share of the last direction that is kept.</summary>
    public float Momentum { get; }

    /// <summary>Share of the new gradient left out of the direction.</summary>
    public float Dampening { get; }

    /// <summary>Weight decay of groups without their own.</summary>
    public float WeightDecay { get; }

    /// <summary>Whether steps look ahead.</summary>
    public bool Nesterov { get; }

    /// <inheritdoc/>
    protected override bool IsFused => true;

    /// <inheritdoc/>
    protected override void Update(ReadOnlySpan<ParameterUpdate> parameters, in OptimizerStep step) =>
        parameters[0].Value.Backend.Sgd(Slots(parameters), new SgdStep(step.LearningRate, Momentum, Dampening,
            step.Group.WeightDecay ?? WeightDecay, Nesterov, step.Number == 1, step.GradientScale),
            step.GradientFactor?.Span ?? default);
}
