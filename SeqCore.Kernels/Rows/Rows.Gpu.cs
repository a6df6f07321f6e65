namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <summary>
    /// Queues a kernel with a team of <see cref="RowPlace.TeamFor"/> threads for each row; queues nothing if there are no
    /// elements.
    /// </summary>
    private void LaunchRows<TKernel>(in TKernel kernel, int rows, int columns, bool isAligned, string operation)
        where TKernel : struct, IFloat4Kernel
    {
        if (rows > 0 && columns > 0)
            LaunchAligned(kernel, isAligned, RowPlace.Groups(rows, RowPlace.TeamFor(rows, columns)), operation);
    }

    /// <summary>Returns whether rows of a length can be read as Float4s from all these runs.</summary>
    private static bool AreAlignedRows(int columns, params ReadOnlySpan<DeviceSpan<float>> runs) =>
        columns % 4 == 0 && Float4.AreAligned(runs);
}
