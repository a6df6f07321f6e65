namespace SeqCore.Models;

/// <summary>Copies values between tensors of one shape, also from one device to another.</summary>
internal static class TensorCopy
{
    /// <summary>
    /// Copies all pairs as if at once: sources that share memory with a destination, such as those of a state dictionary under
    /// other names, are read before any destination is written.
    /// </summary>
    internal static void IntoAll(IReadOnlyList<(Tensor Source, Tensor Destination)> pairs)
    {
        using var scope = new TensorScope("copy");
        var written = pairs.Select(p => p.Destination.Span.Buffer).ToHashSet(ReferenceEqualityComparer.Instance);
        var sources = pairs.Select(p => ReferenceEquals(p.Source, p.Destination)
            || !written.Contains(p.Source.Strided.Data.Buffer) ? p.Source : p.Source.Copy()).ToList();
        for (var i = 0; i < pairs.Count; i++)
            Into(sources[i], pairs[i].Destination);
    }

    internal static void Into(Tensor source, Tensor destination)
    {
        if (ReferenceEquals(source, destination))
            return;
        if (source.Backend == destination.Backend)
            destination.Backend.Copy(source.Strided, destination.Strided);
        else
            destination.Backend.Upload<float>(source.ToArray(), destination.Span);
        destination.NoteWrite("a copy into it");
    }
}
