namespace SeqCore.Models;

/// <summary>How hard attention, whose choice has no derivative, trains its scores.</summary>
public enum HardAttentionEstimator
{
    /// <summary>
    /// By the score function, REINFORCE (Williams, "Simple statistical gradient-following algorithms for connectionist
    /// reinforcement learning", Machine Learning 8, 1992): unbiased; the loss needs <see cref="Reinforce"/>.
    /// </summary>
    ScoreFunction,

    /// <summary>
    /// By straight-through Gumbel-softmax (Jang, Gu and Poole, "Categorical reparameterization with Gumbel-softmax",
    /// arXiv:1611.01144): biased, of little variance; the gradient is that of a softmax with the same noise.
    /// </summary>
    StraightThrough,
}
