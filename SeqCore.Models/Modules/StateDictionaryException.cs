namespace SeqCore.Models;

/// <summary>
/// The exception for a state dictionary that does not fit: it belongs to another model, or to another configuration of this one.
/// </summary>
public sealed class StateDictionaryException : ArgumentException
{
    private const int Shown = 8;

    private StateDictionaryException(string message, string[] missing, string[] unexpected, string[] wrongShapes) : base(message)
    {
        Missing = missing;
        Unexpected = unexpected;
        WrongShapes = wrongShapes;
    }

    /// <summary>The names that the owner needs but the dictionary lacks.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>The names that the dictionary has but the owner does not know.</summary>
    public IReadOnlyList<string> Unexpected { get; }

    /// <summary>The tensors with another shape: for each its name, the expected shape and the given one.</summary>
    public IReadOnlyList<string> WrongShapes { get; }

    internal static void ThrowIfAny(string owner, IEnumerable<string> missing, IEnumerable<string> unexpected,
        IEnumerable<string> wrongShapes, IEnumerable<string>? contradictions = null, Func<string?>? hint = null)
    {
        string[] lacking = [.. missing], unknown = [.. unexpected], misfits = [.. wrongShapes];
        string[] disputed = lacking.Length + unknown.Length + misfits.Length > 0 ? [] : [.. contradictions ?? []];
        if (lacking.Length + unknown.Length + misfits.Length + disputed.Length == 0)
            return;
        var parts = new List<string>();
        Add(parts, "missing: ", lacking);
        Add(parts, "unexpected: ", unknown);
        Add(parts, "", misfits);
        Add(parts, "", disputed);
        throw new StateDictionaryException(
            $"{owner}: the state dictionary does not fit; {string.Join("; ", parts)}."
                + $" Hint: {hint?.Invoke() ?? "was it saved by a model of another kind or size?"}",
            lacking, unknown, misfits);
    }

    private static void Add(List<string> parts, string label, string[] items)
    {
        if (items.Length > 0)
        {
            parts.Add(label + string.Join(", ", items.Take(Shown))
                + (items.Length > Shown ? $" and {items.Length - Shown} more" : ""));
        }
    }
}
