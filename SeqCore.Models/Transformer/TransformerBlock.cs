namespace SeqCore.Models;

/// <summary>
/// The block that Transformers consist of: a mixer of positions, optional attention to a source, and a feed-forward part, each
/// with a residual sum and a norm (Vaswani et al., "Attention is all you need", arXiv:1706.03762, section 3.1). Parameters have
/// the names of PyTorch's layers: <c>self_attn.in_proj_weight</c> and so on, <c>linear1.weight</c>, <c>linear2.weight</c>,
/// <c>multihead_attn.in_proj_weight</c>, <c>norm1.weight</c>, <c>norm2.weight</c> and <c>norm3.weight</c>; parts from <see
/// cref="BlockOptions.NewMixer"/> and <see cref="BlockOptions.NewFeedForward"/> are <c>mixer</c> and <c>feed_forward</c>.
/// </summary>
public sealed class TransformerBlock : Module, ILayer
{
    private readonly MultiHeadAttention? sourceAttention;
    private readonly NormLayer[] norms;
    private readonly Linear? first;
    private readonly Linear? second;
    private readonly ILayer? feedForward;
    private readonly Dropout? dropout;
    private readonly Dropout? innerDropout;

    /// <summary>Makes a block and draws its initial values.</summary>
    /// <param name="options">The sizes and the configuration.</param>
    /// <param name="random">The generator that draws the initial values and the masks of dropout.</param>
    /// <exception cref="ArgumentException">
    /// A size or probability is out of range, sizes do not divide, or a custom part is not a <see cref="Module"/>.
    /// </exception>
    public TransformerBlock(TransformerBlockOptions options, RandomGenerator random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        options.Check(Kind);
        Options = options;
        int d = options.ModelSize, f = options.FeedForwardSize;
        Mixer = options.NewMixer is { } newMixer
            ? RegisterCustom(newMixer(options, random), "mixer", nameof(options.NewMixer))
            : Register("self_attn", new MultiHeadAttention(d, options.HeadCount, random, options.SelfAttention));
        if (options.NewFeedForward is { } newFeedForward)
            feedForward = RegisterCustom(newFeedForward(options, random), "feed_forward", nameof(options.NewFeedForward));
        else
        {
            var width = FeedForward.FirstSize(f, options.Activation);
            first = Register("linear1", NormalInitializer.Linear(d, width, random, options.Bias, options.Deviation));
            second = Register("linear2",
                NormalInitializer.Linear(f, d, random, options.Bias, options.ResidualDeviation ?? options.Deviation));
            foreach (var parameter in first.Parameters())
                parameter.Parts = width == f ? [f] : [f, f];
            innerDropout = NewDropout("feed_forward_dropout", options.FeedForwardDropout ?? options.Dropout);
        }

        if (options.HasSource)
        {
            sourceAttention =
                Register("multihead_attn", new MultiHeadAttention(d, options.HeadCount, random, options.SourceAttention));
        }

        norms = [.. Enumerable.Range(1, options.HasSource ? 3 : 2).Select(i => Register($"norm{i}", options.NewNorm()))];
        dropout = NewDropout("dropout", options.Dropout);

        Dropout? NewDropout(string name, float probability) =>
            probability > 0f ? Register(name, new Dropout(probability, random)) : null;
    }

    /// <summary>The sizes and the configuration of the block.</summary>
    public TransformerBlockOptions Options { get; }

    /// <summary>The mixer of positions.</summary>
    public ISequenceMixer Mixer { get; }

    /// <summary>Runs a block that does not attend to a source.</summary>
    /// <param name="x">The inputs, shape (B, T, D).</param>
    /// <param name="options">
    /// The options that hide positions from the mixer, in addition to the block's options; null for none.
    /// </param>
    /// <returns>The outputs, shape (B, T, D).</returns>
    /// <exception cref="ShapeException">The tensor does not have the required shape.</exception>
    /// <exception cref="InvalidOperationException">The block attends to a source.</exception>
    public Variable Forward(Variable x, AttentionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (sourceAttention is not null)
            throw new InvalidOperationException($"{Kind}: it attends to a source, so pass one.");
        return Run(x, null, options);
    }

    /// <summary>Runs a block that attends to a source.</summary>
    /// <param name="x">The inputs, shape (B, T, D).</param>
    /// <param name="source">The outputs of an encoder, shape (B, S, D).</param>
    /// <param name="options">
    /// The options that hide positions from the mixer, in addition to the block's options; null for none.
    /// </param>
    /// <param name="sourceOptions">The options that hide positions of the source; null for none.</param>
    /// <returns>The outputs, shape (B, T, D).</returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    /// <exception cref="InvalidOperationException">The block does not attend to a source.</exception>
    public Variable Forward(Variable x, Variable source, AttentionOptions? options = null, AttentionOptions? sourceOptions = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(source);
        // Padding may hold NaN.
        var finite = Padding.Clear(source, sourceOptions, Padding.Length(x));
        return Run(x, Prepare(finite, sourceOptions ?? AttentionOptions.Full), options);
    }

    /// <summary>Runs the block with only its own options hiding positions.</summary>
    Variable ILayer.Forward(Variable x) => Forward(x);

    /// <summary>Returns the weights with two axes, except those of custom parts.</summary>
    internal IEnumerable<Parameter> BuiltInMatrices() => Children
        .Where(c => !ReferenceEquals(c.Value, feedForward) && (Options.NewMixer is null || !ReferenceEquals(c.Value, Mixer)))
        .SelectMany(c => c.Value.Parameters()).Where(p => p.Shape.Rank == 2);

    /// <summary>Computes the keys and values of a source, for many passes.</summary>
    internal PreparedKeys Prepare(Variable x, AttentionOptions options, bool isInference = false)
    {
        if (sourceAttention is null)
        {
            throw new InvalidOperationException($"{Kind}: it does not attend to a source. Hint: set"
                + $" {nameof(TransformerBlockOptions)}.{nameof(Options.HasSource)}.");
        }

        return sourceAttention.ProjectKeys(x, x, options, isInference);
    }

    internal ResidualStream Forward(ResidualStream stream, MixerPass pass, PreparedKeys? keys,
        ICollection<Variable>? sourceWeights)
    {
        stream = Part(stream, norms[0], pass, h => Mixer.Forward(h, pass));
        if (sourceAttention is not null)
            stream = Part(stream, norms[1], pass, h => sourceAttention.ToKeys(h, keys!, sourceWeights));
        return Part(stream, norms[^1], pass, h => feedForward is null
            ? FeedForward.Run(h, first!, second!, Options.Activation, pass, innerDropout)
            : feedForward.Forward(h));
    }

    /// <summary>
    /// Computes x + f(norm(x)), whose addition is left to the next norm, or norm(x + f(x)), with f followed by dropout.
    /// </summary>
    private ResidualStream Part(ResidualStream stream, NormLayer norm, MixerPass pass, Func<Variable, Variable> part)
    {
        Variable f(Variable input) => Checked(part(input), input, norm);
        var dropped = pass.IsInference ? null : dropout;
        if (Options.NormFirst)
        {
            var (h, x) = stream.Norm(norm);
            return new ResidualStream(x, f(h), dropped);
        }

        var sum = stream.Sum();
        return new ResidualStream(norm.Add(f(sum), sum, dropped).Normalised);
    }

    private Variable Run(Variable x, PreparedKeys? keys, AttentionOptions? options)
    {
        var combined = Options.Hidden(options ?? AttentionOptions.Full);
        var stream = new ResidualStream(Padding.Clear(x, combined, Padding.Length(x)));
        return Forward(stream, new MixerPass { Options = combined }, keys, null).Sum();
    }

    /// <summary>Checks the result of the part after a norm, which may be a custom one and is added to its input.</summary>
    private Variable Checked(Variable result, Variable input, NormLayer norm)
    {
        if (result is not null && result.Shape.Equals(input.Shape))
            return result;
        var (factory, part) = ReferenceEquals(norm, norms[0])
            ? (nameof(Options.NewMixer), (object)Mixer)
            : (nameof(Options.NewFeedForward), feedForward);
        var name = $"the result of {factory}'s {(part as Module)?.Kind}";
        throw result is null
            ? new InvalidOperationException($"{Kind}: {name} is null.")
            : ShapeException.Wrong(Kind, name, $"(B, T, D) = {input.Shape}", result.Shape);
    }

    private T RegisterCustom<T>(T part, string name, string factory) where T : class
    {
        if (part is not Module module)
        {
            throw new ArgumentException($"{Kind}: the result of {factory} should be a {nameof(Module)}, so that its parameters"
                + $" are found; got {part?.GetType().Name ?? "null"}.", factory);
        }

        Register(name, module);
        return part;
    }
}
