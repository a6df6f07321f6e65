namespace SeqCore.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// Copies element by element between layouts of the same sizes (a transposition is a copy with swapped strides).
    /// </summary>
    public void Copy(in StridedSpan source, in StridedSpan destination)
    {
        Operands.CheckCopy(nameof(Copy), source, destination);
        RunCopy(source, destination);
        KeepAlive((source.Data, destination.Data));
    }

    /// <summary>Writes one value to all elements.</summary>
    public void Fill(in StridedSpan destination, float value)
    {
        Operands.CheckResult(nameof(Fill), nameof(destination), destination);
        RunFill(destination, value);
        KeepAlive(destination.Data);
    }

    private protected abstract void RunCopy(in StridedSpan source, in StridedSpan destination);

    private protected abstract void RunFill(in StridedSpan destination, float value);
}
