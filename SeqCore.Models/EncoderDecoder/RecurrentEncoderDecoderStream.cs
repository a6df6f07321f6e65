using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// The targets that a <see cref="RecurrentEncoderDecoder"/> writes token by token. Beams of one source attend to one copy of its
/// keys, as several queries.
/// </summary>
internal sealed class RecurrentEncoderDecoderStream : EncoderDecoderStream
{
    private readonly OneThread oneThread = OneThreadOf(nameof(RecurrentEncoderDecoderStream));
    private readonly RecurrentDecoder decoder;
    private readonly Backend backend;
    private readonly int beams;
    private readonly RecurrentState start;
    private readonly AttentionLayer? owner;
    private readonly Tensor? keys;
    private readonly Tensor? values;
    private readonly IndexTensor? lengths;
    private readonly IndexTensor? sourceTokens;
    private readonly IndexTensor tokens;
    private readonly RecurrentSteps layers;
    private readonly Tensor? fed;
    private Tensor? attention;
    private bool hasPredicted;

    internal RecurrentEncoderDecoderStream(RecurrentEncoderDecoder model, IndexTensor source,
        IndexTensor? sourceLengths, int beams)
    {
        BatchSize = RowsFor(model.Kind, source, beams);
        (decoder, this.beams) = (model.Decoder, beams);
        backend = decoder.Head.Weight.Value.Backend;
        using var pause = Tape.Current?.Pause();
        using var inference = InferenceScope.Open();
        using var scope = new TensorScope("encoder");
        var (output, state) = model.Encoder.Forward(source, sourceLengths);
        var prepared = decoder.Attention?.Prepare(output);
        using var outside = TensorScope.Suspend();
        start = state.Copy();
        (owner, keys, values) = (prepared?.Owner, prepared?.Keys.Value.Copy(), prepared?.Values.Value.Copy());
        lengths = Kept(sourceLengths);
        sourceTokens = decoder.Copy is null ? null : Kept(source);
        tokens = IndexTensor.Uninitialized(new Shape(BatchSize), backend);
        Logits = Tensor.Zeros(new Shape(BatchSize, model.TargetVocabularySize), backend);
        layers = RecurrentSteps.Of(decoder.Recurrent, BatchSize, backend);
        fed = decoder.Wiring == AttentionWiring.InputFeeding
            ? Tensor.Zeros(new Shape(BatchSize, decoder.Recurrent.HiddenSize), backend)
            : null;
        Reset();

        IndexTensor? Kept(IndexTensor? indices) =>
            indices is null ? null : IndexTensor.FromSpan(indices.ToArray(), indices.Shape, backend);
    }

    /// <inheritdoc/>
    public override int BatchSize { get; }

    /// <inheritdoc/>
    public override int VocabularySize => Logits.Shape[1];

    /// <inheritdoc/>
    public override bool HasPredicted => hasPredicted;

    /// <inheritdoc/>
    public override Tensor Logits { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Attention => attention is null ? [] : [attention];

    /// <inheritdoc/>
    public override Tensor Step(ReadOnlySpan<int> next)
    {
        using var work = oneThread.Begin();
        if (next.Length != BatchSize)
        {
            throw new ArgumentException($"RecurrentEncoderDecoder: there should be {Counted.Of(BatchSize, "token")},"
                + $" one for each row; got {next.Length}.", nameof(next));
        }

        StreamChecks.Tokens("RecurrentEncoderDecoder", next, VocabularySize);
        using var pause = Tape.Current?.Pause();
        using var inference = InferenceScope.Open();
        using var scope = new TensorScope("step");
        backend.Upload(next, tokens.Span);
        Variable embedded = decoder.Embedding.Forward(tokens), x = embedded;
        (Variable Context, Variable? Weights)? seen = null;
        if (decoder.Wiring == AttentionWiring.BeforeStep)
            x = Variable.Concat([x, (seen = Attend(layers.Hidden)).Value.Context], -1);
        else if (fed is not null)
            x = Variable.Concat([x, fed], -1);
        var hidden = layers.Run(x.Value);
        Variable read = hidden;
        if (decoder.Attention is not null)
            read = decoder.Mix((seen ??= Attend(hidden)).Context, hidden);
        if (fed is not null)
            TensorCopy.Into(read.Value, fed);
        var logits = decoder.Head.Forward(read);
        if (sourceTokens is not null)
        {
            logits = decoder.MixCopies(OfSources(logits), seen!.Value.Weights,
                [OfSources(seen.Value.Context), OfSources(hidden), OfSources(embedded)], sourceTokens, lengths);
        }

        TensorCopy.Into(logits.Value.Reshape(Logits.Shape), Logits);
        hasPredicted = true;
        return Logits;
    }

    /// <inheritdoc/>
    public override void Reorder(ReadOnlySpan<int> rows)
    {
        using var work = oneThread.Begin();
        if (rows.Length != BatchSize)
        {
            throw new ArgumentException($"RecurrentEncoderDecoder: there should be {Counted.Of(BatchSize, "row")};"
                + $" got {rows.Length}.", nameof(rows));
        }

        for (var b = 0; b < rows.Length; b++)
        {
            if (rows[b] < 0 || rows[b] >= BatchSize || rows[b] / beams != b / beams)
            {
                throw new ArgumentException($"RecurrentEncoderDecoder: row {b} can continue only from a row of its own source,"
                    + $" {b / beams * beams} to {(b / beams * beams) + beams - 1}; got {rows[b]}.", nameof(rows));
            }
        }

        using var indices = IndexTensor.FromSpan(rows, new Shape(BatchSize), backend);
        Move(Logits);
        layers.Reorder(indices);
        if (fed is not null)
            Move(fed);

        void Move(Tensor state)
        {
            using var old = state.Copy();
            backend.Gather(old.Span, indices.Span, state.Span, old.Shape[0], old.Shape[1]);
        }
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        using var work = oneThread.Begin();
        using var scope = new TensorScope("reset");
        hasPredicted = false;
        layers.Restore(RecurrentState.FromParts([.. start.Parts.Select(p => p.Select(ForEachBeam).ToArray())]));
        if (fed is not null)
            backend.Fill(fed.Strided, 0f);
        ForgetAttention();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        oneThread.Close();
        start.Dispose();
        keys?.Dispose();
        values?.Dispose();
        lengths?.Dispose();
        sourceTokens?.Dispose();
        tokens.Dispose();
        Logits.Dispose();
        layers.Dispose();
        fed?.Dispose();
        ForgetAttention();
    }

    /// <summary>
    /// Computes the result of attention for each row, (rows, H), and the weights, (B, N, beams, S), if they are needed: the beams
    /// of a source are its queries.
    /// </summary>
    private (Variable Context, Variable? Weights) Attend(Tensor hidden)
    {
        var source =
            new PreparedKeys(owner!, keys!, values!, new AttentionOptions { KeyLengths = lengths }) { IsInference = true };
        var (context, weights) =
            decoder.Attend(OfSources(hidden).Value, source, KeepsAttention || sourceTokens is not null);
        ForgetAttention();
        attention = weights is null || !KeepsAttention ? null : OfEachRow(weights.Value);
        return (context.Reshape(BatchSize, hidden.Shape[1]), weights);
    }

    /// <summary>Converts (B beams, ...) to (B, beams, ...).</summary>
    private Variable OfSources(Variable rows) => rows.Reshape(BatchSize / beams, beams, rows.Shape[1]);

    private void ForgetAttention()
    {
        attention?.Dispose();
        attention = null;
    }

    /// <summary>Repeats each row for all beams: (B, ...) to (B beams, ...).</summary>
    private Variable ForEachBeam(Variable state)
    {
        var row = state.Shape.Sizes[1..];
        return state.Value.Unsqueeze(1).BroadcastTo(new Shape([state.Shape[0], beams, .. row])).Contiguous()
            .Reshape(new Shape([BatchSize, .. row]));
    }
}
