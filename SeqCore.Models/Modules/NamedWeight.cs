namespace SeqCore.Models;

/// <summary>A parameter, or one of the tensors packed into it, under a name.</summary>
/// <param name="Name">The flat name.</param>
/// <param name="Parameter">The parameter.</param>
/// <param name="Target">The parameter's value, or the rows of it that have the name.</param>
/// <param name="Start">The first of these rows.</param>
/// <param name="IsTransposed">Whether the name is that of the transpose.</param>
internal readonly record struct NamedWeight(string Name, Parameter Parameter, Tensor Target, int Start = 0,
    bool IsTransposed = false)
{
    /// <summary>What the name stands for: the tensor itself, or a view of it.</summary>
    internal Tensor Value => Transposed(Target);

    /// <summary>A value that was given under the name, as the parameter has it.</summary>
    internal Tensor Transposed(Tensor value) => IsTransposed ? value.Transpose() : value;
}

/// <summary>A parameter with its name in a module, and the part of the module that registered it.</summary>
internal readonly record struct WeightEntry(string Name, Parameter Parameter, Module Owner, bool IsTransposed = false);
