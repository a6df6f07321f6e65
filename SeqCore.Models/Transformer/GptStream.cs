namespace SeqCore.Models;

/// <summary>
/// Runs a <see cref="Gpt"/> token by token with cached keys and values: without a tape, in evaluation mode whatever the model's
/// mode. A prompt is read in one pass. A step returns to the pool what it takes from it. The model must outlive the stream.
/// </summary>
public sealed class GptStream : TokenStream
{
    private readonly Gpt model;
    private readonly CachedSteps steps;

    /// <summary>Makes a stream of B texts.</summary>
    /// <param name="model">The model that predicts.</param>
    /// <param name="batchSize">The number of texts, B, at least 1; 1 by default.</param>
    public GptStream(Gpt model, int batchSize = 1)
    {
        ArgumentNullException.ThrowIfNull(model);
        Argument.AtLeast(batchSize, nameof(GptStream), nameof(batchSize));
        this.model = model;
        BatchSize = batchSize;
        steps = new CachedSteps(nameof(GptStream), batchSize, model.VocabularySize, model.MaximumLength, model.Backend,
            model.NewStates(batchSize));
    }

    /// <inheritdoc/>
    public override int BatchSize { get; }

    /// <inheritdoc/>
    public override int VocabularySize => model.VocabularySize;

    /// <summary>The number of tokens of each text that have been read, the padding of shorter prompts included.</summary>
    public int Position => steps.Position;

    /// <inheritdoc/>
    public override int? Remaining => steps.Remaining;

    /// <inheritdoc/>
    public override bool HasPredicted => steps.Position > 0;

    /// <inheritdoc/>
    public override Tensor Logits => steps.Logits;

    /// <inheritdoc/>
    public override Tensor Step(ReadOnlySpan<int> next) => steps.Step(next, Predict);

    /// <inheritdoc/>
    public override Tensor Read(ReadOnlySpan<int> prompt) => steps.Read(prompt, Predict);

    /// <inheritdoc/>
    /// <remarks>Attention supports padding; other mixers do if their states do (<see cref="MixerState.SetPadding"/>).</remarks>
    public override bool SupportsPadding => steps.SupportsPadding;

    /// <inheritdoc/>
    public override Tensor ReadEach(IReadOnlyList<int[]> prompts) => steps.ReadEach(prompts, Predict);

    /// <inheritdoc/>
    public override Tensor ReadEach(ReadOnlySpan<int> tokens) => steps.Run(tokens, StepsOf(tokens), Predict);

    /// <inheritdoc/>
    public override void Reorder(ReadOnlySpan<int> rows) => steps.Reorder(rows);

    /// <inheritdoc/>
    public override void Reset() => steps.Reset();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            steps.Dispose();
    }

    private Variable Predict(IndexTensor tokens) => model.PredictNext(tokens, steps);
}
