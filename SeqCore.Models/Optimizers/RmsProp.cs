using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// RMSProp (Tieleman and Hinton, "Neural networks for machine learning", lecture 6.5, 2012) as in PyTorch, not centred: v = alpha
/// v + (1 - alpha) g^2, d = g / (sqrt(v) + epsilon); with momentum b = momentum b + d, w -= rate b; else w -= rate d.
/// </summary>
/// <remarks>
/// With a sparse gradient (<see cref="Embedding.SparseGradient"/>) v, b and w change only in rows that have one.
/// </remarks>
public sealed class RmsProp : Optimizer
{
    /// <summary>Makes an RMSProp optimizer that treats all parameters alike.</summary>
    /// <param name="parameters">The parameters to be trained.</param>
    /// <param name="learningRate">The learning rate (step size), at least 0; 0.01 by default.</param>
    /// <param name="alpha">The decay rate of the running mean of the squared gradients, in [0, 1); 0.99 by default.</param>
    /// <param name="epsilon">The number added to the square root to avoid division by zero, at least 0; 1e-8 by default.</param>
    /// <param name="weightDecay">The factor by which a weight is added to its gradient, at least 0; 0 by default.</param>
    /// <param name="momentum">
    /// The momentum, which is the fraction of the last direction that is kept, at least 0; 0 by default.
    /// </param>
    public RmsProp(IEnumerable<Parameter> parameters, float learningRate = 1e-2f, float alpha = 0.99f, float epsilon = 1e-8f,
        float weightDecay = 0f, float momentum = 0f)
        : this([new ParameterGroup(parameters)], learningRate, alpha, epsilon, weightDecay, momentum)
    {
    }

    /// <summary>Makes an RMSProp optimizer over groups.</summary>
    /// <param name="groups">The groups of parameters to be trained.</param>
    /// <param name="learningRate">The learning rate (step size), at least 0; 0.01 by default.</param>
    /// <param name="alpha">The decay rate of the running mean of the squared gradients, in [0, 1); 0.99 by default.</param>
    /// <param name="epsilon">The number added to the square root to avoid division by zero, at least 0; 1e-8 by default.</param>
    /// <param name="weightDecay">The weight decay of groups that do not set their own, at least 0; 0 by default.</param>
    /// <param name="momentum">
    /// The momentum, which is the fraction of the last direction that is kept, at least 0; 0 by default.
    /// </param>
    public RmsProp(IEnumerable<ParameterGroup> groups, float learningRate = 1e-2f, float alpha = 0.99f, float epsilon = 1e-8f,
        float weightDecay = 0f, float momentum = 0f)
        : base(groups, learningRate, "momentum_buffer", "square_avg")
    {
        CheckFraction(alpha, nameof(alpha));
        CheckNotNegative(epsilon, nameof(epsilon));
        CheckNotNegative(weightDecay, nameof(weightDecay));
        CheckNotNegative(momentum, nameof(momentum));
        (Alpha, Epsilon, WeightDecay, Momentum) = (alpha, epsilon, weightDecay, momentum);
    }

    /// <summary>The decay rate of the running mean of the squared gradients.</summary>
    public float Alpha { get; }

    /// <summary>The number added to the square root of the mean of squares.</summary>
    public float Epsilon { get; }

    /// <summary>The weight decay of groups that do not set their own.</summary>
    public float WeightDecay { get; }

    /// <summary>The momentum, which is the fraction of the last direction that is kept.</summary>
    public float Momentum { get; }

    /// <inheritdoc/>
    protected override bool IsFused => true;

    /// <inheritdoc/>
    protected override void Update(ReadOnlySpan<ParameterUpdate> parameters, in OptimizerStep step) =>
        parameters[0].Value.Backend.RmsProp(Slots(parameters), new RmsPropStep(step.LearningRate, Alpha, Epsilon,
            step.Group.WeightDecay ?? WeightDecay, Momentum, step.GradientScale), step.GradientFactor?.Span ?? default);
}
