using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// RMSProp (Tieleman and Hinton, "Neural networks for machine learning", lecture 6.5, 2012) as in PyTorch, not centred:
/// v = alpha v + (1 - alpha) g^2, d = g / (sqrt(v) + epsilon); with momentum b = momentum b + d, w -= rate b; else w -= rate d.
/// </summary>
public sealed class RmsProp : Optimizer
{
    /// <summary>RMSProp over all parameters alike.</summary>
    /// <param name="parameters">What is trained.</param>
    /// <param name="learningRate">Step size, at least 0.</param>
    /// <param name="alpha">Decay of the mean of squares, in [0, 1).</param>
    /// <param name="epsilon">Added to the root, at least 0.</param>
    /// <param name="weightDecay">Factor of the weight added to its gradient, at least 0.</param>
    /// <param name="momentum">Share of the last direction that is kept, at least 0.</param>
    public RmsProp(IEnumerable<Parameter> parameters, float learningRate = 1e-2f, float alpha = 0.99f, float epsilon = 1e-8f,
        float weightDecay = 0f, float momentum = 0f)
        : this([new ParameterGroup(parameters)], learningRate, alpha, epsilon, weightDecay, momentum)
    {
    }

    /// <summary>RMSProp over groups.</summary>
    /// <param name="groups">What is trained.</param>
    /// <param name="learningRate">Step size, at least 0.</param>
    /// <param name="alpha">Decay of the mean of squares, in [0, 1).</param>
    /// <param name="epsilon">Added to the root, at least 0.</param>
    /// <param name="weightDecay">For groups without their own, at least 0.</param>
    /// <param name="momentum">Share of the last direction that is kept, at least 0.</param>
    public RmsProp(IEnumerable<ParameterGroup> groups, float learningRate = 1e-2f, float alpha = 0.99f, float epsilon = 1e-8f,
        float weightDecay = 0f, float momentum = 0f)
        : base(groups, learningRate, "momentum_buffer", "square_avg")
    {
        CheckShare(alpha, nameof(alpha));
        CheckNotNegative(epsilon, nameof(epsilon));
        CheckNotNegative(weightDecay, nameof(weightDecay));
        CheckNotNegative(momentum, nameof(momentum));
        (Alpha, Epsilon, WeightDecay, Momentum) = (alpha, epsilon, weightDecay, momentum);
    }

    /// <summary>Decay of the mean of squares.</summary>
    public float Alpha { get; }

    /// <summary>Added to the root of the mean of squares.</summary>
    public float Epsilon { get; }

    /// <summary>Weight decay of groups without their own.</summary>
    public float WeightDecay { get; }

    /// <summary>Share of the last direction that is kept.</summary>
    public float Momentum { get; }

    /// <inheritdoc/>
    protected override bool IsFused => true;

    /// <inheritdoc/>
    protected override void Update(ReadOnlySpan<ParameterUpdate> parameters, in OptimizerStep step) =>
        parameters[0].Value.Backend.RmsProp(Slots(parameters), new RmsPropStep(step.LearningRate, Alpha, Epsilon,
            step.Group.WeightDecay ?? WeightDecay, Momentum, step.GradientScale), step.GradientFactor?.Span ?? default);
}
