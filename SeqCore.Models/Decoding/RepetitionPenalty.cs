namespace SeqCore.Models;

/// <summary>
/// Makes tokens that the text already contains less likely (Keskar et al., "CTRL: A Conditional Transformer Language Model for
/// Controllable Generation", arXiv:1909.05858): l / penalty where the logit l is positive, l penalty where it is negative.
/// Differs from the paper, which divides in both cases and so makes tokens with negative logits likelier. A token counts once,
/// however often it was written.
/// </summary>
public sealed class RepetitionPenalty
{
    private readonly List<int> written = [];
    private readonly HashSet<int> known = [];

    /// <summary>Makes a penalty for an empty text.</summary>
    /// <param name="penalty">
    /// The penalty, above 0; 1 changes nothing, a larger one avoids repetition, a smaller one encourages it.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The penalty is not a finite number above 0.</exception>
    public RepetitionPenalty(float penalty)
    {
        Check(penalty);
        Penalty = penalty;
    }

    /// <summary>The penalty, which divides positive logits and multiplies negative ones.</summary>
    public float Penalty { get; }

    /// <summary>Records that a token was written.</summary>
    public void Add(int token)
    {
        if (known.Add(token))
            written.Add(token);
    }

    /// <summary>Changes the logits of the tokens written so far, in place.</summary>
    /// <param name="logits">The logits, shape (V,).</param>
    /// <exception cref="ArgumentException">A token that was written is not in [0, V).</exception>
    public void Apply(Span<float> logits)
    {
        foreach (var token in written)
        {
            if ((uint)token >= (uint)logits.Length)
            {
                throw new ArgumentException($"RepetitionPenalty: token {token} was written, but there are logits for only"
                    + $" {Counted.Of(logits.Length, "token")}.", nameof(logits));
            }

            ref var logit = ref logits[token];
            logit = logit > 0 ? logit / Penalty : logit * Penalty;
        }
    }

    internal static void Check(float penalty)
    {
        if (!(penalty > 0 && float.IsFinite(penalty)))
        {
            throw new ArgumentOutOfRangeException(nameof(penalty), penalty,
                "RepetitionPenalty: the penalty should be above 0; 1 changes nothing.");
        }
    }
}
