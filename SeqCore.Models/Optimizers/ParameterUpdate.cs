using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>A parameter in <see cref="Optimizer.Update"/>: its value, its gradient, and the optimizer's state of it.</summary>
public readonly struct ParameterUpdate
{
    private readonly IReadOnlyList<int>? rows;
    private readonly string[] names;
    private readonly Tensor[] states;

    internal ParameterUpdate(Tensor value, Tensor gradient, IReadOnlyList<int>? rows, string[] names, Tensor[] states) =>
        (Value, Gradient, this.rows, this.names, this.states) = (value, gradient, rows, names, states);

    /// <summary>The value of the parameter, contiguous, which is to be changed in place.</summary>
    public Tensor Value { get; }

    /// <summary>
    /// The gradient, contiguous and of the same shape, which must not be written to. It is scaled already, unless the optimizer
    /// <see cref="Optimizer.IsFused"/>. A sparse gradient is whole here too, with zeros.
    /// </summary>
    public Tensor Gradient { get; }

    /// <summary>
    /// Returns a state of the parameter, contiguous, of its shape and 0 at first, which is to be changed in place.
    /// </summary>
    /// <param name="name">One of the names that were passed to the optimizer's constructor.</param>
    /// <exception cref="ArgumentException">There is no such name.</exception>
    public Tensor State(string name)
    {
        var index = Array.IndexOf(names, name);
        return index >= 0
            ? states[index]
            : throw new ArgumentException($"Optimizer: there is no state '{name}'; the constructor has "
                + $"{(names.Length == 0 ? "none" : string.Join(", ", names))}.", nameof(name));
    }

    internal ParameterUpdate WithGradient(Tensor gradient) => new(Value, gradient, rows, names, states);

    /// <summary>
    /// Adds the parameter to the operands of a fused kernel; if only some rows have a gradient, these rows alone, a slot for each
    /// run of neighbours.
    /// </summary>
    internal void AddSlots(List<OptimizerSlot> slots)
    {
        DeviceSpan<float> value = Value.Span, gradient = Gradient.Span, first = Moment(0), second = Moment(1);
        if (rows is null)
        {
            slots.Add(new OptimizerSlot(value, gradient, first, second));
            return;
        }

        foreach (var (start, length) in new RowRuns(rows, Value.Shape[-1]))
        {
            slots.Add(new OptimizerSlot(value.Slice(start, length), gradient.Slice(start, length),
                first.IsAbsent ? first : first.Slice(start, length), second.IsAbsent ? second : second.Slice(start, length)));
        }
    }

    private DeviceSpan<float> Moment(int index) => index < states.Length ? states[index].Span : default;
}
