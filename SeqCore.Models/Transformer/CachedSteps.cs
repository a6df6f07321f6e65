using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>The common state of the streams of Transformers: states of mixers, logits, and steps without a tape.</summary>
internal sealed class CachedSteps : IDisposable
{
    private readonly string owner;
    private readonly int? maximumLength;
    private readonly Backend backend;
    private readonly OneThread oneThread;

    internal CachedSteps(string owner, int batchSize, int vocabularySize, int? maximumLength, Backend backend,
        IReadOnlyList<MixerState> states)
    {
        (this.owner, this.maximumLength, this.backend, States) = (owner, maximumLength, backend, states);
        oneThread = TokenStream.OneThreadOf(owner);
        using var suspension = TensorScope.Suspend();
        Logits = Tensor.Zeros(new Shape(batchSize, vocabularySize), backend);
    }

    internal IReadOnlyList<MixerState> States { get; }

    internal Tensor Logits { get; }

    /// <summary>The number of tokens of each text that have been read.</summary>
    internal int Position { get; private set; }

    internal int? Remaining => maximumLength - Position;

    private int BatchSize => Logits.Shape[0];

    /// <summary>Reads one token of each text; the function computes the logits after it, shape (B, V).</summary>
    internal Tensor Step(ReadOnlySpan<int> next, Func<IndexTensor, Variable> predict) => next.Length == BatchSize
        ? Run(next, 1, predict)
        : throw new ArgumentException($"{owner}: there should be {Counted.Of(BatchSize, "token")}, one for each text;"
            + $" got {next.Length}.", nameof(next));

    /// <summary>Reads the same tokens in every text, in one pass.</summary>
    internal Tensor Read(ReadOnlySpan<int> prompt, Func<IndexTensor, Variable> predict)
    {
        if (prompt.IsEmpty)
            throw new ArgumentException($"{owner}: at least one token to read is needed.", nameof(prompt));
        var all = HostArray.NewRows<int>($"A prompt of {prompt.Length} tokens in {BatchSize} rows", BatchSize, prompt.Length);
        for (var b = 0; b < BatchSize; b++)
            prompt.CopyTo(all.AsSpan(b * prompt.Length));
        return Run(all, prompt.Length, predict);
    }

    /// <summary>Reads some tokens of each text, row by row, in one pass.</summary>
    internal Tensor Run(ReadOnlySpan<int> tokens, int steps, Func<IndexTensor, Variable> predict)
    {
        using var work = oneThread.Begin();
        if (Remaining < steps)
        {
            throw new InvalidOperationException($"{owner}: the model looks back on at most"
                + $" {Counted.Of(maximumLength!.Value, "token")};"
                + $" {Position} have been read, so {steps} more do not fit." + " Hint: Reset, and read the last ones again.");
        }

        StreamChecks.Tokens(owner, tokens, Logits.Shape[1]);
        using var pause = Tape.Current?.Pause();
        using var inference = InferenceScope.Open();
        using var scope = new TensorScope("step");
        using var read = IndexTensor.FromSpan(tokens, new Shape(BatchSize, steps), backend);
        Logits.CopyFrom(predict(read).Value);
        Position += steps;
        return Logits;
    }

    internal void Reorder(ReadOnlySpan<int> rows)
    {
        using var work = oneThread.Begin();
        StreamChecks.Rows(owner, rows, BatchSize);
        using var indices = IndexTensor.FromSpan(rows, new Shape(BatchSize), backend);
        using (var moved = Logits.Gather(indices))
            Logits.CopyFrom(moved);
        foreach (var state in States)
            state.Reorder(rows);
    }

    internal void Reset()
    {
        using var work = oneThread.Begin();
        foreach (var state in States)
            state.Reset();
        Position = 0;
    }

    public void Dispose()
    {
        Logits.Dispose();
        foreach (var state in States)
            state.Dispose();
    }
}
