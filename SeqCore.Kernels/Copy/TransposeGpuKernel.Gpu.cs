using ILGPU;

namespace SeqCore.Kernels.Copy;

/// <summary>
/// Transposes tiles of 32 x 32 (<see cref="TranspositionPlan"/> explains the letters), with one group of 32 x 8 threads for each.
/// Neighbouring threads read neighbours along m and write neighbours along n, so memory is read and written in whole lines; the
/// tile is transposed in shared memory:
/// <code>
///   source, along m             shared, rows of 33            destination, along n
///   i0   a b c d ...            a b c d ... -                 j0   a e i ...
///   i1   e f g h ...   rows     e f g h ... -    columns      j1   b f j ...
///   i2   i j k l ...   ----&gt;    i j k l ... -    -----&gt;       j2   c g k ...
/// </code>
/// Shared memory has 32 banks. In rows of 32 floats a whole column would lie in one bank, and its 32 readers would wait for each
/// other; the 33rd float shifts every row by one bank.
/// </summary>
internal struct TransposeGpuKernel : IGpuKernel
{
    /// <summary>The number of rows and of columns of a tile.</summary>
    internal const int Tile = 32;

    /// <summary>The number of rows that the group copies at once.</summary>
    private const int Step = 8;

    internal ArrayView<float> Source;
    internal ArrayView<float> Destination;
    internal GpuAxes Outer;
    internal GpuStrides SourceOuter;
    internal GpuStrides DestinationOuter;
    internal int N;
    internal int M;
    internal int SourceStride;
    internal int DestinationStride;
    internal int TilesN;
    internal int TilesM;

    public readonly void Run()
    {
        var shared = SharedMemory.Allocate<float>(Tile * (Tile + 1));
        int column = Group.IdxX % Tile, row = Group.IdxX / Tile;
        int tileM = Grid.IdxX % TilesM, rest = Grid.IdxX / TilesM;
        int i0 = rest % TilesN * Tile, j0 = tileM * Tile;
        var outer = Outer.Place(rest / TilesN);
        int from = SourceOuter.Offset(outer, Outer.Rank), to = DestinationOuter.Offset(outer, Outer.Rank);
        for (var k = 0; k < Tile; k += Step)
        {
            int i = i0 + row + k, j = j0 + column;
            if (i < N && j < M)
                shared[(row + k) * (Tile + 1) + column] = Source[from + i * SourceStride + j];
        }

        Group.Barrier();
        for (var k = 0; k < Tile; k += Step)
        {
            int i = i0 + column, j = j0 + row + k;
            if (i < N && j < M)
                Destination[to + j * DestinationStride + i] = shared[column * (Tile + 1) + row + k];
        }
    }
}
