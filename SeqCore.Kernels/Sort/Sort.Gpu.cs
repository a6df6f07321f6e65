using System.Numerics;
using SeqCore.Kernels.Gather;
using SeqCore.Kernels.Sort;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    private protected override void RunSort(DeviceSpan<float> x, DeviceSpan<float> values, DeviceSpan<int> indices, int rows,
        int columns, bool descending, bool areIntegers)
    {
        var keys = new GpuSortKeys
        {
            X = View(x),
            Descending = descending ? 1 : 0,
            AreIntegers = areIntegers ? 1 : 0,
        };
        if (columns <= RankGpuKernel.Most)
        {
            var groupsPerRow = RowChunking.Chunks(columns, IGpuKernel.MostThreads);
            Launch(new RankGpuKernel
            {
                Keys = keys,
                Values = View(values),
                Indices = View(indices),
                Columns = columns,
                GroupsPerRow = groupsPerRow,
            }, SizeLimitException.CheckGroups(nameof(Sort), (long)rows * groupsPerRow), nameof(Sort));
            return;
        }

        // All rows at once, by value; then, if there are several, by row, where the order of equal rows stays.
        int count = rows * columns, groups = SortTiles(nameof(Sort), count);
        using var memory = Scratch((long)count * sizeof(int));
        var own = new DeviceSpan<int>(memory, 0, count);
        var nowhere = View(default(DeviceSpan<int>));
        Launch(new SortKeysGpuKernel { Keys = keys, Output = View(own), Count = count }, groups, nameof(Sort));
        using var byValue = SortKeys(own, default, -1, 32, nowhere, 0, nameof(Sort));
        var positions = byValue.Positions;
        using var byRow = rows == 1 ? null : SortByRow(own, positions, rows, columns);
        Launch(new SortedGpuKernel
        {
            X = keys.X,
            Positions = View(byRow?.Positions ?? positions),
            Values = View(values),
            Indices = View(indices),
            Columns = columns,
            Count = count,
        }, groups, nameof(Sort));
    }

    private SortedIndices SortByRow(DeviceSpan<int> memory, DeviceSpan<int> positions, int rows, int columns)
    {
        Launch(new RowNumbersGpuKernel
        {
            Positions = View(positions),
            Output = View(memory),
            Columns = columns,
            Count = memory.Length,
        }, RowChunking.Chunks(memory.Length, IGpuKernel.MostThreads), nameof(Sort));
        return SortKeys(memory, positions, -1, 32 - BitOperations.LeadingZeroCount((uint)rows - 1),
            View(default(DeviceSpan<int>)), 0, nameof(Sort));
    }
}
