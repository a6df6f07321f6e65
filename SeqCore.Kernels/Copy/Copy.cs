namespace SeqCore.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// Copies element by element between layouts of the same sizes (a transposition is a copy with swapped strides).
    /// </summary>
    public abstract void Copy(in StridedSpan source, in StridedSpan destination);

    /// <summary>Writes one value everywhere.</summary>
    public abstract void Fill(in StridedSpan destination, float value);
}
