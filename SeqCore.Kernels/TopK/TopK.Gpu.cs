using SeqCore.Kernels.TopK;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    private protected override void RunTopK(DeviceSpan<float> x, DeviceSpan<float> values, DeviceSpan<int> indices, int rows,
        int columns, int k)
    {
        if (k == 0)
            return;
        if (k <= TopKGpuKernel.Most)
        {
            Launch(new TopKGpuKernel { X = View(x), Values = View(values), Indices = View(indices), Columns = columns, K = k },
                rows, nameof(TopK));
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
            }, rows * groupsPerRow, nameof(TopK));
        }
    }
}
