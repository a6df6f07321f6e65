namespace SeqCore.Models;

/// <summary>Operations of the decoders on one row of logits.</summary>
internal static class LogitRow
{
    /// <summary>Returns the largest logit.</summary>
    /// <param name="logits">The logits, shape (V,); minus infinity forbids a token.</param>
    /// <param name="decoder">The name of the decoder, with which errors begin.</param>
    /// <exception cref="ArgumentException">
    /// There are no logits, all tokens are forbidden, or a logit is NaN or plus infinity.
    /// </exception>
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

    /// <summary>Forbids tokens in one row of logits, or in several consecutive ones.</summary>
    /// <param name="logits">The logits, shape (rows, V), which are changed.</param>
    /// <param name="vocabularySize">The number of tokens of the vocabulary, V.</param>
    /// <param name="tokens">The tokens to forbid, each in [0, V).</param>
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
    /// A token is not one of the stream's, or is the one that ends a text; or all tokens are forbidden.
    /// </exception>
    internal static void CheckForbidden(string decoder, TokenStream stream, IReadOnlyCollection<int> tokens, int? endToken)
    {
        ArgumentNullException.ThrowIfNull(tokens, nameof(GenerationOptions.ForbiddenTokens));
        foreach (var token in tokens)
        {
            stream.RequireToken(decoder, nameof(GenerationOptions.ForbiddenTokens), token);
            if (token == endToken)
            {
                throw new ArgumentException($"{decoder}: the token {token} ends a text and is also forbidden, so no text would"
                    + $" end. Remove it from {nameof(GenerationOptions.ForbiddenTokens)}.", nameof(tokens));
            }
        }

        if (tokens.Distinct().Count() == stream.VocabularySize)
        {
            throw new ArgumentException($"{decoder}: {nameof(GenerationOptions.ForbiddenTokens)} contains all"
                + $" {stream.VocabularySize} tokens, so none can be written. Remove some.", nameof(tokens));
        }
    }

    /// <summary>Computes log sum_i exp(l_i - max), which is at least 0 if max is the largest logit.</summary>
    internal static double LogSum(ReadOnlySpan<float> logits, float max)
    {
        double sum = 0;
        foreach (var logit in logits)
            sum += Math.Exp((double)logit - max);
        return Math.Log(sum);
    }
}
