using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Runs a <see cref="RecurrentLanguageModel"/> token by token, as for generation: without a tape, in evaluation mode whatever the
/// model's mode. It holds the state between steps; the model must outlive it.
/// </summary>
public sealed class LanguageModelStream : TokenStream
{
    private readonly OneThread oneThread = OneThreadOf(nameof(LanguageModelStream));
    private readonly RecurrentLanguageModel model;
    private readonly Backend backend;
    private readonly IndexTensor tokens;
    private readonly Tensor embedded;
    private readonly RecurrentSteps layers;
    private bool hasPredicted;

    /// <summary>Makes a stream of B texts.</summary>
    /// <param name="model">The model that predicts.</param>
    /// <param name="batchSize">The number of texts, B, at least 1; 1 by default.</param>
    /// <param name="state">The state to start from, which is copied; null for 0.</param>
    public LanguageModelStream(RecurrentLanguageModel model, int batchSize = 1, RecurrentState? state = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        Argument.AtLeast(batchSize, nameof(LanguageModelStream), nameof(batchSize));
        this.model = model;
        BatchSize = batchSize;
        backend = model.Head.Weight.Value.Backend;
        using var suspension = TensorScope.Suspend();
        tokens = IndexTensor.Uninitialized(new Shape(batchSize), backend);
        embedded = Tensor.Uninitialized(new Shape(batchSize, model.Recurrent.InputSize), backend);
        Logits = Tensor.Zeros(new Shape(batchSize, model.VocabularySize), backend);
        layers = RecurrentSteps.Of(model.Recurrent, batchSize, backend);
        if (state is not null)
            Restore(state);
    }

    /// <inheritdoc/>
    public override int BatchSize { get; }

    /// <inheritdoc/>
    public override int VocabularySize => model.VocabularySize;

    /// <inheritdoc/>
    public override bool HasPredicted => hasPredicted;

    /// <inheritdoc/>
    public override Tensor Logits { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// A step allocates no memory, unless the layers have a projection or are custom ones that do not derive from
    /// <see cref="FusedRecurrentLayer"/>.
    /// </remarks>
    public override Tensor Step(ReadOnlySpan<int> next)
    {
        using var work = oneThread.Begin();
        if (next.Length != BatchSize)
        {
            throw new ArgumentException($"LanguageModelStream: there should be {Counted.Of(BatchSize, "token")}, one"
                + $" for each text; got {next.Length}.", nameof(next));
        }

        StreamChecks.Tokens(nameof(LanguageModelStream), next, VocabularySize);
        backend.Upload(next, tokens.Span);
        backend.Gather(model.Embedding.Weight.Value.Span, tokens.Span, embedded.Span, model.VocabularySize, embedded.Shape[1]);
        var x = layers.Run(embedded);
        var head = model.Head;
        backend.MatMul(new MatMulArguments
        {
            M = BatchSize,
            N = model.VocabularySize,
            K = model.Recurrent.OutputSize,
            A = new Matrix(x.Span, model.Recurrent.OutputSize),
            B = new Matrix(head.Weight.Value.Span, model.Recurrent.OutputSize, Transposed: true),
            C = new Matrix(Logits.Span, model.VocabularySize),
            Bias = head.Bias?.Value.Span ?? default,
        });
        hasPredicted = true;
        return Logits;
    }

    /// <inheritdoc/>
    public override void Reorder(ReadOnlySpan<int> rows)
    {
        using var work = oneThread.Begin();
        StreamChecks.Rows(nameof(LanguageModelStream), rows, BatchSize);
        using var indices = IndexTensor.FromSpan(rows, new Shape(BatchSize), backend);
        using var old = Logits.Copy();
        backend.Gather(old.Span, indices.Span, Logits.Span, BatchSize, VocabularySize);
        layers.Reorder(indices);
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        using var work = oneThread.Begin();
        hasPredicted = false;
        layers.Reset();
    }

    /// <summary>Continues from a state, which is copied.</summary>
    /// <exception cref="ArgumentException">
    /// The state belongs to another kind or number of layers, or has another batch size.
    /// </exception>
    public void Restore(RecurrentState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        using var work = oneThread.Begin();
        layers.Restore(state);
        hasPredicted = false;
    }

    /// <summary>Returns a copy of the state, which the caller disposes.</summary>
    public RecurrentState CopyState()
    {
        using var work = oneThread.Begin();
        return layers.CopyState();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        oneThread.Close();
        tokens.Dispose();
        embedded.Dispose();
        Logits.Dispose();
        layers.Dispose();
    }
}
