namespace SeqCore.Models;

/// <summary>
/// The linear part of a <see cref="TextClassifier"/>: its logits are the sums of numbers that each n-gram of a text has for each
/// label. Initially they are a fraction of the <see cref="TextNgrams.Ratios"/>, which naive Bayes adds.
/// </summary>
internal sealed class NgramNetwork : Module
{
    // N-grams overlap and are not independent, so a sum of the whole ratios would be far too large.
    private const float InitialFraction = 0.3f;

    private readonly TextNgrams ngrams;
    private readonly Embedding scores;
    private readonly Parameter bias;

    internal NgramNetwork(TextNgrams ngrams, RandomGenerator random)
    {
        this.ngrams = ngrams;
        var labels = ngrams.Labels.Count;
        scores = Register("scores", new Embedding(ngrams.Vocabulary.Count, labels, random, SpecialToken.Padding,
            sparseGradient: true));
        bias = Register("bias", Tensor.Zeros(WeightLimit.For(Kind, labels)));
        if (ngrams.Ratios.IsEmpty)
            return;
        using var ratios = Tensor.FromSpan(ngrams.Ratios, scores.Weight.Shape);
        scores.Weight.Value.CopyFrom(ratios * InitialFraction);
    }

    /// <summary>Computes the logits of the labels, shape (B, C).</summary>
    /// <param name="tokens">The tokens, shape (B, T).</param>
    /// <param name="lengths">The number of tokens of each text, shape (B,); null for T in all.</param>
    /// <param name="tensors">Holds the n-grams, which the backward pass reads; null where none has been given.</param>
    internal Variable Forward(IndexTensor tokens, IndexTensor? lengths, BatchTensors? tensors)
    {
        var (all, steps, counts) = (tokens.ToArray(), tokens.Shape[1], lengths?.ToArray());
        var batch = new PaddedBatch([.. Enumerable.Range(0, tokens.Shape[0])
            .Select(b => Encode(all.AsSpan(b * steps, counts?[b] ?? steps)))], SpecialToken.Padding, tokens.Backend);
        tensors?.Hold(batch);
        return scores.Forward(batch.Tokens).Sum(axis: 1) + bias;
    }

    /// <summary>Returns the known n-grams of a text, or padding, whose numbers are 0, if there is none.</summary>
    private int[] Encode(ReadOnlySpan<int> tokens)
    {
        int[] known = [.. ngrams.Vocabulary.Encode([.. TextNgrams.In(tokens, ngrams.Size)])
            .Where(n => n != SpecialToken.Unknown)];
        return known.Length > 0 ? known : [SpecialToken.Padding];
    }
}
