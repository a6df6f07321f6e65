namespace SeqCore.Models;

/// <summary>A parameter, or one of the tensors packed into it, with a name.</summary>
/// <param name="Name">The flat name of the weight.</param>
/// <param name="Parameter">The parameter that holds the weight.</param>
/// <param name="Target">The parameter's value, or its rows that have the name.</param>
/// <param name="Start">The index of the first of these rows.</param>
/// <param name="IsTransposed">Whether the name refers to the transpose.</param>
internal readonly record struct NamedWeight(string Name, Parameter Parameter, Tensor Target, int Start = 0,
    bool IsTransposed = false)
{
    /// <summary>The name of the parameter in the model if a table gave it another; otherwise null.</summary>
    internal string? Origin { get; init; }

    /// <summary>The tensor with the name: the target itself, or a transposed view of it.</summary>
    internal Tensor Value => Transposed(Target);

    /// <summary>Converts a value with the name to the layout of the parameter.</summary>
    internal Tensor Transposed(Tensor value) => IsTransposed ? value.Transpose() : value;
}

/// <summary>A parameter with its name in a module, and the part of the module that registered it.</summary>
internal readonly record struct WeightEntry(string Name, Parameter Parameter, Module Owner, bool IsTransposed = false)
{
    /// <summary>The name by the module's parts if a table gave it another; otherwise null.</summary>
    internal string? Origin { get; init; }
}
