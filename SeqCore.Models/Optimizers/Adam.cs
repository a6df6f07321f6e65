using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Adam (Kingma and Ba, "Adam: a method for stochastic optimization", arXiv:1412.6980): m = beta1 m + (1 - beta1) g, v = beta2 v
/// + (1 - beta2) g^2, w -= rate m^ / (sqrt(v^) + epsilon), where m^ and v^ are corrected for their start at 0. Weight decay adds
/// decay w to the gradient, as in PyTorch's Adam; <see cref="AdamW"/> decays the weight itself.
/// </summary>
/// <remarks>
/// With a sparse gradient (<see cref="Embedding.SparseGradient"/>) m, v and w change only in rows that have one, as in PyTorch's
/// SparseAdam; weight decay, too, applies to these rows alone. The corrections count all steps.
/// </remarks>
/// <example>
/// <code>
/// using var layer = new Linear(inputSize: 3, outputSize: 1, new RandomGenerator(seed: 1));
/// ParameterGroup[] groups = [new([layer.Weight]) { WeightDecay = 0.01f }, new([layer.Bias!])];
/// using var optimizer = new Adam(groups, learningRate: 0.003f);
/// using var tape = new Tape();
/// optimizer.ZeroGradients();
/// tape.Backward(layer.Forward(Tensor.Ones([8, 3])).Mean());
/// optimizer.Step();
/// </code>
/// </example>
public class Adam : Optimizer
{
    /// <summary>Makes an Adam optimizer that treats all parameters alike.</summary>
    /// <param name="parameters">The parameters to be trained.</param>
    /// <param name="learningRate">The learning rate (step size), at least 0; 0.001 by default.</param>
    /// <param name="beta1">The decay rate of the running mean of the gradients, in [0, 1); 0.9 by default.</param>
    /// <param name="beta2">The decay rate of the running mean of the squared gradients, in [0, 1); 0.999 by default.</param>
    /// <param name="epsilon">The number added to the square root to avoid division by zero, at least 0; 1e-8 by default.</param>
    /// <param name="weightDecay">The factor by which a weight is added to its gradient, at least 0; 0 by default.</param>
    public Adam(IEnumerable<Parameter> parameters, float learningRate = 1e-3f, float beta1 = 0.9f, float beta2 = 0.999f,
        float epsilon = 1e-8f, float weightDecay = 0f)
        : this([new ParameterGroup(parameters)], learningRate, beta1, beta2, epsilon, weightDecay)
    {
    }

    /// <summary>Makes an Adam optimizer over groups.</summary>
    /// <param name="groups">The groups of parameters to be trained.</param>
    /// <param name="learningRate">The learning rate (step size), at least 0; 0.001 by default.</param>
    /// <param name="beta1">The decay rate of the running mean of the gradients, in [0, 1); 0.9 by default.</param>
    /// <param name="beta2">The decay rate of the running mean of the squared gradients, in [0, 1); 0.999 by default.</param>
    /// <param name="epsilon">The number added to the square root to avoid division by zero, at least 0; 1e-8 by default.</param>
    /// <param name="weightDecay">The weight decay of groups that do not set their own, at least 0; 0 by default.</param>
    public Adam(IEnumerable<ParameterGroup> groups, float learningRate = 1e-3f, float beta1 = 0.9f, float beta2 = 0.999f,
        float epsilon = 1e-8f, float weightDecay = 0f)
        : base(groups, learningRate, "exp_avg", "exp_avg_sq")
    {
        CheckFraction(beta1, nameof(beta1));
        CheckFraction(beta2, nameof(beta2));
        CheckNotNegative(epsilon, nameof(epsilon));
        CheckNotNegative(weightDecay, nameof(weightDecay));
        (Beta1, Beta2, Epsilon, WeightDecay) = (beta1, beta2, epsilon, weightDecay);
    }

    /// <summary>The decay rate of the running mean of the gradients, in [0, 1).</summary>
    public float Beta1 { get; }

    /// <summary>The decay rate of the running mean of the squared gradients, in [0, 1).</summary>
    public float Beta2 { get; }

    /// <summary>The number added to the square root of the mean of squares.</summary>
    public float Epsilon { get; }

    /// <summary>The weight decay of groups that do not set their own.</summary>
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
