namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <summary>
    /// Queues a kernel with a team of threads for each row, whose size is <see cref="RowPlace.TeamFor"/>; none for no elements.
    /// </summary>
    private void LaunchRows<TKernel>(in TKernel kernel, int rows, int columns, string operation)
        where TKernel : struct, IGpuKernel
    {
        if (rows > 0 && columns > 0)
            Launch(kernel, RowPlace.Groups(rows, RowPlace.TeamFor(rows, columns)), operation);
    }
}
