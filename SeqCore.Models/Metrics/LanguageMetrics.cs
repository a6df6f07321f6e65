namespace SeqCore.Models;

/// <summary>What a language model's cross-entropy says in other units, and how often it is right.</summary>
public static class LanguageMetrics
{
    /// <summary>e^loss: the number of equally likely tokens that would be as hard to guess.</summary>
    /// <param name="loss">Mean cross-entropy, nats per token.</param>
    public static double Perplexity(double loss) => Math.Exp(loss);

    /// <summary>loss / ln 2</summary>
    /// <param name="loss">Mean cross-entropy, nats per character.</param>
    public static double BitsPerCharacter(double loss) => loss / Math.Log(2);

    /// <summary>
    /// Share of the tokens whose greatest logit is the target's; NaN where every token is ignored. Logits with NaN among them are
    /// wrong.
    /// </summary>
    /// <param name="logits">Shape (..., V).</param>
    /// <param name="targets">Shape (...).</param>
    /// <param name="ignoreIndex">Tokens with this target do not count.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static double Accuracy(Tensor logits, IndexTensor targets, int ignoreIndex = -100)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(targets);
        if (logits.Rank != targets.Shape.Rank + 1 || !logits.Shape.Sizes[..^1].SequenceEqual(targets.Shape.Sizes))
            throw ShapeException.Wrong(nameof(Accuracy), "targets", "(...)", targets.Shape, $"logits (..., V) is {logits.Shape}");
        using var guesses = logits.ArgMax(-1);
        using var isNaN = BoolTensor.IsNaN(logits);
        using var odd = isNaN.Any(-1);
        var (guessed, wanted, undecided) = (guesses.ToArray(), targets.ToArray(), odd.ToArray());
        long right = 0, count = 0;
        for (var i = 0; i < wanted.Length; i++)
        {
            if (wanted[i] == ignoreIndex)
                continue;
            count++;
            if (guessed[i] == wanted[i] && !undecided[i])
                right++;
        }

        return (double)right / count;
    }
}
