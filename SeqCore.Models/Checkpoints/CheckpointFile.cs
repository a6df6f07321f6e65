using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Reads and writes one checkpoint as a safetensors file: values and a checksum in its <c>__metadata__</c>, then the tensors as
/// F32. Any program that reads safetensors can open it.
/// </summary>
internal static class CheckpointFile
{
    internal const string Format = "seqcore-checkpoint 2";
    private const string FormatName = "format";

    /// <summary>Writes to a stream, a chunk at a time, with memory that does not grow with the tensors.</summary>
    internal static void Write(Stream stream, CheckpointData checkpoint)
    {
        var metadata = new SortedDictionary<string, string>(checkpoint.Values, StringComparer.Ordinal) { [FormatName] = Format };
        SafetensorsFile.Write(stream, checkpoint.Tensors, metadata: metadata.ToDictionary(), checksum: true);
    }

    /// <summary>Reads a checkpoint after checking that every byte is as it was written.</summary>
    /// <param name="stream">The stream, which can seek and is at its start; it is closed.</param>
    /// <param name="source">What errors call it.</param>
    /// <param name="backend">The backend on which the tensors are made; they belong to no scope.</param>
    /// <exception cref="CheckpointException">
    /// The checkpoint is truncated, altered or of another version, or the file is something else.
    /// </exception>
    internal static CheckpointData Read(Stream stream, string source, Backend? backend = null)
    {
        using var suspension = TensorScope.Suspend();
        var checkpoint = new CheckpointData(source);
        try
        {
            using var file = SafetensorsFile.Open(stream, source);
            RequireFormat(file, source);
            file.VerifyChecksum();
            foreach (var (name, value) in file.Metadata.Where(m => m.Key != FormatName))
                checkpoint.Values.Add(name, value);
            foreach (var name in file.Entries.Keys)
                checkpoint.Tensors.Add(name, file.Read(name, backend: backend));
            return checkpoint;
        }
        catch (TensorFileException damaged)
        {
            checkpoint.Dispose();
            throw Unreadable(source, "a checkpoint", damaged);
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    private static void RequireFormat(SafetensorsFile file, string source)
    {
        var format = file.Metadata.GetValueOrDefault(FormatName);
        if (format == Format)
            return;

        // An altered byte of the format's name should not look like another version.
        if (file.HasChecksum)
            file.VerifyChecksum();
        throw Foreign(source, format);
    }

    /// <summary>Makes the error for a file that cannot be read, because it is damaged or of another format.</summary>
    internal static CheckpointException Unreadable(string source, string expected, TensorFileException damaged) => new(
        damaged.IsOtherFormat
            ? $"{source} is not {expected}: {damaged.Problem}"
            : $"{source} is truncated or altered: {damaged.Message[(damaged.File.Length + 2)..]}", damaged);

    /// <summary>Makes the error for a file of another format.</summary>
    internal static CheckpointException Foreign(string source, string? format) => new(format == "seqcore-checkpoint 1"
        ? $"{source} was written by SeqCore 0.1 (format '{format}'); this version reads '{Format}'."
            + " Train again, or read it with SeqCore 0.1."
        : format is null or "pt" or "np" or "tf" or "mlx"
            ? $"{source} is not a checkpoint of SeqCore, but a safetensors file of another program. Hint: read its tensors with"
                + " SafetensorsFile.ReadAll, and pass them to LoadStateDictionary of a model of the same sizes."
            : $"{source} is not a checkpoint of SeqCore: its format is '{format}', not '{Format}'.");
}
