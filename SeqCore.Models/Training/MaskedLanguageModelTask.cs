using System.Diagnostics.CodeAnalysis;
using SeqCore.Autograd;
using SeqCore.Autograd.Functions;
using SeqCore.Kernels;
using SeqCore.Tensors;

namespace SeqCore.Models;

/// <summary>
/// Trains a masked language model: the loss is the mean cross-entropy of the chosen tokens, and only these are predicted. The
/// validation windows are masked in the same way each time.
/// </summary>
public sealed class MaskedLanguageModelTask : TrainingTask
{
    /// <summary>Batches in a row without a token that could be guessed before that is an error.</summary>
    private const int MostEmptyBatches = 1000;

    private const ulong ValidationSeed = 0x76616C6964;

    private readonly MaskedLanguageModel model;
    private readonly TokenBatchSource windows;
    private readonly TokenWindows validation;
    private readonly TokenMasking masking;
    private readonly RandomGenerator[] generators;
    private readonly MaskedBatch batch;
    private readonly IndexTensor inputs;
    private IndexTensor? places;
    private IndexTensor? answers;

    /// <summary>Makes a task.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="windows">Of the training part of a text, each of T - 2 tokens for sequences of T with [CLS] and [SEP].</param>
    /// <param name="validation">The windows that the model is judged on.</param>
    /// <param name="masking">Chooses what is to be guessed; its generator is saved with the task.</param>
    /// <param name="generators">All others that draw in training, but for that of the windows: their places are part of a checkpoint.</param>
    /// <exception cref="ArgumentException">The windows are longer than the model can read.</exception>
    public MaskedLanguageModelTask(MaskedLanguageModel model, TokenBatchSource windows, TokenWindows validation, TokenMasking masking,
        params RandomGenerator[] generators)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(windows);
        ArgumentNullException.ThrowIfNull(validation);
        ArgumentNullException.ThrowIfNull(masking);
        ArgumentNullException.ThrowIfNull(generators);
        var longest = Math.Max(windows.SequenceLength, validation.SequenceLength) + 2;
        if (longest > model.MaximumLength)
        {
            throw new ArgumentException($"MaskedLanguageModelTask: windows with [CLS] and [SEP] have {longest} tokens;"
                + $" the model can read {model.MaximumLength}.", nameof(windows));
        }

        (this.model, this.windows, this.validation, this.masking) = (model, windows, validation, masking);
        this.generators = [masking.Random, .. generators];
        batch = new MaskedBatch(windows.BatchSize, windows.SequenceLength + 2);
        inputs = IndexTensor.Uninitialized(new Shape(batch.BatchSize, batch.SequenceLength), Backend);
    }

    /// <inheritdoc/>
    public override Module Model => model;

    /// <inheritdoc/>
    public override int TokensPerBatch => batch.BatchSize * batch.SequenceLength;

    /// <summary>Windows in a batch of an evaluation: more are faster, fewer take less memory.</summary>
    public int EvaluationBatchSize { get; init; } = 64;

    /// <summary>What the last evaluation found; null before the first.</summary>
    public MaskedScore? LastScore { get; private set; }

    private Backend Backend => model.Parameters().First().Value.Backend;

    /// <inheritdoc/>
    /// <exception cref="DataSourceException">The text has hardly a token that the vocabulary knows.</exception>
    public override Variable NextLoss()
    {
        var tries = 0;
        do
        {
            if (tries++ == MostEmptyBatches)
                throw new DataSourceException("The training part of the text has hardly a word or character that the vocabulary knows, so that there is nothing to guess.");
            batch.Fill(windows.Next(), masking);
        }
        while (batch.Places.IsEmpty);
        Backend.Upload(batch.Inputs, inputs.Span);
        Upload(batch.Places, ref places);
        Upload(batch.Answers, ref answers);
        return Predict(inputs, places).CrossEntropy(answers);
    }

    /// <inheritdoc/>
    public override double Evaluate(CancellationToken cancellation) => Score(cancellation).Loss;

    /// <summary>Guesses the hidden tokens of the validation windows, without a tape; it changes nothing that training sees.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled on the way.</exception>
    /// <exception cref="DataSourceException">The windows have no token that the vocabulary knows.</exception>
    public MaskedScore Score(CancellationToken cancellation = default)
    {
        var (loss, right, count) = (0.0, 0, 0);
        var sameEachTime = masking.With(new RandomGenerator(ValidationSeed));
        MaskedBatch? masked = null;
        foreach (var rows in validation.Batches(EvaluationBatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            if (masked?.BatchSize != rows.BatchSize)
                masked = new MaskedBatch(rows.BatchSize, rows.SequenceLength + 2);
            masked.Fill(rows, sameEachTime);
            if (masked.Places.IsEmpty)
                continue;
            using var scope = new TensorScope("evaluation");
            using var x = IndexTensor.FromSpan(masked.Inputs, new Shape(masked.BatchSize, masked.SequenceLength), Backend);
            using var at = IndexTensor.FromSpan(masked.Places, new Shape(masked.Places.Length), Backend);
            using var y = IndexTensor.FromSpan(masked.Answers, new Shape(masked.Answers.Length), Backend);
            var logits = Predict(x, at);
            loss += logits.CrossEntropy(y, LossReduction.Sum).Value.Item();
            using var guesses = logits.Value.ArgMax();
            right += CountEqual(guesses.ToArray(), masked.Answers);
            count += masked.Answers.Length;
        }

        if (count == 0)
            throw new DataSourceException("The validation part of the text has no word or character that the vocabulary knows, so that there is nothing to guess.");
        var score = new MaskedScore(loss / count, (double)right / count, count);
        LastScore = score;
        return score;
    }

    /// <inheritdoc/>
    public override void Save(CheckpointData checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        checkpoint.Set("data.position", windows.Position);
        RandomStates.Save(checkpoint, generators);
    }

    /// <inheritdoc/>
    public override void Restore(CheckpointData checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        windows.Position = checkpoint.GetUInt64("data.position");
        RandomStates.Restore(checkpoint, generators);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        inputs.Dispose();
        places?.Dispose();
        answers?.Dispose();
    }

    /// <summary>The logits at some places, shape (M, V), from tokens of shape (B, T): the head computes no others.</summary>
    private Variable Predict(IndexTensor tokens, IndexTensor at)
    {
        var hidden = model.Encode(tokens);
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
