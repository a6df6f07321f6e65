namespace SeqCore.Models;

/// <summary>
/// Writes a target with an embedding, recurrent layers, optional attention to the source, and a head.
/// <see cref="AttentionWiring"/> has the equations. Parameters: <c>embedding.weight</c>, <c>lstm.weight_ih_l0</c> (or
/// <c>gru.</c>, <c>rnn.</c>, or <c>recurrent.</c> for custom layers) and so on, those of <c>attention</c>,
/// <c>combine.weight</c> W (H, 2H), <c>head.weight</c> and <c>head.bias</c>, and those of <c>copy</c>, whose gate reads the
/// result of attention, the hidden state and the embedding of the step's token.
/// </summary>
public sealed class RecurrentDecoder : Module
{
    private readonly Dropout dropout;

    /// <summary>Makes a decoder that is initialised as in PyTorch.</summary>
    /// <param name="vocabularySize">The number of different target tokens, V, at least 1.</param>
    /// <param name="options">The configuration and the regularisation.</param>
    /// <param name="random">The generator that draws the initial values and the masks of dropout.</param>
    public RecurrentDecoder(int vocabularySize, RecurrentEncoderDecoderOptions options, RandomGenerator random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        options.Check(Kind);
        var hidden = options.HiddenSize;
        Wiring = options.Wiring;
        var inputSize = SizeLimitException.Check(
            $"{Kind}: an input of {nameof(options.EmbeddingSize)} {options.EmbeddingSize} and attention, H = {hidden},",
            options.EmbeddingSize + (Wiring == AttentionWiring.AfterStep ? 0L : hidden));
        Embedding = Register("embedding", new Embedding(vocabularySize, options.EmbeddingSize, random));
        var form = new RecurrentLayerOptions { Layers = options.Layers, Dropout = options.Dropout };
        var (name, layer) = options.Kind.NewLayer(options.NewLayer, Kind, inputSize, hidden, random, form);
        Recurrent = Register(name, layer);
        if (NewAttention(options, random) is { } attention)
        {
            Attention = Register("attention", attention);
            Combine = Register("combine", new Linear(2 * hidden, hidden, random, bias: false));
        }

        Head = Register("head", new Linear(hidden, vocabularySize, random));
        if (options.Copies)
            Copy = Register("copy", new CopyMechanism(CopyGateSize(options), random));
        dropout = Register("dropout", new Dropout(options.Dropout, random));
    }

    /// <summary>The point in a step at which the decoder attends.</summary>
    public AttentionWiring Wiring { get; }

    /// <summary>The embedding of the target tokens.</summary>
    public Embedding Embedding { get; }

    /// <summary>The recurrent layers.</summary>
    public RecurrentLayer Recurrent { get; }

    /// <summary>The attention to the source, or null.</summary>
    public AttentionLayer? Attention { get; }

    /// <summary>
    /// The layer that combines the result of attention with the hidden state, W of shape (H, 2H); null without attention.
    /// </summary>
    public Linear? Combine { get; }

    /// <summary>The linear layer from hidden states (H) to logits (V).</summary>
    public Linear Head { get; }

    /// <summary>The mechanism that copies tokens of the source, or null.</summary>
    public CopyMechanism? Copy { get; }

    /// <summary>Computes the logits after each token of known targets.</summary>
    /// <param name="tokens">The decoder's inputs, shape (B, T), T at least 1.</param>
    /// <param name="state">The state from the encoder.</param>
    /// <param name="source">The encoder's outputs as <see cref="Attention"/> prepared them; null without attention.</param>
    /// <param name="returnWeights">Whether the attention weights are returned.</param>
    /// <param name="sourceTokens">
    /// The source as tokens of the target, shape (B, S); used only by a decoder that copies, which needs it.
    /// </param>
    /// <returns>
    /// The logits, shape (B, T, V), the weights, shape (B, N, T, S), if requested, and the choices of hard attention.
    /// </returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    public EncoderDecoderResult Forward(IndexTensor tokens, RecurrentState state, PreparedKeys? source,
        bool returnWeights = false, IndexTensor? sourceTokens = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(state);
        if (tokens.Shape.Rank != 2 || tokens.Shape[0] != state.BatchSize || tokens.Shape[1] == 0)
        {
            throw ShapeException.Wrong(Kind, "tokens", $"(B, T) = ({state.BatchSize}, T)", tokens.Shape,
                $"the batch of the sources is {state.BatchSize}", "T should be at least 1");
        }

        if (Attention is not null)
            ArgumentNullException.ThrowIfNull(source);
        if (Copy is not null)
            ArgumentNullException.ThrowIfNull(sourceTokens);
        var x = dropout.Forward(Embedding.Forward(tokens));
        var needsWeights = returnWeights || Copy is not null;
        var (read, hidden, seen) = Wiring switch
        {
            _ when Attention is null => new(Recurrent.Forward(x, state).Output, null, default),
            AttentionWiring.AfterStep => AttendAfter(Recurrent.Forward(x, state).Output, source!, needsWeights),
            AttentionWiring.InputFeeding => FeedInputs(x, state, source!, needsWeights),
            _ => AttendBefore(x, state, source!, needsWeights),
        };
        var logits = Head.Forward(dropout.Forward(read));
        if (Copy is not null)
            logits = MixCopies(logits, seen.Weights, [seen.Output, hidden!, x], sourceTokens!, source!.Options.KeyLengths);
        return new EncoderDecoderResult(logits, returnWeights && seen.Weights is not null ? [seen.Weights] : [])
        {
            LogProbabilities = seen.LogProbabilities,
            Probabilities = seen.Probabilities,
            ChoicesAffectLaterSteps = Wiring != AttentionWiring.AfterStep,
        };
    }

    /// <summary>Computes u = tanh(W [c; h]).</summary>
    internal Variable Mix(Variable context, Variable hidden) => Combine!.Forward(Variable.Concat([context, hidden], -1)).Tanh();

    /// <summary>Computes c = attend(h), shape (B, T, H).</summary>
    internal AttentionResult Attend(Variable hidden, PreparedKeys source, bool returnWeights)
    {
        var seen = Attention!.Forward(hidden, source, returnWeights);
        return seen.Output.Shape.Equals(hidden.Shape)
            ? seen
            : throw ShapeException.Wrong(Kind, $"the result of {Attention.Kind}", $"(B, T, H) = {hidden.Shape}",
                seen.Output.Shape);
    }

    /// <summary>Mixes copies into the logits; the gate reads c, h and y, each of shape (B, T, ...).</summary>
    internal Variable MixCopies(Variable logits, Variable? weights, Variable[] features, IndexTensor source,
        IndexTensor? lengths) =>
        weights is null
            ? throw new ArgumentException($"{Kind}: {Attention!.Kind} returned no weights when they were requested, and copying"
                + " chooses tokens by them.", nameof(weights))
            : Copy!.Forward(logits, weights, Variable.Concat(features, -1), source, lengths);

    private static int CopyGateSize(RecurrentEncoderDecoderOptions options) => SizeLimitException.Check(
        $"{nameof(RecurrentDecoder)}: the input of the gate of {nameof(options.Copies)}",
        2L * options.HiddenSize + options.EmbeddingSize);

    /// <summary>Computes u = tanh(W [c; h]) with c = attend(h).</summary>
    private Steps AttendAfter(Variable hidden, PreparedKeys source, bool returnWeights)
    {
        var seen = Attend(hidden, source, returnWeights);
        return new(Mix(seen.Output, hidden), hidden, seen);
    }

    private Steps FeedInputs(Variable x, RecurrentState state, PreparedKeys source, bool returnWeights)
    {
        var (reads, seen, hiddens) = (x.Split(1, 1), new AttentionResult[x.Shape[1]], new Variable[x.Shape[1]]);
        Variable previous = Tensor.Zeros(new Shape(x.Shape[0], 1, Recurrent.HiddenSize), x.Value.Backend);
        for (var t = 0; t < reads.Length; t++)
        {
            (hiddens[t], state) = Recurrent.Forward(Variable.Concat([reads[t], previous], -1), state);
            (previous, _, seen[t]) = AttendAfter(hiddens[t], source, returnWeights);
            reads[t] = previous;
        }

        var joined = Join(seen);
        return Copy is null
            ? new(Variable.Concat(reads, 1), null, joined)
            : new(Variable.Concat(reads, 1), Variable.Concat(hiddens, 1), joined with { Output = Outputs(seen) });
    }

    private Steps AttendBefore(Variable x, RecurrentState state, PreparedKeys source, bool returnWeights)
    {
        var inputs = x.Split(1, 1);
        var (seen, hiddens) = (new AttentionResult[inputs.Length], new Variable[inputs.Length]);
        for (var t = 0; t < inputs.Length; t++)
        {
            seen[t] = Attend(state.Hidden[^1].Unsqueeze(1), source, returnWeights);
            (hiddens[t], state) = Recurrent.Forward(Variable.Concat([inputs[t], seen[t].Output], -1), state);
        }

        var (context, hidden) = (Outputs(seen), Variable.Concat(hiddens, 1));
        return new(Mix(context, hidden), hidden, Join(seen) with { Output = context });
    }

    private static Variable Outputs(AttentionResult[] steps) => Variable.Concat([.. steps.Select(s => s.Output)], 1);

    /// <summary>Concatenates the weights and choices of the steps; of their outputs, it keeps only the last.</summary>
    private static AttentionResult Join(AttentionResult[] steps)
    {
        return steps[^1] with
        {
            Weights = Along(2, s => s.Weights),
            LogProbabilities = Along(1, s => s.LogProbabilities),
            Probabilities = Along(2, s => s.Probabilities),
        };

        Variable? Along(int axis, Func<AttentionResult, Variable?> part) =>
            part(steps[0]) is null ? null : Variable.Concat([.. steps.Select(s => part(s)!)], axis);
    }

    private static AttentionLayer? NewAttention(RecurrentEncoderDecoderOptions options, RandomGenerator random)
    {
        var attention = options.NewAttention is { } make ? Own(make(options.HiddenSize, random)) : BuiltIn(options, random);
        return options.Hard switch
        {
            null => attention,
            { } estimator when attention is ScoredAttention score => new HardAttention(score, estimator, random),
            _ => throw new ArgumentException($"{nameof(RecurrentDecoder)}: {nameof(options.Hard)} attention needs a score, "
                + $"derived from {nameof(ScoredAttention)}; {nameof(options.NewAttention)} made a {attention?.Kind}.",
                nameof(options)),
        };
    }

    private static AttentionLayer Own(AttentionLayer? attention) =>
        attention ?? throw new ArgumentException($"{nameof(RecurrentDecoder)}: "
            + $"{nameof(RecurrentEncoderDecoderOptions.NewAttention)} returned null. Hint: for no attention choose "
            + $"{nameof(AttentionScore)}.{AttentionScore.None}.", nameof(attention));

    private static AttentionLayer? BuiltIn(RecurrentEncoderDecoderOptions options, RandomGenerator random)
    {
        var size = options.HiddenSize;
        return options.Attention switch
        {
            AttentionScore.None => null,
            AttentionScore.Additive => new AdditiveAttention(size, size, options.AttentionSize ?? size, random),
            AttentionScore.Dot => new DotAttention(size),
            AttentionScore.General => new GeneralAttention(size, size, random),
            AttentionScore.Concat => new ConcatAttention(size, size, options.AttentionSize ?? size, random),
            AttentionScore.ScaledDot => new ScaledDotProductAttention(size),
            AttentionScore.MultiHead => new MultiHeadAttention(size, options.HeadCount, random,
                new MultiHeadAttentionOptions { KeyHeadCount = options.KeyHeadCount }),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Attention,
                $"{nameof(RecurrentDecoder)}: there is no such score."),
        };
    }

    /// <summary>What the head reads, u, the hidden states h, and the results of attention, c; each of shape (B, T, H).</summary>
    private readonly record struct Steps(Variable Read, Variable? Hidden, AttentionResult Seen);
}
