using System.Text.Json.Serialization;

namespace SeqCore.Models;

/// <summary>The sizes, the kind of layers and the regularisation of a <see cref="RecurrentLanguageModel"/>.</summary>
public sealed record RecurrentLanguageModelOptions
{
    /// <summary>The number of different tokens, V, at least 1.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>The kind of recurrent layers; <see cref="RecurrentKind.Lstm"/> by default.</summary>
    public RecurrentKind Kind { get; init; } = RecurrentKind.Lstm;

    /// <summary>
    /// Makes custom recurrent layers instead of those of <see cref="Kind"/>, from E, H, the generator that draws initial values,
    /// and the number of layers and the regularisation that these options ask for; null for <see cref="Kind"/>. The result has
    /// those sizes and that number of layers. Files do not hold it.
    /// </summary>
    [JsonIgnore]
    public Func<int, int, RandomGenerator, RecurrentLayerOptions, RecurrentLayer>? NewLayer { get; init; }

    /// <summary>The width of the embedding, E, at least 1; 128 by default.</summary>
    public int EmbeddingSize { get; init; } = 128;

    /// <summary>The number of hidden units of each layer, H, at least 1; 256 by default.</summary>
    public int HiddenSize { get; init; } = 256;

    /// <summary>The number of stacked recurrent layers, at least 1; 1 by default.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>The probability of dropout after the embedding, between layers and before the head, in [0, 1).</summary>
    public float Dropout { get; init; }

    /// <summary>Whether dropout uses one mask for all steps of a sequence (Gal and Ghahramani, arXiv:1512.05287).</summary>
    public bool LockedDropout { get; init; }

    /// <summary>
    /// The probability of dropping each recurrent weight (see <see cref="RecurrentLayerOptions.WeightDropout"/>), in [0, 1).
    /// </summary>
    public float WeightDropout { get; init; }

    /// <summary>The probability that a unit's hidden state keeps its previous value at a step, in [0, 1) (zoneout).</summary>
    public float ZoneoutHidden { get; init; }

    /// <summary>
    /// The probability that a unit's cell state keeps its previous value at a step, in [0, 1) (zoneout). For an LSTM only.
    /// </summary>
    public float ZoneoutCell { get; init; }

    /// <summary>The initial value of the forget gate's bias; null leaves PyTorch's initialisation. For an LSTM only.</summary>
    public float? ForgetGateBias { get; init; }

    /// <summary>
    /// The activation of the cell (see <see cref="RecurrentLayerOptions.Nonlinearity"/>); <see cref="RecurrentActivation.Tanh"/>
    /// by default.
    /// </summary>
    public RecurrentActivation Nonlinearity { get; init; } = RecurrentActivation.Tanh;

    /// <summary>
    /// The activation of the gates of an LSTM or GRU: <see cref="RecurrentActivation.Sigmoid"/>, the default, or
    /// <see cref="RecurrentActivation.HardSigmoid"/>.
    /// </summary>
    public RecurrentActivation GateActivation { get; init; } = RecurrentActivation.Sigmoid;

    /// <summary>
    /// Whether the reset gate is applied after the product (see <see cref="RecurrentLayerOptions.ResetAfter"/>); true by default.
    /// For a GRU only.
    /// </summary>
    public bool ResetAfter { get; init; } = true;

    /// <summary>
    /// The number of diagonal blocks of the recurrent weights (see <see cref="RecurrentLayerOptions.DiagonalBlocks"/>); 1 by
    /// default.
    /// </summary>
    public int DiagonalBlocks { get; init; } = 1;

    /// <summary>
    /// The width P of the projected hidden states (see <see cref="RecurrentLayerOptions.ProjectionSize"/>), which the head reads
    /// too; 0 for none. For an LSTM only.
    /// </summary>
    public int ProjectionSize { get; init; }

    /// <summary>Whether the recurrent layers have biases; true by default.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>
    /// Whether the head's weight is the embedding's table (Press and Wolf, arXiv:1608.05859), which needs E = H, or E = P
    /// with a projection.
    /// </summary>
    public bool TieWeights { get; init; }

    internal RecurrentLayerOptions Layer => new()
    {
        Layers = Layers,
        Dropout = Dropout,
        LockedDropout = LockedDropout,
        WeightDropout = WeightDropout,
        ZoneoutHidden = ZoneoutHidden,
        ZoneoutCell = ZoneoutCell,
        ForgetGateBias = ForgetGateBias,
        Nonlinearity = Nonlinearity,
        GateActivation = GateActivation,
        ResetAfter = ResetAfter,
        DiagonalBlocks = DiagonalBlocks,
        ProjectionSize = ProjectionSize,
        Bias = Bias,
    };

    internal void Check(string owner)
    {
        Argument.Defined(Kind, owner, nameof(Kind));
        Argument.Defined(Nonlinearity, owner, nameof(Nonlinearity));
        Argument.Defined(GateActivation, owner, nameof(GateActivation));
        Argument.AtLeast(VocabularySize, owner, nameof(VocabularySize));
        Argument.AtLeast(EmbeddingSize, owner, nameof(EmbeddingSize));
        Argument.AtLeast(HiddenSize, owner, nameof(HiddenSize));
        Argument.AtLeast(Layers, owner, nameof(Layers));
        Argument.Probability(Dropout, owner, nameof(Dropout));
        if (TieWeights && EmbeddingSize != Layer.StateSize(HiddenSize))
        {
            throw new ArgumentException($"{owner}: tied weights need an embedding as wide as the hidden state;"
                + $" got {EmbeddingSize} and {Layer.StateSize(HiddenSize)}.", nameof(TieWeights));
        }
    }
}
