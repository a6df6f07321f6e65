using SeqCore.Functions;
using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Trains an encoder-decoder by teacher forcing: the loss is the mean cross-entropy of the target tokens, ends
/// counted and padding not.
/// </summary>
public sealed class SequencePairTask : TrainingTask
{
    private const string BaselineName = "reinforce.baseline";
    private readonly EncoderDecoderModel model;
    private readonly SequencePairBatches batches;
    private readonly SequencePairs validation;
    private readonly RandomGenerator[] generators;
    private SequencePairTensors? current;

    /// <summary>Makes a task.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="batches">Of the training pairs.</param>
    /// <param name="validation">The pairs that the model is judged on.</param>
    /// <param name="generators">
    /// Generators that draw in training beside those of the model: their states are part of a checkpoint.
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
    /// <remarks>Pairs: their tokens differ from batch to batch.</remarks>
    public override int TokensPerBatch => batches.BatchSize;

    /// <summary>SHA-256 of the pairs for training and for validation.</summary>
    public override string? DataHash => Models.DataHash.Of(batches.DataHash, validation.DataHash);

    /// <summary>Share of each target's probability that training spreads over all tokens, in [0, 1).</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>
    /// Probability in [0, 1) that training lets the decoder read its own likeliest token in place of the target's (scheduled
    /// sampling; Bengio et al., arXiv:1506.03099), to be raised as training goes on. Those tokens come from a pass before that
    /// reads the target (Duckworth et al., "Parallel scheduled sampling", arXiv:1906.04331), so it costs a forward pass, not a
    /// step for each token.
    /// </summary>
    public float SampledShare { get; set; }

    /// <summary>
    /// Chooses the tokens that are replaced; its place is part of a checkpoint. Needed where the share is not 0.
    /// </summary>
    public RandomGenerator? SamplingRandom { get; init; }

    /// <summary>
    /// Trains the choices of a model with hard attention that is trained by the score function, and is not used by other models;
    /// its baseline is part of a checkpoint. The loss of a step then has a second part, whose value means nothing.
    /// </summary>
    public Reinforce Reinforce { get; init; } = new();

    /// <summary>Pairs in a batch of an evaluation: more are faster, fewer take less memory.</summary>
    public int EvaluationBatchSize { get; init; } = 64;

    private RandomGenerator[] AllGenerators => SamplingRandom is null ? generators : [.. generators, SamplingRandom];

    private Backend Backend => model.Parameters().First().Value.Backend;

    /// <inheritdoc/>
    public override Variable NextLoss()
    {
        // The backward pass of the batch before has read its tokens by now.
        current?.Dispose();
        current = new SequencePairTensors(batches.Next(), Backend);
        if (Argument.Probability(SampledShare, nameof(SequencePairTask), nameof(SampledShare)) > 0f)
            current.ReplaceInputs(WithGuesses(current));
        var result = model.Forward(current.Source, current.Lengths, current.TargetInputs, returnAttention: false);
        return result.LogProbabilities is { } choices
            ? LossOfChoices(result, choices, current)
            : result.Logits.CrossEntropy(current.Targets, ignoreIndex: SpecialToken.Padding, labelSmoothing: LabelSmoothing);
    }

    /// <inheritdoc/>
    /// <remarks>Without label smoothing.</remarks>
    public override double Evaluate(CancellationToken cancellation)
    {
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
    /// The share of the validation's sources for which the model writes exactly the target, always taking the likeliest token.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was cancelled on the way.</exception>
    public double ExactMatches(CancellationToken cancellation = default)
    {
        var right = 0;
        foreach (var (batch, indices) in SequencePairBatches.InOrderOfLength(validation, EvaluationBatchSize))
        {
            using var tensors = new SequencePairTensors(batch, Backend);
            using var stream = model.NewStream(tensors.Source, tensors.Lengths);
            var options = new GenerationOptions
            {
                MaximumLength = batch.TargetLength,
                EndToken = SpecialToken.End,
                ForbiddenTokens = SpecialToken.NeverWritten,
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
        checkpoint.Set("data.position", batches.Position);
        if (Reinforce.Baseline is { } baseline)
            checkpoint.Set(BaselineName, baseline);
        RandomStates.Save(checkpoint, AllGenerators);
    }

    /// <inheritdoc/>
    public override void Restore(CheckpointData checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
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
    /// The same mean, every target token being an example of its own whose choice is judged by its loss, or by that
    /// and all later ones.
    /// </summary>
    private Variable LossOfChoices(EncoderDecoderResult result, Variable choices, SequencePairTensors pairs)
    {
        var losses = result.Logits.CrossEntropy(pairs.Targets, LossReduction.None, SpecialToken.Padding, LabelSmoothing);
        var consequences = result.ChoicesLast ? WithLater(losses.Value) : losses.Value;
        return Reinforce.Loss(
            Rows(losses, 1).Squeeze(1),
            Rows(choices, 1),
            Reinforce.EntropyWeight > 0f ? Rows(result.Probabilities!, result.Probabilities!.Shape[-1]) : null,
            Rows(consequences, 1).Value.Squeeze(1));

        Variable Rows(Variable x, int width) => x.Reshape(pairs.Targets.ElementCount, width).Embedding(pairs.Places);
    }

    /// <summary>Each row's sums from a step to the end.</summary>
    private static Tensor WithLater(Tensor losses)
    {
        using var steps = Tensor.Arange(losses.Shape[1], losses.Backend);
        using var row = steps.Reshape(-1, 1);
        using var isLater = row >= steps;
        using var factors = isLater.ToTensor();
        return Tensor.MatMul(losses, factors);
    }

    /// <summary>What the decoder reads, with some tokens replaced by those that it would have written in their place.</summary>
    private int[] WithGuesses(SequencePairTensors tensors)
    {
        var random = SamplingRandom ?? throw new InvalidOperationException($"{nameof(SequencePairTask)}: {nameof(SampledShare)}"
            + $" is {SampledShare}, but there is no {nameof(SamplingRandom)} to choose tokens by. Set it.");
        using var pause = Tape.Current?.Pause();
        using var scope = new TensorScope("guesses");
        using var greatest = model.Forward(tensors.Source, tensors.Lengths, tensors.TargetInputs).Value.ArgMax(-1);
        var (read, guesses) = (tensors.TargetInputs.ToArray(), greatest.ToArray());
        var steps = tensors.TargetInputs.Shape[1];
        for (var i = 0; i < read.Length; i++)
        {
            if (i % steps > 0 && random.NextSingle() < SampledShare)
                read[i] = guesses[i - 1];
        }

        return read;
    }

    private static void CheckLength(EncoderDecoderModel model, SequencePairs pairs)
    {
        var longest = Math.Max(pairs.LongestSource, pairs.LongestTarget + 1);
        if (longest > model.MaximumLength)
        {
            throw new ArgumentException($"SequencePairTask: the longest sequence has {longest} tokens; the model can read"
                + $" {model.MaximumLength}. Leave such pairs out, or make the model for longer ones.", nameof(pairs));
        }
    }
}
