using SeqCore.Autograd;

namespace SeqCore.Models;

/// <summary>One run through the blocks of a Transformer: what all of them share.</summary>
internal sealed class TransformerPass
{
    /// <summary>What self-attention hides.</summary>
    internal AttentionOptions Options { get; init; } = AttentionOptions.Full;

    /// <summary>For each layer, the keys and values of the tokens before these; null where the tokens are all there are.</summary>
    internal IReadOnlyList<KeyValueCache>? Caches { get; init; }

    /// <summary>Where each layer puts its weights, shape (B, N, T, S); null where nobody asked.</summary>
    internal List<Variable>? Weights { get; init; }

    /// <summary>How many tokens came before these.</summary>
    internal int Position => Caches?[0].Position ?? 0;

    /// <summary>Dropout, which a stream leaves out whatever the model's mode.</summary>
    internal Variable Drop(Variable x, Dropout? dropout) => Caches is null && dropout is not null ? dropout.Forward(x) : x;

    /// <summary>The options of one layer of attention, with the dropout of its weights.</summary>
    internal AttentionOptions For(Dropout? dropout) => Caches is null && dropout is { IsTraining: true, Probability: > 0f }
        ? Options with { Dropout = dropout.Probability, Random = dropout.Random }
        : Options;
}
