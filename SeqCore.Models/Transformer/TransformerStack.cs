namespace SeqCore.Models;

/// <summary>
/// <see cref="TransformerBlock"/>s one above the other, named <c>layers.0</c>, <c>layers.1</c> and so on, and a norm at the end,
/// <c>norm</c>, as in PyTorch's TransformerEncoder and TransformerDecoder. It is an encoder, or with
/// <see cref="TransformerBlockOptions.IsCausal"/> and <see cref="TransformerBlockOptions.HasSource"/> a decoder.
/// </summary>
public sealed class TransformerStack : Module, ILayer
{
    private readonly TransformerBlockOptions options;
    private readonly AttentionOptions hidden;
    private readonly NormLayer? norm;

    /// <summary>A stack with initial values of its own for each block.</summary>
    /// <param name="layers">How many, at least 1.</param>
    /// <param name="options">Sizes and configuration of each block.</param>
    /// <param name="random">Draws the initial values and the masks of dropout.</param>
    /// <param name="finalNorm">
    /// The norm that comes last; null for one like those of the blocks. Blocks that normalise first want one.
    /// </param>
    public TransformerStack(int layers, TransformerBlockOptions options, RandomGenerator random,
        FinalNormOptions? finalNorm = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        ArgumentNullException.ThrowIfNull(options);
        (this.options, hidden) = (options, options.Hidden(AttentionOptions.Full));
        Layers = Register("layers", new ModuleList<TransformerBlock>(Enumerable.Range(0, WeightRoom.ForParts(layers))
            .Select(_ => new TransformerBlock(options, random))));
        norm = FinalNormOptions.New(finalNorm, options) is { } last ? Register("norm", last) : null;
    }

    /// <summary>The blocks, the first one first.</summary>
    public ModuleList<TransformerBlock> Layers { get; }

    /// <summary>Runs all blocks, which attend to no source.</summary>
    /// <inheritdoc cref="TransformerBlock.Forward(Variable, AttentionOptions?)"/>
    public Variable Forward(Variable x, AttentionOptions? options = null)
    {
        if (this.options.HasSource)
            throw new InvalidOperationException($"{Kind}: it attends to a source, so pass one.");
        return Run(x, null, options);
    }

    /// <summary>Runs all blocks, which attend to a source.</summary>
    /// <inheritdoc cref="TransformerBlock.Forward(Variable, Variable, AttentionOptions?, AttentionOptions?)"/>
    public Variable Forward(Variable x, Variable source, AttentionOptions? options = null, AttentionOptions? sourceOptions = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        var finite = Padding.Clear(source, sourceOptions, Padding.Length(x));
        return Run(x, Prepare(finite, sourceOptions ?? AttentionOptions.Full), options);
    }

    /// <summary>Runs all blocks, with nothing hidden but what their options hide.</summary>
    Variable ILayer.Forward(Variable x) => Forward(x);

    /// <summary>For each block the keys and values of the source.</summary>
    internal PreparedKeys[] Prepare(Variable source, AttentionOptions options, bool isInference = false) =>
        [.. Layers.Select(l => l.Prepare(source, options, isInference))];

    /// <summary>For each block the memory of what it has read.</summary>
    internal MixerState[] NewStates(int batchSize) =>
        [.. Layers.Select(l => l.Mixer.NewState(batchSize, hidden))];

    /// <summary>Runs all blocks on what may stand in the place of padding.</summary>
    /// <param name="x">Shape (B, T, D).</param>
    /// <param name="pass">What all mixers are given but their states; its options beside those of the blocks.</param>
    /// <param name="states">What <see cref="NewStates"/> made; null where the sequence is given whole.</param>
    /// <param name="source">What <see cref="Prepare"/> made; null without a source.</param>
    /// <param name="sourceWeights">Where attention to the source puts its weights; null where nobody asked.</param>
    internal Variable Forward(Variable x, MixerPass pass, IReadOnlyList<MixerState>? states = null,
        PreparedKeys[]? source = null, ICollection<Variable>? sourceWeights = null)
    {
        pass = pass with
        {
            Options = ReferenceEquals(pass.Options, AttentionOptions.Full) ? hidden : options.Hidden(pass.Options),
        };
        var stream = new ResidualStream(x);
        for (var i = 0; i < Layers.Count; i++)
        {
            var own = states is null ? pass : pass with { State = states[i] };
            stream = Layers[i].Forward(stream, own, source?[i], sourceWeights);
        }

        return norm is null ? stream.Sum() : stream.Norm(norm).Normalised;
    }

    private Variable Run(Variable x, PreparedKeys[]? source, AttentionOptions? options) => Forward(
        Padding.Clear(x, options, Padding.Length(x)), new MixerPass { Options = options ?? AttentionOptions.Full }, null, source);
}
