using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Computes features of tokens from their characters: an embedding, convolutions of several widths and the largest value of each
/// channel. Each different token of a batch is computed once.
/// </summary>
internal sealed class CharacterFeatures : Module
{
    private readonly MarkedCharacterTokenizer characters;
    private readonly int maximumCharacters;
    private readonly Embedding embedding;
    private readonly ModuleList<Conv1d> convolutions;
    private readonly Dropout? dropout;
    private readonly MaxPooling pooling = new();

    internal CharacterFeatures(MarkedCharacterTokenizer characters, TextTaggerOptions options, RandomGenerator random)
    {
        (this.characters, maximumCharacters) = (characters, options.MaximumCharacters);
        embedding = Register("embedding", new Embedding(characters.Count, options.CharacterEmbeddingSize, random));
        convolutions = Register("convolutions", new ModuleList<Conv1d>([.. options.CharacterKernelSizes.Select(size =>
            new Conv1d(options.CharacterEmbeddingSize, options.CharacterFeatures, size, random,
                new Conv1dOptions { Padding = Conv1dPadding.Same }))]));
        OutputSize = SizeLimitException.Product($"{Kind}: {Counted.Of(convolutions.Count, "convolution")} of"
            + $" {options.CharacterFeatures} features", convolutions.Count, options.CharacterFeatures);
        if (options.Encoder.Dropout > 0f)
            dropout = Register("dropout", new Dropout(options.Encoder.Dropout, random));
        Register("pooling", pooling);
    }

    /// <summary>The number of features of a token, F.</summary>
    internal int OutputSize { get; }

    /// <summary>Returns the features of each token of a batch, shape (B, T, F); those of padding have no meaning.</summary>
    /// <param name="sentences">The tokens of each sentence.</param>
    /// <param name="steps">The number of tokens of the longest sentence, T.</param>
    /// <param name="backend">The backend of the model.</param>
    /// <param name="tensors">Holds the index tensors that the backward pass reads.</param>
    internal Variable Of(IReadOnlyList<IReadOnlyList<string>> sentences, int steps, Backend backend, BatchTensors tensors)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var rows = new int[sentences.Count * steps];
        for (var b = 0; b < sentences.Count; b++)
        {
            for (var t = 0; t < sentences[b].Count; t++)
            {
                if (!places.TryGetValue(sentences[b][t], out var place))
                    places.Add(sentences[b][t], place = places.Count);
                rows[(b * steps) + t] = place;
            }
        }

        var batch = tensors.Hold(new PaddedBatch([.. places.Keys.Select(Encode)], SpecialToken.Padding, backend));
        var x = embedding.Forward(batch.Tokens);
        x = dropout?.Forward(x) ?? x;
        x = Variable.Concat([.. convolutions.Select(c => c.Forward(x, batch.Lengths))], axis: -1);
        var features = pooling.Forward(x, batch.Lengths);
        return features.Embedding(tensors.Hold(IndexTensor.FromSpan(rows, new Shape(sentences.Count, steps), backend)));
    }

    private int[] Encode(string token)
    {
        // Each rune by itself, so that a token "[PAD]" has five characters.
        int[] all = [.. token.EnumerateRunes().Take(maximumCharacters).Select(r => characters.Encode(r.ToString())[0])];
        return all.Length == 0 ? [SpecialToken.Unknown] : all;
    }
}
