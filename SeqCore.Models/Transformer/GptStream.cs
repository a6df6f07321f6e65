using SeqCore.Autograd;
using SeqCore.Tensors;

namespace SeqCore.Models;

/// <summary>
/// Runs a <see cref="Gpt"/> token by token with cached keys and values: without a tape, in evaluation mode whatever the model's mode.
/// A prompt is read in one pass. What a step takes from the pool it gives back. The model must outlive it.
/// </summary>
public sealed class GptStream : TokenStream
{
    private readonly Gpt model;
    private readonly KeyValueCache[] caches;

    /// <summary>A stream of B texts side by side.</summary>
    /// <param name="model">What predicts.</param>
    /// <param name="batchSize">B, at least 1.</param>
    public GptStream(Gpt model, int batchSize = 1)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        this.model = model;
        BatchSize = batchSize;
        caches = model.NewCaches(batchSize);
        using var suspension = TensorScope.Suspend();
        Logits = Tensor.Zeros(new Shape(batchSize, model.VocabularySize), model.Backend);
    }

    /// <inheritdoc/>
    public override int BatchSize { get; }

    /// <inheritdoc/>
    public override int VocabularySize => model.VocabularySize;

    /// <summary>Tokens of each text that have been read.</summary>
    public int Position => caches[0].Position;

    /// <inheritdoc/>
    public override int? Remaining => model.MaximumLength - Position;

    /// <inheritdoc/>
    public override Tensor Logits { get; }

    /// <inheritdoc/>
    public override Tensor Step(ReadOnlySpan<int> next)
    {
        if (next.Length != BatchSize)
            throw new ArgumentException($"GptStream: there should be {BatchSize} tokens, one for each text; got {next.Length}.", nameof(next));
        return Run(next, 1);
    }

    /// <inheritdoc/>
    public override Tensor Read(ReadOnlySpan<int> prompt)
    {
        if (prompt.IsEmpty)
            throw new ArgumentException("GptStream: there should be at least one token to read.", nameof(prompt));
        var all = new int[BatchSize * prompt.Length];
        for (var b = 0; b < BatchSize; b++)
            prompt.CopyTo(all.AsSpan(b * prompt.Length));
        return Run(all, prompt.Length);
    }

    /// <inheritdoc/>
    public override Tensor ReadEach(ReadOnlySpan<int> tokens) => Run(tokens, StepsOf(tokens));

    /// <inheritdoc/>
    public override void Reorder(ReadOnlySpan<int> rows)
    {
        if (rows.Length != BatchSize)
            throw new ArgumentException($"GptStream: there should be {BatchSize} rows; got {rows.Length}.", nameof(rows));
        using var indices = IndexTensor.FromSpan(rows, new Shape(BatchSize), model.Backend);
        using (var moved = Logits.Gather(indices))
            Logits.CopyFrom(moved);
        foreach (var cache in caches)
            cache.Reorder(indices);
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        foreach (var cache in caches)
            cache.Reset();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        Logits.Dispose();
        foreach (var cache in caches)
            cache.Dispose();
    }

    private Tensor Run(ReadOnlySpan<int> tokens, int steps)
    {
        if (Remaining < steps)
            throw new InvalidOperationException($"GptStream: the model looks back on at most {model.MaximumLength} tokens; {Position} have been read, so {steps} more do not fit. Hint: Reset, and read the last ones again.");
        using var pause = Tape.Current?.Pause();
        using var scope = new TensorScope("step");
        using var read = IndexTensor.FromSpan(tokens, new Shape(BatchSize, steps), model.Backend);
        Logits.CopyFrom(model.PredictNext(read, caches).Value);
        return Logits;
    }
}
