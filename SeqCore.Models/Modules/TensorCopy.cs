namespace SeqCore.Models;

/// <summary>Copies values between tensors of one shape, from one device to another where need be.</summary>
internal static class TensorCopy
{
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
