namespace SeqCore;

/// <summary>The exception for an operation that gave NaN or infinity under a tape that detects anomalies.</summary>
public sealed class AnomalyException : ArithmeticException
{
    internal AnomalyException(string operation, string pass, Shape shape, string? origin)
        : base($"{operation}: the {pass} pass gave NaN or infinity in a tensor of shape {shape}. "
            + (origin ?? "It is the first operation of this step that did.")) =>
        Operation = operation;

    /// <summary>The name of the operation that first gave NaN or infinity.</summary>
    public string Operation { get; }
}
