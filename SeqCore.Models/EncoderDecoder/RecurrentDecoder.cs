namespace SeqCore.Models;

/// <summary>
/// Writes a target with an embedding, recurrent layers, optional attention to the source, and a head.
/// <see cref="AttentionWiring"/> has the equations. Parameters: <c>embedding.weight</c>, <c>lstm.weight_ih_l0</c> (or
/// <c>gru.</c>, <c>rnn.</c>, or <c>recurrent.</c> for custom layers) and so on, those of <c>attention</c>,
/// <c>combine.weight</c> W (H, 2H), <c>head.weight</c> and <c>head.bias</c>.
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

    /// <summary>Computes the logits after each token of known targets.</summary>
    /// <param name="tokens">The decoder's inputs, shape (B, T), T at least 1.</param>
    /// <param name="state">The state from the encoder.</param>
    /// <param name="source">The encoder's outputs as <see cref="Attention"/> prepared them; null without attention.</param>
    /// <param name="returnWeights">Whether the attention weights are returned.</param>
    /// <returns>
    /// The logits, shape (B, T, V), the weights, shape (B, N, T, S), if requested, and the choices of hard attention.
    /// </returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    public EncoderDecoderResult Forward(IndexTensor tokens, RecurrentState state, PreparedKeys? source,
        bool returnWeights = false)
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
        var x = dropout.Forward(Embedding.Forward(tokens));
        var (read, seen) = Wiring switch
        {
            _ when Attention is null => (Recurrent.Forward(x, state).Output, default),
            AttentionWiring.AfterStep => AttendAfter(Recurrent.Forward(x, state).Output, source!, returnWeights),
            AttentionWiring.InputFeeding => FeedInputs(x, state, source!, returnWeights),
            _ => AttendBefore(x, state, source!, returnWeights),
        };
        return new EncoderDecoderResult(Head.Forward(dropout.Forward(read)), seen.Weights is null ? [] : [seen.Weights])
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

    /// <summary>Computes u = tanh(W [c; h]) with c = attend(h).</summary>
    private (Variable Read, AttentionResult Seen) AttendAfter(Variable hidden, PreparedKeys source, bool returnWeights)
    {
        var seen = Attend(hidden, source, returnWeights);
        return (Mix(seen.Output, hidden), seen);
    }

    private (Variable Read, AttentionResult Seen) FeedInputs(Variable x, RecurrentState state,
        PreparedKeys source, bool returnWeights)
    {
        var (reads, seen) = (x.Split(1, 1), new AttentionResult[x.Shape[1]]);
        Variable previous = Tensor.Zeros(new Shape(x.Shape[0], 1, Recurrent.HiddenSize), x.Value.Backend);
        for (var t = 0; t < reads.Length; t++)
        {
            (var hidden, state) = Recurrent.Forward(Variable.Concat([reads[t], previous], -1), state);
            (previous, seen[t]) = AttendAfter(hidden, source, returnWeights);
            reads[t] = previous;
        }

        return (Variable.Concat(reads, 1), Join(seen));
    }

    private (Variable Read, AttentionResult Seen) AttendBefore(Variable x, RecurrentState state,
        PreparedKeys source, bool returnWeights)
    {
        var inputs = x.Split(1, 1);
        var (seen, hiddens) = (new AttentionResult[inputs.Length], new Variable[inputs.Length]);
        for (var t = 0; t < inputs.Length; t++)
        {
            seen[t] = Attend(state.Hidden[^1].Unsqueeze(1), source, returnWeights);
            (hiddens[t], state) = Recurrent.Forward(Variable.Concat([inputs[t], seen[t].Output], -1), state);
        }

        return (Mix(Variable.Concat([.. seen.Select(s => s.Output)], 1), Variable.Concat(hiddens, 1)), Join(seen));
    }

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
}
