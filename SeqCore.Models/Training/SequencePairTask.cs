using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Trains an encoder-decoder by teacher forcing: the loss is the mean cross-entropy of the target tokens, including end tokens
/// but not padding.
/// </summary>
public sealed class SequencePairTask : TrainingTask
{
    private const string BaselineName = "reinforce.baseline";
    private readonly EncoderDecoderModel model;
    private readonly SequencePairBatches batches;
    private readonly SequencePairs validation;
    private readonly RandomGenerator[] generators;
    private SequencePairTensors? current;

    /// <summary>Makes a training task.</summary>
    /// <param name="model">The model to be trained.</param>
    /// <param name="batches">The batches of the training pairs.</param>
    /// <param name="validation">The pairs that the model is evaluated on.</param>
    /// <param name="generators">
    /// The generators that draw in training beside those of the model; their states are part of a checkpoint.
    /// </param>
    /// <exception cref="ArgumentException">The pairs are longer than the model can read.</exception>
    public SequencePairTask(EncoderDecoderModel model, SequencePairBatches batches, SequencePairs validation,
        params RandomGenerator[] generators)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentNullException.ThrowIfNull(validation);
        ArgumentNullException.ThrowIfNull(generators);
        CheckLength(model, batches.Pairs);
        CheckLength(model, validation);
        (this.model, this.batches, this.validation) = (model, batches, validation);
        this.generators = RandomStates.Of(model, generators);
    }

    /// <inheritdoc/>
    public override Module Model => model;

    /// <inheritdoc/>
    /// <remarks>It is the number of pairs, since the number of tokens differs from batch to batch.</remarks>
    public override int TokensPerBatch => batches.BatchSize;

    /// <summary>The SHA-256 hash of the pairs for training and for validation.</summary>
    public override string? DataHash => Models.DataHash.Of(batches.DataHash, validation.DataHash);

    /// <summary>To minimize: the evaluation is a loss.</summary>
    public override EvaluationGoal? Goal => EvaluationGoal.Minimize;

    /// <summary>The fraction of each target's probability that training spreads over all tokens, in [0, 1).</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>
    /// The probability, in [0, 1), with which the decoder reads its own likeliest token in training instead of the target's
    /// (scheduled sampling; Bengio et al., arXiv:1506.03099), usually raised during training. Those tokens come from an earlier
    /// pass that reads the target (Duckworth et al., "Parallel scheduled sampling", arXiv:1906.04331), so it costs a forward
    /// pass, not a step for each token.
    /// </summary>
    public float SamplingProbability { get; set; }

    /// <summary>
    /// The generator that selects the tokens to replace, whose state is part of a checkpoint; needed if
    /// <see cref="SamplingProbability"/> is not 0.
    /// </summary>
    public RandomGenerator? SamplingRandom { get; init; }

    /// <summary>
    /// The estimator that trains the choices of a model with hard attention by the score function; other models do not use it.
    /// Its baseline is part of a checkpoint. The loss of a step then has a second part, whose value has no meaning.
    /// </summary>
    public Reinforce Reinforce { get; init; } = new();

    /// <summary>The number of pairs in a batch of an evaluation; more are faster, fewer take less memory.</summary>
    public int EvaluationBatchSize { get; init; } = 64;

    private RandomGenerator[] AllGenerators => SamplingRandom is null ? generators : [.. generators, SamplingRandom];

    private Backend Backend => model.Parameters().First().Value.Backend;

    /// <inheritdoc/>
    public override Variable NextLoss()
    {
        RequireOpen();
        // The backward pass of the previous batch has read its tokens by now.
        current?.Dispose();
        current = new SequencePairTensors(batches.Next(), Backend);
        if (Argument.Probability(SamplingProbability, nameof(SequencePairTask), nameof(SamplingProbability)) > 0f)
            current.ReplaceInputs(WithGuesses(current));
        var result = model.Forward(current.Source, current.Lengths, current.TargetInputs, returnAttention: false);
        return result.LogProbabilities is { } choices
            ? LossOfChoices(result, choices, current)
            : result.Logits.CrossEntropy(current.Targets, ignoreIndex: SpecialToken.Padding, labelSmoothing: LabelSmoothing);
    }

    /// <inheritdoc/>
    /// <remarks>The loss has no label smoothing.</remarks>
    public override double Evaluate(CancellationToken cancellation)
    {
        RequireOpen();
        var (total, tokens) = (0.0, 0L);
        foreach (var (batch, _) in SequencePairBatches.InOrderOfLength(validation, EvaluationBatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = new TensorScope("evaluation");
            using var tensors = new SequencePairTensors(batch, Backend);
            total += model.Forward(tensors.Source, tensors.Lengths, tensors.TargetInputs)
                .CrossEntropy(tensors.Targets, LossReduction.Sum, SpecialToken.Padding).Value.Item();
            tokens += batch.TargetTokens;
        }

        return total / tokens;
    }

    /// <summary>
    /// Computes the fraction of the validation's sources for which the model writes exactly the target, always taking the
    /// likeliest token.
    /// </summary>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public double ExactMatches(CancellationToken cancellation = default)
    {
        RequireOpen();
        var right = 0;
        foreach (var (batch, indices) in SequencePairBatches.InOrderOfLength(validation, EvaluationBatchSize))
        {
            using var tensors = new SequencePairTensors(batch, Backend);
            using var stream = model.NewStream(tensors.Source, tensors.Lengths);
            var options = new GenerationOptions
            {
                MaximumLength = batch.TargetLength,
                EndToken = SpecialToken.End,
                ForbiddenTokens = SpecialToken.NeverGenerated,
                PadToken = SpecialToken.Padding,
            };
            var written = new TextGenerator(stream).Generate([SpecialToken.Start], options, cancellation: cancellation);
            cancellation.ThrowIfCancellationRequested();
            for (var b = 0; b < written.Count; b++)
            {
                if (written[b].End == GenerationEnd.EndToken
                    && written[b].Tokens.Span[..^1].SequenceEqual(validation.Target(indices.Span[b])))
                    right++;
            }
        }

        return (double)right / validation.Count;
    }

    /// <inheritdoc/>
    public override void Save(CheckpointData checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        RequireOpen();
        checkpoint.Set("data.position", batches.Position);
        if (Reinforce.Baseline is { } baseline)
            checkpoint.Set(BaselineName, baseline);
        RandomStates.Save(checkpoint, AllGenerators);
    }

    /// <inheritdoc/>
    public override void Restore(CheckpointData checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        RequireOpen();
        batches.Position = checkpoint.GetUInt64("data.position");
        Reinforce.Baseline = checkpoint.Values.ContainsKey(BaselineName) ? checkpoint.GetDouble(BaselineName) : null;
        RandomStates.Restore(checkpoint, AllGenerators);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            current?.Dispose();
    }

    /// <summary>
    /// Computes the mean loss with every target token as a separate example, whose choice is judged by its own loss, or by that
    /// and all later ones.
    /// </summary>
    private Variable LossOfChoices(EncoderDecoderResult result, Variable choices, SequencePairTensors pairs)
    {
        var losses = result.Logits.CrossEntropy(pairs.Targets, LossReduction.None, SpecialToken.Padding, LabelSmoothing);
        var consequences = result.ChoicesAffectLaterSteps ? WithLater(losses.Value) : losses.Value;
        return Reinforce.Loss(
            Rows(losses, 1).Squeeze(1),
            Rows(choices, 1),
            Reinforce.EntropyWeight > 0f ? Rows(result.Probabilities!, result.Probabilities!.Shape[-1]) : null,
            Rows(consequences, 1).Value.Squeeze(1));

        Variable Rows(Variable x, int width) => x.Reshape(pairs.Targets.ElementCount, width).Embedding(pairs.Positions);
    }

    /// <summary>Sums each row from a step to the end.</summary>
    private static Tensor WithLater(Tensor losses)
    {
        using var steps = Tensor.Arange(losses.Shape[1], losses.Backend);
        using var row = steps.Reshape(-1, 1);
        using var isLater = row >= steps;
        using var factors = isLater.ToTensor();
        return Tensor.MatMul(losses, factors);
    }

    /// <summary>
    /// Returns the decoder's inputs, with some tokens replaced by those that the decoder would have written there.
    /// </summary>
    private int[] WithGuesses(SequencePairTensors tensors)
    {
        var random = SamplingRandom ?? throw new InvalidOperationException(
            $"{nameof(SequencePairTask)}: {nameof(SamplingProbability)} is {SamplingProbability}, but there is no"
            + $" {nameof(SamplingRandom)} that selects tokens. Set it.");
        using var pause = Tape.Current?.Pause();
        using var scope = new TensorScope("guesses");
        using var greatest = model.Forward(tensors.Source, tensors.Lengths, tensors.TargetInputs).Value.ArgMax(-1);
        var (read, guesses) = (tensors.TargetInputs.ToArray(), greatest.ToArray());
        var steps = tensors.TargetInputs.Shape[1];
        for (var i = 0; i < read.Length; i++)
        {
            if (i % steps > 0 && random.NextSingle() < SamplingProbability)
                read[i] = guesses[i - 1];
        }

        return read;
    }

    private static void CheckLength(EncoderDecoderModel model, SequencePairs pairs)
    {
        var longest = Math.Max(pairs.LongestSource, pairs.LongestTarget + 1);
        if (longest > model.MaximumLength)
        {
            throw new ArgumentException($"SequencePairTask: the longest sequence has {Counted.Of(longest, "token")},"
                + " but the model can read"
                + $" only {model.MaximumLength}. Remove such pairs, or make the model for longer ones.", nameof(pairs));
        }
    }
}
