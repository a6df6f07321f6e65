namespace SeqCore.Models;

/// <summary>Specifies how hard attention, whose choices have no derivative, trains its scores.</summary>
public enum HardAttentionEstimator
{
    /// <summary>
    /// The score function, REINFORCE (Williams, "Simple statistical gradient-following algorithms for connectionist reinforcement
    /// learning", Machine Learning 8, 1992), which is unbiased; the loss needs <see cref="Reinforce"/>.
    /// </summary>
    ScoreFunction,

    /// <summary>
    /// Straight-through Gumbel-softmax (Jang, Gu and Poole, "Categorical reparameterization with Gumbel-softmax",
    /// arXiv:1611.01144), which is biased but has a small variance; the gradient is that of a softmax with the same noise.
    /// </summary>
    StraightThrough,
}
