using ILGPU;

namespace SeqCore.Kernels;

/// <summary>
/// Adds the rows of partial sums, (blocks, 2, columns), to two vectors, either of which may be absent. A group has 32 columns;
/// each of its eight warps adds every eighth block, so that neighbouring threads read neighbouring columns, and then the eight
/// sums are added in order:
/// <code>
///            32 columns
/// block 0    warp 0      |
/// block 1    warp 1      |  then sum of warp 0 + ... + warp 7
/// ...                    v
/// block 8    warp 0
/// </code>
/// </summary>
internal struct BlockSumsKernel : IGpuKernel
{
    private const int GroupColumns = 32;
    private const int Slices = 8;

    internal ArrayView<float> Partial;
    internal ArrayView<float> First;
    internal ArrayView<float> Second;
    internal int Blocks;
    internal int Columns;

    /// <summary>Returns the number of groups for both vectors.</summary>
    internal static int Groups(int columns) => (2 * columns + GroupColumns - 1) / GroupColumns;

    public readonly void Run()
    {
        var shared = SharedMemory.Allocate<float>(GroupColumns * Slices);
        var column = Grid.IdxX * GroupColumns + Group.IdxX % GroupColumns;
        var slice = Group.IdxX / GroupColumns;
        var width = 2 * Columns;
        var wanted = column < Columns ? First.Length != 0 : column < width && Second.Length != 0;
        var sum = 0f;
        if (wanted)
        {
            // Four at a time, so that four loads are in flight.
            float sum1 = 0f, sum2 = 0f, sum3 = 0f;
            var block = slice;
            for (; block < Blocks - 3 * Slices; block += 4 * Slices)
            {
                sum += Partial[block * width + column];
                sum1 += Partial[(block + Slices) * width + column];
                sum2 += Partial[(block + 2 * Slices) * width + column];
                sum3 += Partial[(block + 3 * Slices) * width + column];
            }

            for (; block < Blocks; block += Slices)
                sum += Partial[block * width + column];
            sum += sum1 + (sum2 + sum3);
        }

        shared[Group.IdxX] = sum;
        Group.Barrier();
        if (slice != 0 || !wanted)
            return;
        for (var i = 1; i < Slices; i++)
            sum += shared[Group.IdxX + i * GroupColumns];
        if (column < Columns)
            First[column] = sum;
        else
            Second[column - Columns] = sum;
    }
}
