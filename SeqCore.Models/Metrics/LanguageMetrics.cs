namespace SeqCore.Models;

/// <summary>Converts the cross-entropy of a language model to other units and computes its accuracy.</summary>
public static class LanguageMetrics
{
    /// <summary>Computes the perplexity e^loss, the number of equally likely tokens that would be as hard to predict.</summary>
    /// <param name="loss">The mean cross-entropy, in nats per token.</param>
    public static double Perplexity(double loss) => Math.Exp(loss);

    /// <summary>Computes the bits per character, loss / ln 2.</summary>
    /// <param name="loss">The mean cross-entropy, in nats per character.</param>
    public static double BitsPerCharacter(double loss) => loss / Math.Log(2);

    /// <summary>
    /// Computes the fraction of tokens whose largest logit is that of the target; NaN if all tokens are ignored. A token with NaN
    /// among its logits counts as wrong.
    /// </summary>
    /// <param name="logits">The logits, shape (..., V).</param>
    /// <param name="targets">The targets, shape (...).</param>
    /// <param name="ignoreIndex">The target of the tokens that do not count.</param>
    /// <exception cref="ShapeException">The shapes of logits and targets do not match.</exception>
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
