namespace SeqCore;

/// <summary>
/// A file of tensors that is damaged, hostile, or of a kind that is not read; the message says which file, which
/// tensor and what is wrong.
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

    /// <summary>The file, or the name that was given for a stream.</summary>
    public string File { get; }

    /// <summary>What is wrong, as the message has it behind the names of file and tensor.</summary>
    public string Problem { get; }

    /// <summary>
    /// Whether the file does not begin as those of its format do: it is another kind of file rather than damaged.
    /// </summary>
    public bool IsOtherFormat { get; internal init; }

    /// <summary>The tensor in it, where one is to blame.</summary>
    public string? Tensor { get; }
}
