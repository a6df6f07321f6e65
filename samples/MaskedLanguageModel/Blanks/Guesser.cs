using SeqCore.Models;

namespace SeqCore.Samples.MaskedLanguageModel.Blanks;

/// <summary>
/// Fills blanks with a trained model, all blanks of a text at once and each without knowing what fills the others.
/// </summary>
/// <param name="model">In evaluation mode.</param>
internal sealed class Guesser(Bert model)
{
    /// <summary>What might stand at each [MASK] of a text.</summary>
    /// <param name="tokens">The text, at most T - 2 tokens.</param>
    public IReadOnlyList<Blank> Fill(ReadOnlySpan<int> tokens)
    {
        var places = new List<int>();
        for (var t = 0; t < tokens.Length; t++)
        {
            if (tokens[t] == SpecialToken.Mask)
                places.Add(t);
        }

        using var scope = new TensorScope("blanks");
        using var read = IndexTensor.FromSpan(Frame(tokens), new Shape(1, tokens.Length + 2));
        using var rows = IndexTensor.FromSpan([.. places.Select(p => p + 1)], new Shape(places.Count));
        var hidden = model.Encode(read).Reshape(tokens.Length + 2, -1);
        var chances = model.PredictTokens(hidden.Embedding(rows)).Softmax().Value.ToArray();
        return [.. places.Select((place, i) => new Blank(place,
            Rank(chances.AsSpan(i * model.VocabularySize, model.VocabularySize))))];
    }

    /// <summary>A text between [CLS] and [SEP].</summary>
    public static int[] Frame(ReadOnlySpan<int> tokens) => [SpecialToken.Classification, .. tokens, SpecialToken.Separator];

    private static (int, double)[] Rank(ReadOnlySpan<float> chances)
    {
        var ranked = new (int Token, double Probability)[chances.Length];
        for (var v = 0; v < chances.Length; v++)
            ranked[v] = (v, chances[v]);
        return [.. ranked.OrderByDescending(r => r.Probability)];
    }
}
