namespace SeqCore.Models;

/// <summary>
/// The norm and the scale of clipping by the global norm. They stay on the device until they are read, so that no step waits for
/// them. Like a tensor, the object belongs to the open tape or scope.
/// </summary>
public readonly record struct ClippedNorm : IDisposable
{
    private readonly Tensor? values;

    internal ClippedNorm(Tensor values) => this.values = values;

    /// <summary>The square root of the sum of the squares of all gradients; 0 if there are none. Waits for the device.</summary>
    public double Norm => values is null ? 0 : values.ToArray()[0];

    /// <summary>
    /// The factor of every gradient: 1 if nothing is clipped, NaN if the norm is not finite. Waits for the device.
    /// </summary>
    public float Scale => values is null ? 1f : values.ToArray()[1];

    /// <summary>Returns a view of the factor, shape (1,), to be disposed; null if there is no gradient.</summary>
    internal Tensor? Factor() => values?.Slice(0, 1, 1);

    /// <summary>Releases the memory, unless a tape or scope does.</summary>
    public void Dispose() => values?.Dispose();
}
