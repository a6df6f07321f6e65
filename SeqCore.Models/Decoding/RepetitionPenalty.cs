namespace SeqCore.Models;

/// <summary>
/// Makes tokens less likely that are in the text already (Keskar et al., "CTRL: A Conditional Transformer Language Model for
/// Controllable Generation", arXiv:1909.05858): l / penalty where the logit l is positive, l penalty where it is negative.
/// Differs from the paper, which divides in both cases and so makes tokens with negative logits likelier. A token counts once,
/// however often it was written.
/// </summary>
public sealed class RepetitionPenalty
{
    private readonly List<int> written = [];
    private readonly HashSet<int> known = [];

    /// <summary>A penalty for an empty text.</summary>
    /// <param name="penalty">Above 0; 1 changes nothing, above 1 avoids repetition, below 1 seeks it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The penalty is not a finite number above 0.</exception>
    public RepetitionPenalty(float penalty)
    {
        Check(penalty);
        Penalty = penalty;
    }

    /// <summary>What positive logits are divided by and negative ones multiplied with.</summary>
    public float Penalty { get; }

    /// <summary>Counts a token as written.</summary>
    public void Add(int token)
    {
        if (known.Add(token))
            written.Add(token);
    }

    /// <summary>Changes the logits of the tokens written so far, in place.</summary>
    /// <param name="logits">Shape (V,).</param>
    /// <exception cref="ArgumentException">A token that was written is not in [0, V).</exception>
    public void Apply(Span<float> logits)
    {
        foreach (var token in written)
        {
            if ((uint)token >= (uint)logits.Length)
            {
                throw new ArgumentException($"RepetitionPenalty: token {token} was written but there are logits of"
                    + $" {logits.Length} tokens only.", nameof(logits));
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
