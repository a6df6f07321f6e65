using System.Diagnostics.CodeAnalysis;
using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Trains a masked language model: the loss is the mean cross-entropy of the selected tokens, and only these are predicted. The
/// validation sequences are masked in the same way each time.
/// </summary>
public sealed class MaskedLanguageModelTask : TrainingTask
{
    /// <summary>The number of consecutive batches without a token to predict that causes an error.</summary>
    private const int MostEmptyBatches = 1000;

    private const ulong ValidationSeed = 0x76616C6964;

    private readonly MaskedLanguageModel model;
    private readonly IReadOnlyList<int[]> training;
    private readonly IReadOnlyList<int[]> validation;
    private readonly RandomGenerator draws;
    private readonly TokenMasking masking;
    private readonly RandomGenerator[] generators;
    private readonly MaskedBatch batch;
    private readonly int[][] drawn;
    private readonly IndexTensor inputs;
    private readonly IndexTensor lengths;
    private IndexTensor? positions;
    private IndexTensor? maskedTargets;

    /// <summary>Makes a training task.</summary>
    /// <param name="model">The model to be trained.</param>
    /// <param name="training">
    /// The sequences, each of at most T - 2 tokens; batches are drawn from all with equal probability.
    /// </param>
    /// <param name="validation">The sequences that the model is evaluated on.</param>
    /// <param name="batchSize">The number of sequences in a batch, B.</param>
    /// <param name="sequenceLength">The largest number of tokens in a sequence, T, including [CLS] and [SEP].</param>
    /// <param name="draws">The generator that draws the sequences, which nothing else may use.</param>
    /// <param name="masking">The masking that selects the tokens to predict, with its own generator.</param>
    /// <param name="generators">
    /// The generators that draw in training beside these and those of the model; the states of all are part of a checkpoint.
    /// </param>
    /// <exception cref="ArgumentException">T is more than the model can read, or a sequence is longer than T - 2.</exception>
    /// <exception cref="DataSourceException">There is no sequence for training or for validation.</exception>
    public MaskedLanguageModelTask(MaskedLanguageModel model, IReadOnlyList<int[]> training, IReadOnlyList<int[]> validation,
        int batchSize, int sequenceLength, RandomGenerator draws, TokenMasking masking, params RandomGenerator[] generators)
    {
        ArgumentNullException.ThrowIfNull(model);
        training = Argument.NoNulls(training, nameof(MaskedLanguageModelTask), nameof(training));
        validation = Argument.NoNulls(validation, nameof(MaskedLanguageModelTask), nameof(validation));
        ArgumentNullException.ThrowIfNull(draws);
        ArgumentNullException.ThrowIfNull(masking);
        ArgumentNullException.ThrowIfNull(generators);
        Argument.AtLeast(batchSize, nameof(MaskedLanguageModelTask), nameof(batchSize));
        Argument.AtLeast(sequenceLength, nameof(MaskedLanguageModelTask), nameof(sequenceLength), 3);
        if (sequenceLength > model.MaximumLength)
        {
            throw new ArgumentException("MaskedLanguageModelTask: sequences should be no longer than the model can read,"
                + $" {model.MaximumLength}; got {sequenceLength}.", nameof(sequenceLength));
        }

        if (training.Count == 0 || validation.Count == 0)
        {
            throw new DataSourceException($"The text has {Counted.Of(training.Count, "sequence")} for training and"
                + $" {validation.Count} for validation; at least one of each is needed. Use a longer text.");
        }

        if (training.Concat(validation).FirstOrDefault(s => s.Length > sequenceLength - 2) is { } tooLong)
        {
            throw new ArgumentException($"MaskedLanguageModelTask: sequences should have at most T - 2 = {sequenceLength - 2}"
                + $" tokens; one has {tooLong.Length}.", nameof(training));
        }

        (this.model, this.training, this.validation, this.draws, this.masking) = (model, training, validation, draws, masking);
        this.generators = RandomStates.Of(model, [draws, masking.Random, .. generators]);
        batch = new MaskedBatch(batchSize, sequenceLength);
        drawn = new int[batchSize][];
        inputs = IndexTensor.Uninitialized(new Shape(batchSize, sequenceLength), Backend);
        lengths = IndexTensor.Uninitialized(new Shape(batchSize), Backend);
    }

    /// <inheritdoc/>
    public override Module Model => model;

    /// <inheritdoc/>
    public override int TokensPerBatch => batch.BatchSize * batch.SequenceLength;

    /// <summary>The SHA-256 hash of the sequences for training and for validation.</summary>
    public override string? DataHash => Models.DataHash.Of(Models.DataHash.Of(training), Models.DataHash.Of(validation));

    /// <summary>To minimize: the evaluation is a loss.</summary>
    public override EvaluationGoal? Goal => EvaluationGoal.Minimize;

    /// <summary>The number of sequences in a batch of an evaluation; more are faster, fewer take less memory.</summary>
    public int EvaluationBatchSize { get; init; } = 64;

    /// <summary>The score of the last evaluation; null before the first.</summary>
    public MaskedScore? LastScore { get; private set; }

    private Backend Backend => model.Parameters().First().Value.Backend;

    /// <inheritdoc/>
    /// <exception cref="DataSourceException">The text has hardly any tokens that the vocabulary contains.</exception>
    public override Variable NextLoss()
    {
        RequireOpen();
        var tries = 0;
        do
        {
            if (tries++ == MostEmptyBatches)
            {
                throw new DataSourceException("The training part of the text has hardly any word or character that the vocabulary"
                    + " contains, so there is nothing to predict.");
            }

            for (var b = 0; b < drawn.Length; b++)
                drawn[b] = training[draws.NextInt32(training.Count)];
            batch.Fill(drawn, masking);
        }
        while (batch.MaskedPositions.IsEmpty);
        Backend.Upload(batch.Inputs, inputs.Span);
        Backend.Upload(batch.Lengths, lengths.Span);
        Upload(batch.MaskedPositions, ref positions);
        Upload(batch.MaskedTargets, ref maskedTargets);
        return Predict(inputs, lengths, positions).CrossEntropy(maskedTargets);
    }

    /// <inheritdoc/>
    public override double Evaluate(CancellationToken cancellation) => Score(cancellation).Loss;

    /// <summary>Predicts the hidden tokens of the validation sequences, without a tape; it does not affect training.</summary>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    /// <exception cref="DataSourceException">The sequences have no token that the vocabulary contains.</exception>
    public MaskedScore Score(CancellationToken cancellation = default)
    {
        RequireOpen();
        var (loss, right, count) = (0.0, 0, 0);
        var sameEachTime = masking.With(new RandomGenerator(ValidationSeed));
        MaskedBatch? masked = null;
        foreach (var rows in validation.Chunk(EvaluationBatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            if (masked?.BatchSize != rows.Length)
                masked = new MaskedBatch(rows.Length, batch.SequenceLength);
            masked.Fill(rows, sameEachTime);
            if (masked.MaskedPositions.IsEmpty)
                continue;
            using var scope = new TensorScope("evaluation");
            using var x = IndexTensor.FromSpan(masked.Inputs, new Shape(masked.BatchSize, masked.SequenceLength), Backend);
            using var n = IndexTensor.FromSpan(masked.Lengths, new Shape(masked.BatchSize), Backend);
            using var at = IndexTensor.FromSpan(masked.MaskedPositions, new Shape(masked.MaskedPositions.Length), Backend);
            using var y = IndexTensor.FromSpan(masked.MaskedTargets, new Shape(masked.MaskedTargets.Length), Backend);
            var logits = Predict(x, n, at);
            loss += logits.CrossEntropy(y, LossReduction.Sum).Value.Item();
            using var guesses = logits.Value.ArgMax();
            right += CountEqual(guesses.ToArray(), masked.MaskedTargets);
            count += masked.MaskedTargets.Length;
        }

        if (count == 0)
        {
            throw new DataSourceException("The validation part of the text has no word or character that the vocabulary contains,"
                + " so there is nothing to predict.");
        }

        var score = new MaskedScore(loss / count, (double)right / count, count);
        LastScore = score;
        return score;
    }

    /// <inheritdoc/>
    public override void Save(CheckpointData checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        RequireOpen();
        RandomStates.Save(checkpoint, generators);
    }

    /// <inheritdoc/>
    public override void Restore(CheckpointData checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        RequireOpen();
        RandomStates.Restore(checkpoint, generators);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        inputs.Dispose();
        lengths.Dispose();
        positions?.Dispose();
        maskedTargets?.Dispose();
    }

    /// <summary>
    /// Computes the logits at some positions, shape (M, V), from tokens of shape (B, T); the head computes no others.
    /// </summary>
    private Variable Predict(IndexTensor tokens, IndexTensor sequenceLengths, IndexTensor at)
    {
        var hidden = model.Encode(tokens, sequenceLengths);
        return model.PredictTokens(hidden.Reshape(new Shape(tokens.ElementCount, hidden.Shape[-1])).Embedding(at));
    }

    private static int CountEqual(ReadOnlySpan<int> left, ReadOnlySpan<int> right)
    {
        var count = 0;
        for (var i = 0; i < left.Length; i++)
            count += left[i] == right[i] ? 1 : 0;
        return count;
    }

    private void Upload(ReadOnlySpan<int> values, [NotNull] ref IndexTensor? tensor)
    {
        if (tensor?.ElementCount != values.Length)
        {
            tensor?.Dispose();
            tensor = IndexTensor.Uninitialized(new Shape(values.Length), Backend);
        }

        Backend.Upload(values, tensor.Span);
    }
}
