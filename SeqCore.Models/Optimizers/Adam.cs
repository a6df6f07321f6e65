using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Adam (Kingma and Ba, "Adam: a method for stochastic optimization", arXiv:1412.6980): m = beta1 m + (1 - beta1) g,
/// v = beta2 v + (1 - beta2) g^2, w -= rate m^ / (sqrt(v^) + epsilon), with m^ and v^ corrected for their start at 0. Weight
/// decay adds decay w to the gradient, as in PyTorch's Adam; <see cref="AdamW"/> decays the weight itself.
/// </summary>
public class Adam : Optimizer
{
    /// <summary>Adam over all parameters alike.</summary>
    /// <param name="parameters">What is trained.</param>
    /// <param name="learningRate">Step size, at least 0.</param>
    /// <param name="beta1">Decay of the mean of gradients, in [0, 1).</param>
    /// <param name="beta2">Decay of the mean of their squares, in [0, 1).</param>
    /// <param name="epsilon">Added to the root, at least 0.</param>
    /// <param name="weightDecay">Factor of the weight added to its gradient, at least 0.</param>
    public Adam(IEnumerable<Parameter> parameters, float learningRate = 1e-3f, float beta1 = 0.9f, float beta2 = 0.999f,
        float epsilon = 1e-8f, float weightDecay = 0f)
        : this([new ParameterGroup(parameters)], learningRate, beta1, beta2, epsilon, weightDecay)
    {
    }

    /// <summary>Adam over groups.</summary>
    /// <param name="groups">What is trained.</param>
    /// <param name="learningRate">Step size, at least 0.</param>
    /// <param name="beta1">Decay of the mean of gradients, in [0, 1).</param>
    /// <param name="beta2">Decay of the mean of their squares, in [0, 1).</param>
    /// <param name="epsilon">Added to the root, at least 0.</param>
    /// <param name="weightDecay">For groups without their own, at least 0.</param>
    public Adam(IEnumerable<ParameterGroup> groups, float learningRate = 1e-3f, float beta1 = 0.9f, float beta2 = 0.999f,
        float epsilon = 1e-8f, float weightDecay = 0f)
        : base(groups, learningRate, "exp_avg", "exp_avg_sq")
    {
        CheckShare(beta1, nameof(beta1));
        CheckShare(beta2, nameof(beta2));
        CheckNotNegative(epsilon, nameof(epsilon));
        CheckNotNegative(weightDecay, nameof(weightDecay));
        (Beta1, Beta2, Epsilon, WeightDecay) = (beta1, beta2, epsilon, weightDecay);
    }

    /// <summary>Decay of the mean of gradients.</summary>
    public float Beta1 { get; }

    /// <summary>Decay of the mean of their squares.</summary>
    public float Beta2 { get; }

    /// <summary>Added to the root of the mean of squares.</summary>
    public float Epsilon { get; }

    /// <summary>Weight decay of groups without their own.</summary>
    public float WeightDecay { get; }

    private protected virtual bool Decoupled => false;

    /// <inheritdoc/>
    protected override bool IsFused => true;

    /// <inheritdoc/>
    protected override void Update(ReadOnlySpan<ParameterUpdate> parameters, in OptimizerStep step) =>
        parameters[0].Value.Backend.Adam(Slots(parameters), new AdamStep(step.LearningRate, Beta1, Beta2, Epsilon,
            step.Group.WeightDecay ?? WeightDecay, Decoupled, (int)Math.Min(step.Number, int.MaxValue), step.GradientScale),
            step.GradientFactor?.Span ?? default);
}
