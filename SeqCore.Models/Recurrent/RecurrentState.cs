namespace SeqCore.Models;

/// <summary>
/// The state of a stack of recurrent layers between two steps of time: a value that is passed in and comes back, never hidden in
/// a layer. Element <c>l D + d</c> of each list is layer l in direction d (D is 2 if bidirectional, else 1).
/// </summary>
/// <remarks>
/// On one tape gradients flow through it. To carry it from one training step to the next, take <see cref="Keep()"/> before the tape
/// closes, and dispose the old one when the next step is done.
/// </remarks>
public sealed class RecurrentState : IDisposable
{
    /// <summary>A state of these parts.</summary>
    /// <param name="hidden">For each layer and direction: shape (B, H).</param>
    /// <param name="cell">LSTM only, as many: shape (B, H).</param>
    public RecurrentState(IReadOnlyList<Variable> hidden, IReadOnlyList<Variable>? cell = null)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        if (hidden.Count == 0)
            throw new ArgumentException("RecurrentState: a state needs the hidden state of at least one layer.", nameof(hidden));
        if (cell is { Count: > 0 } && cell.Count != hidden.Count)
            throw new ArgumentException($"RecurrentState: there are {hidden.Count} hidden states but {cell.Count} cell states.", nameof(cell));
        Hidden = hidden;
        Cell = cell ?? [];
    }

    /// <summary>Hidden states, each of shape (B, H).</summary>
    public IReadOnlyList<Variable> Hidden { get; }

    /// <summary>Cell states, each of shape (B, H); empty unless the layers are LSTMs.</summary>
    public IReadOnlyList<Variable> Cell { get; }

    /// <summary>Number of sequences.</summary>
    public int BatchSize => Hidden[0].Shape[0];

    /// <summary>The same values, through which no gradient flows. They still belong to the tape.</summary>
    public RecurrentState Detach() => new([.. Hidden.Select(v => v.Detach())], [.. Cell.Select(v => v.Detach())]);

    /// <summary>
    /// The same values, detached and taken out of their tape or scope, so that they outlive it; the caller disposes them.
    /// </summary>
    public RecurrentState Keep() => new([.. Hidden.Select(KeepOne)], [.. Cell.Select(KeepOne)]);

    /// <summary>A copy with memory of its own, outside every scope; the caller disposes it.</summary>
    public RecurrentState Copy()
    {
        using var suspension = TensorScope.Suspend();
        return new([.. Hidden.Select(v => new Variable(v.Value.Copy()))], [.. Cell.Select(v => new Variable(v.Value.Copy()))]);
    }

    /// <summary>The tensors themselves as <c>hidden.INDEX</c> and <c>cell.INDEX</c>, for checkpoints.</summary>
    public OrderedDictionary<string, Tensor> StateDictionary()
    {
        var state = new OrderedDictionary<string, Tensor>();
        for (var i = 0; i < Hidden.Count; i++)
            state.Add($"hidden.{i}", Hidden[i].Value);
        for (var i = 0; i < Cell.Count; i++)
            state.Add($"cell.{i}", Cell[i].Value);
        return state;
    }

    /// <summary>Makes a state of copies of what <see cref="StateDictionary"/> told, outside every scope.</summary>
    /// <exception cref="StateDictionaryException">Names are missing or unexpected; the message lists them.</exception>
    public static RecurrentState FromStateDictionary(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var layers = state.Keys.Count(k => k.StartsWith("hidden.", StringComparison.Ordinal));
        var cells = state.Keys.Count(k => k.StartsWith("cell.", StringComparison.Ordinal));
        string[] hiddenNames = [.. Enumerable.Range(0, Math.Max(1, layers)).Select(i => $"hidden.{i}")];
        string[] cellNames = [.. Enumerable.Range(0, cells == 0 ? 0 : hiddenNames.Length).Select(i => $"cell.{i}")];
        string[] names = [.. hiddenNames, .. cellNames];
        StateDictionaryException.ThrowIfAny(nameof(RecurrentState), names.Where(n => !state.ContainsKey(n)), state.Keys.Except(names), []);
        using var suspension = TensorScope.Suspend();
        return new([.. hiddenNames.Select(n => new Variable(state[n].Copy()))], [.. cellNames.Select(n => new Variable(state[n].Copy()))]);
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        foreach (var variable in Hidden.Concat(Cell))
            variable.Value.Dispose();
    }

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
