namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override void TopK(DeviceSpan<float> x, DeviceSpan<float> values, DeviceSpan<int> indices, int rows,
        int columns, int k)
    {
        CheckTopK(x, values, indices, rows, columns, k);
        if (k == 0)
            return;
        if (k <= TopKGpuKernel.Most)
        {
            Launch(new TopKGpuKernel { X = View(x), Values = View(values), Indices = View(indices), Columns = columns, K = k },
                rows);
        }
        else
        {
            const int Threads = 256;
            var groupsPerRow = (columns + Threads - 1) / Threads;
            Launch(new TopKByRankGpuKernel
            {
                X = View(x),
                Values = View(values),
                Indices = View(indices),
                Columns = columns,
                K = k,
                GroupsPerRow = groupsPerRow,
            }, rows * groupsPerRow);
        }
    }
}
