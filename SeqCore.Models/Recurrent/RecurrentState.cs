namespace SeqCore.Models;

/// <summary>
/// The state of a stack of recurrent layers between two time steps: a value that is passed in and returned, never hidden in a
/// layer. Element <c>l D + d</c> of each list is layer l in direction d (D is 2 if bidirectional, else 1).
/// </summary>
/// <remarks>
/// Gradients flow through it on one tape. To carry it from one training step to the next, call <see cref="Keep()"/> before the
/// tape closes, and dispose the old state when the next step is done.
/// </remarks>
public sealed class RecurrentState : IDisposable
{
    /// <summary>Makes a state of hidden states and, for an LSTM, cell states.</summary>
    /// <param name="hidden">
    /// The hidden states, one for each layer and direction, shape (B, H), or (B, P) with a projection.
    /// </param>
    /// <param name="cell">The cell states of an LSTM, as many, shape (B, H).</param>
    public RecurrentState(IReadOnlyList<Variable> hidden, IReadOnlyList<Variable>? cell = null) =>
        Parts = Check(cell is { Count: > 0 } ? [hidden, cell] : [hidden]);

    private RecurrentState(IReadOnlyList<Variable>[] parts) => Parts = parts;

    /// <summary>Makes a state of any number of parts, as custom cells may have them.</summary>
    /// <param name="parts">
    /// The hidden states, cell states, and further ones: each part has a variable for each layer and direction, whose first axis
    /// is B.
    /// </param>
    /// <exception cref="ArgumentException">
    /// There is no hidden state, or a part has more or fewer variables than the hidden states.
    /// </exception>
    public static RecurrentState FromParts(IReadOnlyList<IReadOnlyList<Variable>> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return new RecurrentState(Check([.. parts]));
    }

    /// <summary>The hidden states, each of shape (B, H), or (B, P) with a projection.</summary>
    public IReadOnlyList<Variable> Hidden => Parts[0];

    /// <summary>The cell states, each of shape (B, H); empty unless the layers have any, as LSTMs do.</summary>
    public IReadOnlyList<Variable> Cell => Parts.Count > 1 ? Parts[1] : [];

    /// <summary>All parts: hidden states, cell states, and further states of custom cells.</summary>
    public IReadOnlyList<IReadOnlyList<Variable>> Parts { get; }

    /// <summary>The number of sequences.</summary>
    public int BatchSize => Hidden[0].Shape[0];

    /// <summary>Returns the same values without gradient flow; they still belong to the tape.</summary>
    public RecurrentState Detach() => Map(v => v.Detach());

    /// <summary>
    /// Returns the same values, detached and taken out of their tape or scope, so that they outlive it; the caller disposes them.
    /// </summary>
    public RecurrentState Keep() => Map(KeepOne);

    /// <summary>Returns a copy with its own memory, outside every scope; the caller disposes it.</summary>
    public RecurrentState Copy()
    {
        using var suspension = TensorScope.Suspend();
        return Map(v => new Variable(v.Value.Copy()));
    }

    /// <summary>
    /// Returns the tensors themselves, for checkpoints: <c>hidden.INDEX</c>, <c>cell.INDEX</c>, and <c>part2.INDEX</c> and so on
    /// for cells with more parts.
    /// </summary>
    public OrderedDictionary<string, Tensor> StateDictionary()
    {
        var state = new OrderedDictionary<string, Tensor>();
        for (var p = 0; p < Parts.Count; p++)
        {
            for (var i = 0; i < Parts[p].Count; i++)
                state.Add($"{PartName(p)}.{i}", Parts[p][i].Value);
        }

        return state;
    }

    /// <summary>Makes a state from copies of what <see cref="StateDictionary"/> returned, outside every scope.</summary>
    /// <exception cref="StateDictionaryException">Names are missing or unexpected; the message lists them.</exception>
    public static RecurrentState FromStateDictionary(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var count = Math.Max(1, Count(0));
        var parts = 1;
        while (Count(parts) > 0)
            parts++;
        string[][] names = [.. Enumerable.Range(0, parts)
            .Select(p => Enumerable.Range(0, count).Select(i => $"{PartName(p)}.{i}").ToArray())];
        var all = names.SelectMany(n => n).ToList();
        StateDictionaryException.ThrowIfAny(nameof(RecurrentState), all.Where(n => !state.ContainsKey(n)),
            state.Keys.Except(all), []);
        using var suspension = TensorScope.Suspend();
        return new([.. names.Select(part => part.Select(n => new Variable(state[n].Copy())).ToArray())]);

        int Count(int part) => state.Keys.Count(k => k.StartsWith(PartName(part) + ".", StringComparison.Ordinal));
    }

    /// <summary>Returns the state of one layer in one direction.</summary>
    internal IReadOnlyList<Variable> Of(int index)
    {
        var state = new Variable[Parts.Count];
        for (var p = 0; p < state.Length; p++)
            state[p] = Parts[p][index];
        return state;
    }

    /// <summary>Releases the memory.</summary>
    public void Dispose()
    {
        foreach (var variable in Parts.SelectMany(p => p))
            variable.Value.Dispose();
    }

    private static IReadOnlyList<Variable>[] Check(IReadOnlyList<Variable>[] parts)
    {
        foreach (var part in parts)
            ArgumentNullException.ThrowIfNull(part, "hidden");
        if (parts.Length == 0 || parts[0].Count == 0)
            throw new ArgumentException("RecurrentState: a state needs the hidden state of at least one layer.", nameof(parts));
        for (var p = 1; p < parts.Length; p++)
        {
            if (parts[p].Count != parts[0].Count)
                throw new ArgumentException($"RecurrentState: there are {parts[0].Count} hidden states but {parts[p].Count} "
                    + $"{(p == 1 ? "cell states" : $"states in part {p}")}.", nameof(parts));
        }

        return parts;
    }

    private static string PartName(int part) => part switch
    {
        0 => "hidden",
        1 => "cell",
        _ => $"part{part}",
    };

    private RecurrentState Map(Func<Variable, Variable> map) => new([.. Parts.Select(p => p.Select(map).ToArray())]);

    private static Variable KeepOne(Variable variable)
    {
        if (variable.Value.SharesMemory)
        {
            using var suspension = TensorScope.Suspend();
            return new Variable(variable.Value.Copy());
        }

        TensorScope.Current?.Keep(variable.Value);
        return variable.Detach();
    }
}
