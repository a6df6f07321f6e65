using SeqCore.Kernels;
using SeqCore.Tensors;

namespace SeqCore.Models;

/// <summary>
/// Runs a <see cref="RecurrentLanguageModel"/> token by token, as generation does: without a tape, in evaluation mode whatever the
/// model's mode, with memory taken once and used again at every step. Holds the state between steps; the model must outlive it.
/// </summary>
public sealed class LanguageModelStream : IDisposable
{
    private readonly RecurrentLanguageModel model;
    private readonly Backend backend;
    private readonly IndexTensor tokens;
    private readonly Tensor embedded;
    private readonly LayerStep[] layers;

    /// <summary>A stream of B texts side by side.</summary>
    /// <param name="model">What predicts.</param>
    /// <param name="batchSize">B, at least 1.</param>
    /// <param name="state">State to start from, copied; null for 0.</param>
    public LanguageModelStream(RecurrentLanguageModel model, int batchSize = 1, RecurrentState? state = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        this.model = model;
        BatchSize = batchSize;
        backend = model.Head.Weight.Value.Backend;
        using var suspension = TensorScope.Suspend();
        tokens = IndexTensor.Uninitialized(new Shape(batchSize), backend);
        embedded = Tensor.Uninitialized(new Shape(batchSize, model.Recurrent.InputSize), backend);
        Logits = Tensor.Zeros(new Shape(batchSize, model.VocabularySize), backend);
        layers = [.. Enumerable.Range(0, model.Recurrent.Options.Layers).Select(l => new LayerStep(model.Recurrent, l, batchSize, backend))];
        if (state is not null)
            Restore(state);
    }

    /// <summary>B</summary>
    public int BatchSize { get; }

    /// <summary>What the last step predicted, shape (B, V); the next step writes it anew.</summary>
    public Tensor Logits { get; }

    /// <summary>Reads one token of the only text and predicts the next.</summary>
    /// <returns><see cref="Logits"/></returns>
    public Tensor Step(int token) => Step([token]);

    /// <summary>Reads one token of each text and predicts the next ones. Allocates nothing.</summary>
    /// <param name="next">B tokens, each in [0, V).</param>
    /// <returns><see cref="Logits"/></returns>
    /// <exception cref="ArgumentException">Not B tokens, or one out of range.</exception>
    public Tensor Step(ReadOnlySpan<int> next)
    {
        if (next.Length != BatchSize)
            throw new ArgumentException($"LanguageModelStream: there should be {BatchSize} tokens, one for each text; got {next.Length}.", nameof(next));
        backend.Upload(next, tokens.Span);
        backend.Gather(model.Embedding.Weight.Value.Span, tokens.Span, embedded.Span, model.VocabularySize, embedded.Shape[1]);
        var x = embedded;
        foreach (var layer in layers)
            x = layer.Run(x);
        var head = model.Head;
        backend.MatMul(new MatMulArguments
        {
            M = BatchSize,
            N = model.VocabularySize,
            K = model.Recurrent.HiddenSize,
            A = new Matrix(x.Span, model.Recurrent.HiddenSize),
            B = new Matrix(head.Weight.Value.Span, model.Recurrent.HiddenSize, Transposed: true),
            C = new Matrix(Logits.Span, model.VocabularySize),
            Bias = head.Bias?.Value.Span ?? default,
        });
        return Logits;
    }

    /// <summary>Goes back to a state of zeros.</summary>
    public void Reset()
    {
        foreach (var layer in layers)
            layer.Reset();
    }

    /// <summary>Goes on from a state, which is copied.</summary>
    /// <exception cref="ArgumentException">It belongs to another kind or number of layers, or another batch size.</exception>
    public void Restore(RecurrentState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Hidden.Count != layers.Length || (state.Cell.Count > 0) != model.Recurrent.HasCell)
            throw new ArgumentException($"LanguageModelStream: the state does not belong to {layers.Length} layers of kind {model.Recurrent.Kind}.", nameof(state));
        for (var i = 0; i < layers.Length; i++)
            layers[i].Restore(state.Hidden[i].Value, model.Recurrent.HasCell ? state.Cell[i].Value : null);
    }

    /// <summary>A copy of the state; the caller disposes it.</summary>
    public RecurrentState CopyState()
    {
        using var suspension = TensorScope.Suspend();
        return new RecurrentState(
            [.. layers.Select(l => new Autograd.Variable(l.Hidden.Copy()))],
            model.Recurrent.HasCell ? [.. layers.Select(l => new Autograd.Variable(l.Cell!.Copy()))] : null);
    }

    /// <summary>Gives the memory back; the model stays.</summary>
    public void Dispose()
    {
        tokens.Dispose();
        embedded.Dispose();
        Logits.Dispose();
        foreach (var layer in layers)
            layer.Dispose();
    }
}
