namespace SeqCore.Models;

/// <summary>What the decoders ask of one row of logits.</summary>
internal static class LogitRow
{
    /// <summary>The greatest logit.</summary>
    /// <param name="logits">Shape (V,); minus infinity forbids a token.</param>
    /// <param name="decoder">What errors begin with.</param>
    /// <exception cref="ArgumentException">No logits, all forbidden, or one that is NaN or plus infinity.</exception>
    internal static float Max(ReadOnlySpan<float> logits, string decoder)
    {
        var max = float.NegativeInfinity;
        for (var i = 0; i < logits.Length; i++)
        {
            if (float.IsNaN(logits[i]) || float.IsPositiveInfinity(logits[i]))
            {
                throw new ArgumentException($"{decoder}: logit {i} is {logits[i]}."
                    + " Hint: has training diverged? Try a lower learning rate.", nameof(logits));
            }

            max = Math.Max(max, logits[i]);
        }

        return max > float.NegativeInfinity ? max
            : throw new ArgumentException($"{decoder}: none of the {logits.Length} logits is above minus infinity.",
                nameof(logits));
    }

    /// <summary>Takes forbidden tokens out of one row, or of several that lie one after the other.</summary>
    /// <param name="logits">Shape (rows, V), changed.</param>
    /// <param name="vocabularySize">V.</param>
    /// <param name="tokens">Each in [0, V).</param>
    internal static void Forbid(Span<float> logits, int vocabularySize, IReadOnlyCollection<int> tokens)
    {
        foreach (var token in tokens)
        {
            for (var i = token; i < logits.Length; i += vocabularySize)
                logits[i] = float.NegativeInfinity;
        }
    }

    /// <summary>Checks the tokens that may not be written.</summary>
    /// <exception cref="ArgumentException">
    /// One is no token of the stream, or is the one that ends a text; or all tokens are forbidden.
    /// </exception>
    internal static void CheckForbidden(string decoder, TokenStream stream, IReadOnlyCollection<int> tokens, int? endToken)
    {
        foreach (var token in tokens)
        {
            stream.RequireToken(decoder, nameof(GenerationOptions.ForbiddenTokens), token);
            if (token == endToken)
            {
                throw new ArgumentException($"{decoder}: the token {token} ends a text and is forbidden too, so none would end."
                    + $" Leave it out of {nameof(GenerationOptions.ForbiddenTokens)}.", nameof(tokens));
            }
        }

        if (tokens.Distinct().Count() == stream.VocabularySize)
        {
            throw new ArgumentException($"{decoder}: {nameof(GenerationOptions.ForbiddenTokens)} holds all"
                + $" {stream.VocabularySize} tokens, so that none can be written. Leave some out.", nameof(tokens));
        }
    }

    /// <summary>log sum_i exp(l_i - max), at least 0 for the greatest logit.</summary>
    internal static double LogSum(ReadOnlySpan<float> logits, float max)
    {
        double sum = 0;
        foreach (var logit in logits)
            sum += Math.Exp((double)logit - max);
        return Math.Log(sum);
    }
}
