namespace SeqCore.Models;

/// <summary>
/// Writes the targets of a <see cref="Transformer"/> token by token: the sources are encoded and projected to keys and values
/// once, and the keys and values of the target are cached. It runs without a tape, in evaluation mode whatever the model's mode.
/// The beams of one source share its keys and values. The model must outlive the stream.
/// </summary>
public sealed class TransformerStream : EncoderDecoderStream
{
    private readonly Transformer model;
    private readonly PreparedKeys[] sources;
    private readonly IndexTensor? lengths;
    private readonly CachedSteps steps;
    private readonly int beams;
    private Tensor[] attention = [];

    /// <summary>Makes a stream of B beams rows.</summary>
    /// <param name="model">The model that writes.</param>
    /// <param name="source">The source tokens, shape (B, S), B at least 1.</param>
    /// <param name="sourceLengths">The lengths of the source sequences, shape (B,); null if all are full.</param>
    /// <param name="beams">The number of rows for each source, at least 1; 1 by default.</param>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    public TransformerStream(Transformer model, IndexTensor source, IndexTensor? sourceLengths, int beams = 1)
    {
        ArgumentNullException.ThrowIfNull(model);
        var rows = RowsFor(model.Kind, source, beams);
        (this.model, this.beams) = (model, beams);
        using var pause = Tape.Current?.Pause();
        using var inference = InferenceScope.Open();
        lengths = sourceLengths is null
            ? null
            : IndexTensor.FromSpan(sourceLengths.ToArray(), sourceLengths.Shape, model.Backend);
        var hidden = new AttentionOptions { KeyLengths = lengths };
        using (var scope = new TensorScope("encoding"))
        {
            sources = Array.ConvertAll(model.Encode(source, sourceLengths, null, isInference: true), s =>
                new PreparedKeys(s.Owner, Kept(s.Keys), Kept(s.Values), hidden) { IsInference = true });

            Variable Kept(Variable view) => scope.Keep(view.Value.Copy());
        }

        steps = new CachedSteps(nameof(TransformerStream), rows, model.TargetVocabularySize, model.MaximumLength, model.Backend,
            model.NewStates(rows));
    }

    /// <inheritdoc/>
    public override int BatchSize => Logits.Shape[0];

    /// <inheritdoc/>
    public override int VocabularySize => model.TargetVocabularySize;

    /// <inheritdoc/>
    public override int? Remaining => steps.Remaining;

    /// <inheritdoc/>
    public override bool HasPredicted => steps.Position > 0;

    /// <inheritdoc/>
    public override Tensor Logits => steps.Logits;

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Attention => attention;

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
    /// <exception cref="ArgumentException">There are not B beams rows, or one belongs to another source.</exception>
    public override void Reorder(ReadOnlySpan<int> rows)
    {
        for (var b = 0; b < Math.Min(rows.Length, BatchSize); b++)
        {
            if (rows[b] < 0 || rows[b] / beams != b / beams)
            {
                throw new ArgumentException($"TransformerStream: row {b} cannot continue from row {rows[b]},"
                    + $" which is not one of its source's {beams}.", nameof(rows));
            }
        }

        steps.Reorder(rows);
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        steps.Reset();
        Forget();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        steps.Dispose();
        lengths?.Dispose();
        Forget();
        foreach (var source in sources)
        {
            source.Keys.Value.Dispose();
            source.Values.Value.Dispose();
        }
    }

    private Variable Predict(IndexTensor tokens)
    {
        List<Variable>? weights = KeepsAttention ? [] : null;
        var logits = model.PredictNext(tokens, steps, sources, weights);
        Forget();
        attention = [.. weights?.Select(w => OfLastStep(w.Value, tokens.Shape[1])) ?? []];
        return logits;
    }

    /// <summary>Converts shape (B, N, beams T, S) to (B beams, N, S), with its own memory.</summary>
    private static Tensor OfLastStep(Tensor weights, int length)
    {
        var (batch, heads, queries, keys) = (weights.Shape[0], weights.Shape[1], weights.Shape[2], weights.Shape[3]);
        return OfEachRow(weights.Reshape(batch, heads, queries / length, length, keys).Select(3, length - 1));
    }

    private void Forget()
    {
        foreach (var weights in attention)
            weights.Dispose();
        attention = [];
    }
}
