namespace SeqCore;

/// <summary>The names of the tensors that one file is to hold: each once, and such that a file can hold it.</summary>
/// <param name="operation">Named in errors.</param>
/// <param name="taken">Names that no tensor may have.</param>
internal sealed class TensorNames(string operation, params IEnumerable<string> taken)
{
    private readonly HashSet<string> names = new(taken, StringComparer.Ordinal);

    /// <summary>Adds the name of a tensor.</summary>
    /// <exception cref="ArgumentException">It is taken, or half of a surrogate pair is in it.</exception>
    /// <exception cref="ArgumentNullException">The name or the tensor is null.</exception>
    internal void Add(string name, object tensor)
    {
        RequireText(operation, "a name", name);
        if (!names.Add(name))
            throw new ArgumentException($"{operation}: the name '{name}' is taken; each tensor needs one of its own.");
        if (tensor is null)
            throw new ArgumentNullException(nameof(tensor), $"{operation}: the tensor '{name}' is null.");
    }

    /// <summary>Requires that a text can be written as UTF-8 and comes back as it was.</summary>
    internal static void RequireText(string operation, string what, string text)
    {
        if (text is null)
            throw new ArgumentNullException(nameof(text), $"{operation}: {what} is null.");
        var rest = text.AsSpan();
        while (rest.IndexOfAnyInRange('\uD800', '\uDFFF') is >= 0 and var at)
        {
            rest = rest[at..];
            if (rest.Length < 2 || !char.IsSurrogatePair(rest[0], rest[1]))
            {
                throw new ArgumentException($"{operation}: {what} has half of a surrogate pair at position"
                    + $" {text.Length - rest.Length}, which no file can hold.");
            }

            rest = rest[2..];
        }
    }
}
