namespace SeqCore.Models;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter, "Decoupled weight decay regularization", arXiv:1711.05101):
/// w *= 1 - rate decay before Adam's step.
/// </summary>
public sealed class AdamW : Adam
{
    /// <summary>Makes an AdamW optimizer that treats all parameters alike.</summary>
    /// <param name="parameters">The parameters to be trained.</param>
    /// <param name="learningRate">The learning rate (step size), at least 0; 0.001 by default.</param>
    /// <param name="beta1">The decay rate of the running mean of the gradients, in [0, 1); 0.9 by default.</param>
    /// <param name="beta2">The decay rate of the running mean of the squared gradients, in [0, 1); 0.999 by default.</param>
    /// <param name="epsilon">The number added to the square root to avoid division by zero, at least 0; 1e-8 by default.</param>
    /// <param name="weightDecay">
    /// The fraction of the weight that is subtracted per unit of learning rate, at least 0; 0.01 by default.
    /// </param>
    public AdamW(IEnumerable<Parameter> parameters, float learningRate = 1e-3f, float beta1 = 0.9f, float beta2 = 0.999f,
        float epsilon = 1e-8f, float weightDecay = 0.01f)
        : base(parameters, learningRate, beta1, beta2, epsilon, weightDecay)
    {
    }

    /// <summary>Makes an AdamW optimizer over groups.</summary>
    /// <param name="groups">The groups of parameters to be trained.</param>
    /// <param name="learningRate">The learning rate (step size), at least 0; 0.001 by default.</param>
    /// <param name="beta1">The decay rate of the running mean of the gradients, in [0, 1); 0.9 by default.</param>
    /// <param name="beta2">The decay rate of the running mean of the squared gradients, in [0, 1); 0.999 by default.</param>
    /// <param name="epsilon">The number added to the square root to avoid division by zero, at least 0; 1e-8 by default.</param>
    /// <param name="weightDecay">The weight decay of groups that do not set their own, at least 0; 0.01 by default.</param>
    public AdamW(IEnumerable<ParameterGroup> groups, float learningRate = 1e-3f, float beta1 = 0.9f, float beta2 = 0.999f,
        float epsilon = 1e-8f, float weightDecay = 0.01f)
        : base(groups, learningRate, beta1, beta2, epsilon, weightDecay)
    {
    }

    private protected override bool Decoupled => true;
}
