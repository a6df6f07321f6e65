namespace SeqCore;

/// <summary>The inputs of a function, with look-ups that do not take longer for a function of many inputs.</summary>
internal struct FunctionInputs(Variable[] inputs)
{
    /// <summary>Up to this number, comparing them one by one is faster than hashing.</summary>
    private const int Few = 8;

    private HashSet<Tensor>? values;
    private int next;

    internal readonly ReadOnlySpan<Variable> Span => inputs;

    internal readonly int Count => inputs.Length;

    internal readonly Variable this[int place] => inputs[place];

    /// <summary>
    /// Returns the place of a variable among the inputs, or -1. Most functions ask for one input after the other, so the search
    /// starts where the last one ended.
    /// </summary>
    internal int PlaceOf(Variable input)
    {
        for (var i = 0; i < inputs.Length; i++)
        {
            if (next >= inputs.Length)
                next = 0;
            if (ReferenceEquals(inputs[next++], input))
                return next - 1;
        }

        return -1;
    }

    /// <summary>Returns whether a tensor is the value of an input, which belongs to others.</summary>
    internal bool Hold(Tensor tensor)
    {
        if (inputs.Length > Few)
            return (values ??= [.. inputs.Select(i => i.Value)]).Contains(tensor);
        foreach (var input in inputs)
        {
            if (ReferenceEquals(input.Value, tensor))
                return true;
        }

        return false;
    }

    internal readonly bool AnyRequiresGradient() => Array.Exists(inputs, static i => i.RequiresGradient);

    /// <summary>Returns a bit for each input that requires a gradient; inputs from the 64th on share one bit.</summary>
    internal readonly ulong Wanted()
    {
        var bits = 0ul;
        for (var i = 0; i < inputs.Length; i++)
            bits ^= inputs[i].RequiresGradient ? 1ul << Math.Min(i, 63) : 0ul;
        return bits;
    }

    /// <summary>Throws if an input is missing.</summary>
    internal readonly void RequireAll()
    {
        foreach (var input in inputs)
            ArgumentNullException.ThrowIfNull(input, nameof(inputs));
    }
}
