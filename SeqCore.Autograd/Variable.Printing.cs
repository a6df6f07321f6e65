using SeqCore.Kernels;

namespace SeqCore;

public partial class Variable
{
    /// <summary>
    /// Returns the shape, whether a gradient is required and which operation computed it, the device if it is not the default
    /// one, and the values, abbreviated as those of a <see cref="Tensor"/>; waits for the device.
    /// </summary>
    public override string ToString()
    {
        var text = Value.ToString();
        var notes = RequiresGradient ? ", requires a gradient" : "";
        if (Creator is not null)
            notes += $", result of {Creator.Name}";
        if (Value.Backend != Backend.Default)
            notes += $", on {Value.Backend.Device}";
        var shape = Shape.ToString();
        return $"{GetType().Name} {shape}{notes}{text[(text.IndexOf(shape, StringComparison.Ordinal) + shape.Length)..]}";
    }
}
