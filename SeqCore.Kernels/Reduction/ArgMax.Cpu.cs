namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void ArgMax(in StridedSpan x, int axis, DeviceSpan<int> indices)
    {
        Operands.Check(nameof(ArgMax), nameof(x), x);
        if (axis < 0 || axis >= x.Layout.Rank)
            throw new ArgumentOutOfRangeException(nameof(axis), axis, $"ArgMax: x has the axes 0 to {x.Layout.Rank - 1}.");
        var kernel = new ArgMaxKernel(x, axis, indices.Pointer());
        Operands.CheckLength(nameof(ArgMax), nameof(indices), indices.Length, kernel.Results);
        if (kernel.Results == 0)
            return;
        if (x.Layout.Size(axis) == 0)
            throw new ArgumentException($"ArgMax: axis {axis} of x has no elements, so none of them is the greatest.");
        Workers.For(kernel.Chunks, ref kernel);
        GC.KeepAlive(x.Data.Buffer);
        GC.KeepAlive(indices.Buffer);
    }
}
