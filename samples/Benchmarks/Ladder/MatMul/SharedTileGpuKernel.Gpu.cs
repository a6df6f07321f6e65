using ILGPU;
using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary>
/// A group of 16 x 16 threads computes a tile of 16 x 16 elements. It fetches tiles of A and B into shared memory, one element a
/// thread, and every element fetched is then read by 16 threads:
/// <code>
///             B  | . | b | . |      k from top to bottom
///                | . | b | . |
///   A  ---------------------
///      . . . .   | . | . | . |
///      a a a a   | . | C | . |      the group's tile
/// </code>
/// </summary>
internal struct SharedTileGpuKernel : IGpuKernel
{
    /// <summary>Rows and columns of a tile.</summary>
    internal const int Tile = 16;

    internal ArrayView<float> A;
    internal ArrayView<float> B;
    internal ArrayView<float> C;
    internal int N;

    public readonly void Run()
    {
        var a = SharedMemory.Allocate<float>(Tile * Tile);
        var b = SharedMemory.Allocate<float>(Tile * Tile);
        int row = Group.IdxX / Tile, column = Group.IdxX % Tile;
        int i = Grid.IdxY * Tile + row, j = Grid.IdxX * Tile + column;
        var sum = 0f;
        for (var first = 0; first < N; first += Tile)
        {
            a[Group.IdxX] = i < N && first + column < N ? A[i * N + first + column] : 0f;
            b[Group.IdxX] = first + row < N && j < N ? B[(first + row) * N + j] : 0f;
            Group.Barrier();
            for (var k = 0; k < Tile; k++)
                sum += a[row * Tile + k] * b[k * Tile + column];
            Group.Barrier();
        }

        if (i < N && j < N)
            C[i * N + j] = sum;
    }
}
