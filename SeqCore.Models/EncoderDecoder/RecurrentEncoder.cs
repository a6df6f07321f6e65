namespace SeqCore.Models;

/// <summary>
/// Reads a source with an embedding and recurrent layers. Parameters: <c>embedding.weight</c>, <c>lstm.weight_ih_l0</c> (or
/// <c>gru.</c>, <c>rnn.</c>, or <c>recurrent.</c> for custom layers) and so on.
/// </summary>
public sealed class RecurrentEncoder : Module
{
    private readonly Dropout dropout;

    /// <summary>Makes an encoder that is initialised as in PyTorch.</summary>
    /// <param name="vocabularySize">The number of different source tokens, at least 1.</param>
    /// <param name="options">The configuration and the regularisation.</param>
    /// <param name="random">The generator that draws the initial values and the masks of dropout.</param>
    public RecurrentEncoder(int vocabularySize, RecurrentEncoderDecoderOptions options, RandomGenerator random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        options.Check(Kind);
        Embedding = Register("embedding", new Embedding(vocabularySize, options.EmbeddingSize, random));
        var form = new RecurrentLayerOptions
        {
            Layers = options.Layers,
            Bidirectional = options.Bidirectional,
            Dropout = options.Dropout,
        };
        var (name, layer) = options.Kind.NewLayer(options.NewLayer, Kind, options.EmbeddingSize,
            options.HiddenSize / (options.Bidirectional ? 2 : 1), random, form);
        Recurrent = Register(name, layer);
        dropout = Register("dropout", new Dropout(options.Dropout, random));
    }

    /// <summary>The embedding of the source tokens.</summary>
    public Embedding Embedding { get; }

    /// <summary>The recurrent layers.</summary>
    public RecurrentLayer Recurrent { get; }

    /// <summary>Encodes a batch of sources.</summary>
    /// <param name="source">The source tokens, shape (B, S), S at least 1.</param>
    /// <param name="lengths">The number of tokens of each source, shape (B,), in [0, S]; null for S in all.</param>
    /// <returns>
    /// The hidden states of the last layer, shape (B, S, H), 0 in the padding; and the state for a decoder, of shape (B, H) for
    /// each layer, with both directions side by side if there are two.
    /// </returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    public (Variable Output, RecurrentState State) Forward(IndexTensor source, IndexTensor? lengths = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Shape.Rank != 2 || source.Shape[1] == 0)
            throw ShapeException.Wrong(Kind, "source", "(B, S) with S at least 1", source.Shape);
        if (lengths is not null && !lengths.Shape.Equals(new Shape(source.Shape[0])))
        {
            throw ShapeException.Wrong(Kind, "lengths", $"(B,) = ({source.Shape[0]},)", lengths.Shape,
                $"source is {source.Shape}");
        }

        var (output, state) = Recurrent.Forward(dropout.Forward(Embedding.Forward(source)), null, lengths);
        return (output,
            Recurrent.Options.Bidirectional ? RecurrentState.FromParts([.. state.Parts.Select(SideBySide)]) : state);
    }

    private Variable[] SideBySide(IReadOnlyList<Variable> states)
    {
        var size = Recurrent.HiddenSize;
        var other = states.FirstOrDefault(s => s.Shape.Rank != 2 || s.Shape[1] != size);
        return other is null
            ? [.. Enumerable.Range(0, states.Count / 2).Select(l => Variable.Concat([states[2 * l], states[(2 * l) + 1]], -1))]
            : throw ShapeException.Wrong(Kind, $"each state of a {Recurrent.Kind} in two directions",
                $"(B, H / 2) = (B, {size})", other.Shape, "both directions are put side by side for the decoder");
    }
}
