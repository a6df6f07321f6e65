namespace SeqCore.Models;

/// <summary>
/// What clipping by the global norm found and applied. It stays on the device until it is asked for, so that no step waits for
/// it. Like a tensor, it belongs to the open tape or scope.
/// </summary>
public readonly record struct ClippedNorm : IDisposable
{
    private readonly Tensor? values;

    internal ClippedNorm(Tensor values) => this.values = values;

    /// <summary>sqrt of the sum of all squares of all gradients; 0 where there is none. Waits for the device.</summary>
    public double Norm => values is null ? 0 : values.ToArray()[0];

    /// <summary>
    /// The factor of every gradient: 1 where nothing is clipped, NaN where the norm is not finite. Waits for the device.
    /// </summary>
    public float Scale => values is null ? 1f : values.ToArray()[1];

    /// <summary>A view of the factor, shape (1,), to be disposed; null where nothing was clipped.</summary>
    internal Tensor? Factor() => values?.Slice(0, 1, 1);

    /// <summary>Gives the memory back, where no tape or scope does.</summary>
    public void Dispose() => values?.Dispose();
}
