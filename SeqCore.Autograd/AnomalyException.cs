namespace SeqCore;

/// <summary>An operation made NaN or infinity under a tape that looks for them.</summary>
public sealed class AnomalyException : ArithmeticException
{
    internal AnomalyException(string operation, string pass, Shape shape, string? origin)
        : base($"{operation}: the {pass} pass made NaN or infinity in a tensor of shape {shape}. "
            + (origin ?? "It is the first operation of this step that did.")) =>
        Operation = operation;

    /// <summary>The operation that first made NaN or infinity.</summary>
    public string Operation { get; }
}
