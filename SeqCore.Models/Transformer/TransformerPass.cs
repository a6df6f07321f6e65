namespace SeqCore.Models;

/// <summary>One run through the layers of a Transformer: what all of them share.</summary>
internal sealed class TransformerPass
{
    /// <summary>What self-attention hides.</summary>
    internal AttentionOptions Options { get; init; } = AttentionOptions.Full;

    /// <summary>What attention to the source hides.</summary>
    internal AttentionOptions SourceOptions { get; init; } = AttentionOptions.Full;

    /// <summary>Whether dropout is left out whatever the model's mode, as streams do.</summary>
    internal bool IsInference { get; init; }

    /// <summary>
    /// For each layer, the keys and values of the tokens before these; null where the tokens are all there are.
    /// </summary>
    internal IReadOnlyList<KeyValueCache>? Caches { get; init; }

    /// <summary>
    /// Where each layer puts the weights of its self-attention, shape (B, N, T, T); null where nobody asked, as with caches.
    /// </summary>
    internal List<Variable>? Weights { get; init; }

    /// <summary>The same for its attention to the source, shape (B, N, T, S).</summary>
    internal List<Variable>? SourceWeights { get; init; }

    /// <summary>How many tokens came before these.</summary>
    internal int Position { get; init; }

    /// <summary>Dropout, if there is any.</summary>
    internal Variable Drop(Variable x, Dropout? dropout) => IsInference || dropout is null ? x : dropout.Forward(x);

    /// <summary>The options of one layer of attention, with the dropout of its weights.</summary>
    internal AttentionOptions With(AttentionOptions options, Dropout? dropout) =>
        !IsInference && dropout is { IsTraining: true, Probability: > 0f }
            ? options with { Dropout = dropout.Probability, Random = dropout.Random }
            : options;
}
