namespace SeqCore.Models;

/// <summary>
/// A stack of <see cref="TransformerBlock"/>s, named <c>layers.0</c>, <c>layers.1</c> and so on, and a norm at the end,
/// <c>norm</c>, as in PyTorch's TransformerEncoder and TransformerDecoder. It is an encoder, or with
/// <see cref="TransformerBlockOptions.IsCausal"/> and <see cref="TransformerBlockOptions.HasSource"/> a decoder.
/// </summary>
public sealed class TransformerStack : Module, ILayer
{
    private readonly TransformerBlockOptions options;
    private readonly AttentionOptions hidden;
    private readonly NormLayer? norm;

    /// <summary>Makes a stack and draws the initial values of each block.</summary>
    /// <param name="layers">The number of blocks, at least 1.</param>
    /// <param name="options">The sizes and the configuration of each block.</param>
    /// <param name="random">The generator that draws the initial values and the masks of dropout.</param>
    /// <param name="finalNorm">
    /// The norm after the last block; null for one like those of the blocks. Blocks that normalise first need one.
    /// </param>
    public TransformerStack(int layers, TransformerBlockOptions options, RandomGenerator random,
        FinalNormOptions? finalNorm = null)
    {
        Argument.AtLeast(layers, Kind, nameof(layers));
        ArgumentNullException.ThrowIfNull(options);
        (this.options, hidden) = (options, options.Hidden(AttentionOptions.Full));
        Layers = Register("layers", new ModuleList<TransformerBlock>(Enumerable.Range(0, WeightLimit.ForParts(layers))
            .Select(_ => new TransformerBlock(options, random))));
        norm = FinalNormOptions.New(finalNorm, options) is { } last ? Register("norm", last) : null;
    }

    /// <summary>The blocks, from first to last.</summary>
    public ModuleList<TransformerBlock> Layers { get; }

    /// <summary>Runs all blocks, which do not attend to a source.</summary>
    /// <inheritdoc cref="TransformerBlock.Forward(Variable, AttentionOptions?)"/>
    public Variable Forward(Variable x, AttentionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (this.options.HasSource)
            throw new InvalidOperationException($"{Kind}: it attends to a source, so pass one.");
        return Run(x, null, options);
    }

    /// <summary>Runs all blocks, which attend to a source.</summary>
    /// <inheritdoc cref="TransformerBlock.Forward(Variable, Variable, AttentionOptions?, AttentionOptions?)"/>
    public Variable Forward(Variable x, Variable source, AttentionOptions? options = null, AttentionOptions? sourceOptions = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(source);
        var finite = Padding.Clear(source, sourceOptions, Padding.Length(x));
        return Run(x, Prepare(finite, sourceOptions ?? AttentionOptions.Full), options);
    }

    /// <summary>Runs all blocks with only their own options hiding positions.</summary>
    Variable ILayer.Forward(Variable x) => Forward(x);

    /// <summary>Computes the keys and values of the source for each block.</summary>
    internal PreparedKeys[] Prepare(Variable source, AttentionOptions options, bool isInference = false) =>
        [.. Layers.Select(l => l.Prepare(source, options, isInference))];

    /// <summary>Makes the state of each block.</summary>
    internal MixerState[] NewStates(int batchSize) =>
        [.. Layers.Select(l => l.Mixer.NewState(batchSize, hidden))];

    /// <summary>Runs all blocks on an input that may contain padding.</summary>
    /// <param name="x">The inputs, shape (B, T, D).</param>
    /// <param name="pass">
    /// The pass for all mixers, without their states; its options are combined with those of the blocks.
    /// </param>
    /// <param name="states">The states from <see cref="NewStates"/>; null if the sequence is passed whole.</param>
    /// <param name="source">The keys and values from <see cref="Prepare"/>; null without a source.</param>
    /// <param name="sourceWeights">
    /// The list to which attention to the source adds its weights; null if they are not requested.
    /// </param>
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

    private Variable Run(Variable x, PreparedKeys[]? source, AttentionOptions? given) => Forward(
        Padding.Clear(x, given is null ? hidden : options.Hidden(given), Padding.Length(x)),
        new MixerPass { Options = given ?? AttentionOptions.Full }, null, source);
}
