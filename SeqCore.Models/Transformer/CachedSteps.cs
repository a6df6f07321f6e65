using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>The common state of the streams of Transformers: states of mixers, logits, and steps without a tape.</summary>
internal sealed class CachedSteps : IDisposable
{
    private readonly string owner;
    private readonly int? maximumLength;
    private readonly Backend backend;
    private readonly OneThread oneThread;

    // The number of padding tokens of each text, shape (B, 1), and in a pass the position of each token, shape (B, T); null
    // if no text has padding.
    private IndexTensor? padded, positions;

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

    /// <summary>The current pass, without a state.</summary>
    internal MixerPass Pass => new() { Position = Position, Positions = positions, IsInference = true };

    /// <summary>Whether texts of different lengths can be read at once.</summary>
    internal bool SupportsPadding => States.All(s => s.SupportsPadding);

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

    /// <summary>
    /// Reads a prompt of each text, in one pass: shorter ones are filled on the left with token 0, which is hidden.
    /// </summary>
    internal Tensor ReadEach(IReadOnlyList<int[]> prompts, Func<IndexTensor, Variable> predict)
    {
        StreamChecks.Prompts(owner, prompts, BatchSize);
        var longest = prompts.Max(p => p.Length);
        int[] padding = [.. prompts.Select(p => longest - p.Length)];
        var all = HostArray.NewRows<int>($"Prompts of {longest} tokens in {BatchSize} rows", BatchSize, longest);
        for (var b = 0; b < BatchSize; b++)
            prompts[b].CopyTo(all.AsSpan((b * longest) + padding[b]));
        if (Array.TrueForAll(padding, p => p == 0))
            return Run(all, longest, predict);
        if (Position > 0)
        {
            throw new InvalidOperationException($"{owner}: prompts of different lengths can be read only at the start, but tokens"
                + " have been read. Hint: call Reset.");
        }

        if (!SupportsPadding)
        {
            throw new NotSupportedException($"{owner}: a state of the model's mixers does not support padding, so prompts of"
                + " different lengths cannot be read at once. Hint: implement"
                + $" {nameof(MixerState)}.{nameof(MixerState.SetPadding)}, or use"
                + $" {nameof(TextGenerator)}.{nameof(TextGenerator.GenerateEach)}.");
        }

        return Run(all, longest, predict, padding);
    }

    /// <summary>Reads some tokens of each text, row by row, in one pass.</summary>
    /// <param name="tokens">The tokens, shape (B, T).</param>
    /// <param name="steps">The number of tokens of each text, T.</param>
    /// <param name="predict">Computes the logits after the tokens, shape (B, V).</param>
    /// <param name="padding">The number of tokens of each text that are padding, in the first pass; null for none.</param>
    internal Tensor Run(ReadOnlySpan<int> tokens, int steps, Func<IndexTensor, Variable> predict, int[]? padding = null)
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
        if (padding is not null)
        {
            foreach (var state in States)
                state.SetPadding(padding);
            Keep(IndexTensor.FromSpan(padding, new Shape(BatchSize, 1), backend));
        }

        try
        {
            if (padded is not null)
                positions = ((IndexTensor.Arange(steps, backend) + Position).Reshape(1, steps) - padded).Clamp(0, int.MaxValue);
            Logits.CopyFrom(predict(read).Value);
        }
        catch when (padding is not null)
        {
            Clear();
            throw;
        }
        finally
        {
            positions = null;
        }

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
        if (padded is not null)
            Keep(padded.Gather(indices));
    }

    internal void Reset()
    {
        using var work = oneThread.Begin();
        Clear();
    }

    public void Dispose()
    {
        oneThread.Close();
        Logits.Dispose();
        padded?.Dispose();
        foreach (var state in States)
            state.Dispose();
    }

    private void Clear()
    {
        foreach (var state in States)
            state.Reset();
        Position = 0;
        Keep(null);
    }

    /// <summary>Sets the number of padding tokens of each text, which outlives the pass.</summary>
    private void Keep(IndexTensor? padding)
    {
        padded?.Dispose();
        padded = padding;
    }
}
