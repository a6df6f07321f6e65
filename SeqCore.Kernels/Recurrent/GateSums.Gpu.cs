using ILGPU;

namespace SeqCore.Kernels.Recurrent;

/// <summary>
/// Sums columns over runs of rows. A group has 32 neighbouring columns (x) and one run of rows (y); each of its eight warps takes
/// every eighth row, and their sums are added in the order of the warps.
/// <code>
/// thread 32 w + l:  column 32 x + l,  rows first + w, first + w + 8, ...        a warp reads 32 neighbouring floats at once
/// </code>
/// </summary>
internal struct GateSums : IGpuKernel
{
    internal const int Columns = 32;
    private const int Threads = 256;
    private const int Warps = Threads / Columns;

    internal ArrayView<float> Gates;
    internal int Rows;
    internal int RowsOfGroup;

    /// <summary>The number of columns, and of elements from one row to the next.</summary>
    internal int Width;

    /// <summary>Output: the sums, shape (runs, Width).</summary>
    internal ArrayView<float> Sums;

    public readonly void Run()
    {
        var shared = SharedMemory.Allocate<float>(Threads);
        int warp = Group.IdxX / Columns, column = (Grid.IdxX * Columns) + (Group.IdxX % Columns), first = Grid.IdxY * RowsOfGroup;
        var end = first + RowsOfGroup < Rows ? first + RowsOfGroup : Rows;
        var sum = 0f;
        if (column < Width)
        {
            // Four at a time, so that four loads are in flight.
            float sum1 = 0f, sum2 = 0f, sum3 = 0f;
            var row = first + warp;
            for (; row < end - (3 * Warps); row += 4 * Warps)
            {
                sum += Gates[(row * Width) + column];
                sum1 += Gates[((row + Warps) * Width) + column];
                sum2 += Gates[((row + (2 * Warps)) * Width) + column];
                sum3 += Gates[((row + (3 * Warps)) * Width) + column];
            }

            for (; row < end; row += Warps)
                sum += Gates[(row * Width) + column];
            sum += sum1 + (sum2 + sum3);
        }

        shared[Group.IdxX] = sum;
        Group.Barrier();
        if (warp > 0 || column >= Width)
            return;
        for (var other = 1; other < Warps; other++)
            sum += shared[(other * Columns) + Group.IdxX];
        Sums[(Grid.IdxY * Width) + column] = sum;
    }
}
