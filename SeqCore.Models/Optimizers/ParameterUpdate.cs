namespace SeqCore.Models;

/// <summary>
/// One parameter as <see cref="Optimizer.Update"/> gets it: its value, its gradient, and what the optimizer remembers of it.
/// </summary>
public readonly struct ParameterUpdate
{
    private readonly string[] names;
    private readonly Tensor[] states;

    internal ParameterUpdate(Tensor value, Tensor gradient, string[] names, Tensor[] states) =>
        (Value, Gradient, this.names, this.states) = (value, gradient, names, states);

    /// <summary>The parameter, contiguous; to be changed in place.</summary>
    public Tensor Value { get; }

    /// <summary>
    /// Its gradient, contiguous, of the same shape; not to be written to. It is scaled already, unless the optimizer
    /// <see cref="Optimizer.IsFused"/>.
    /// </summary>
    public Tensor Gradient { get; }

    /// <summary>
    /// What the optimizer remembers of the parameter, contiguous, of its shape, 0 at first; to be changed in place.
    /// </summary>
    /// <param name="name">One of the names that the optimizer's constructor gave.</param>
    /// <exception cref="ArgumentException">There is no such name.</exception>
    public Tensor State(string name)
    {
        var index = Array.IndexOf(names, name);
        return index >= 0
            ? states[index]
            : throw new ArgumentException($"Optimizer: there is no state '{name}'; the constructor gave "
                + $"{(names.Length == 0 ? "none" : string.Join(", ", names))}.", nameof(name));
    }

    internal Kernels.DeviceSpan<float> Moment(int index) => index < states.Length ? states[index].Span : default;

    internal ParameterUpdate WithGradient(Tensor gradient) => new(Value, gradient, names, states);
}
