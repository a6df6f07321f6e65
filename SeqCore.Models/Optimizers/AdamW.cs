namespace SeqCore.Models;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter, "Decoupled weight decay regularization", arXiv:1711.05101):
/// w *= 1 - rate decay before Adam's step.
/// </summary>
public sealed class AdamW : Adam
{
    /// <summary>AdamW over all parameters alike.</summary>
    /// <param name="parameters">What is trained.</param>
    /// <param name="learningRate">Step size, at least 0.</param>
    /// <param name="beta1">Decay of the mean of gradients, in [0, 1).</param>
    /// <param name="beta2">Decay of the mean of their squares, in [0, 1).</param>
    /// <param name="epsilon">Added to the root, at least 0.</param>
    /// <param name="weightDecay">Share of the weight taken off per unit of learning rate, at least 0.</param>
    public AdamW(IEnumerable<Parameter> parameters, float learningRate = 1e-3f, float beta1 = 0.9f, float beta2 = 0.999f,
        float epsilon = 1e-8f, float weightDecay = 0.01f)
        : base(parameters, learningRate, beta1, beta2, epsilon, weightDecay)
    {
    }

    /// <summary>AdamW over groups.</summary>
    /// <param name="groups">What is trained.</param>
    /// <param name="learningRate">Step size, at least 0.</param>
    /// <param name="beta1">Decay of the mean of gradients, in [0, 1).</param>
    /// <param name="beta2">Decay of the mean of their squares, in [0, 1).</param>
    /// <param name="epsilon">Added to the root, at least 0.</param>
    /// <param name="weightDecay">For groups without their own, at least 0.</param>
    public AdamW(IEnumerable<ParameterGroup> groups, float learningRate = 1e-3f, float beta1 = 0.9f, float beta2 = 0.999f,
        float epsilon = 1e-8f, float weightDecay = 0.01f)
        : base(groups, learningRate, beta1, beta2, epsilon, weightDecay)
    {
    }

    private protected override bool Decoupled => true;
}
