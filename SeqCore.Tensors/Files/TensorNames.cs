namespace SeqCore;

/// <summary>The names of the tensors in one file: each is unique, and a file can hold it.</summary>
/// <param name="operation">The operation's name for errors.</param>
/// <param name="taken">The names that no tensor may have.</param>
internal sealed class TensorNames(string operation, params IEnumerable<string> taken)
{
    private readonly HashSet<string> names = new(taken, StringComparer.Ordinal);

    /// <summary>Adds the name of a tensor.</summary>
    /// <exception cref="ArgumentException">The name is taken, or contains an unpaired surrogate.</exception>
    /// <exception cref="ArgumentNullException">The name or the tensor is null.</exception>
    internal void Add(string name, object tensor)
    {
        RequireText(operation, "a name", name);
        if (!names.Add(name))
            throw new ArgumentException($"{operation}: the name '{name}' is taken; each tensor needs a unique one.");
        if (tensor is null)
            throw new ArgumentNullException(nameof(tensor), $"{operation}: the tensor '{name}' is null.");
    }

    /// <summary>Requires that a text can be written as UTF-8 and read back unchanged.</summary>
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
                throw new ArgumentException($"{operation}: {what} contains an unpaired surrogate at position"
                    + $" {text.Length - rest.Length}, which no file can hold.");
            }

            rest = rest[2..];
        }
    }
}
