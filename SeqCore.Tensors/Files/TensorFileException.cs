namespace SeqCore;

/// <summary>
/// The exception for a file of tensors that is damaged, hostile, or of a format that is not read; the message names the file, the
/// tensor and the problem.
/// </summary>
public sealed class TensorFileException : IOException
{
    internal TensorFileException(string file, string? tensor, string problem, Exception? inner = null)
        : base($"{file}: {(tensor is null ? "" : $"tensor '{tensor}': ")}{problem}", inner)
    {
        File = file;
        Tensor = tensor;
        Problem = problem;
    }

    /// <summary>The path of the file, or the name that was given for a stream.</summary>
    public string File { get; }

    /// <summary>The problem, without the names of the file and the tensor.</summary>
    public string Problem { get; }

    /// <summary>
    /// Whether the file does not begin like one of the expected format, so that it is another kind of file rather than damaged.
    /// </summary>
    public bool IsOtherFormat { get; internal init; }

    /// <summary>The name of the tensor that causes the error, or null.</summary>
    public string? Tensor { get; }
}
