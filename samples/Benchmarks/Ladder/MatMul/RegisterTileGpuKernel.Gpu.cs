using ILGPU;
using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary>
/// A group of 16 x 16 threads computes a tile of 64 x 64 elements, each thread 4 x 4 of them, which stay in its registers. Of
/// every eight elements that a thread reads from shared memory it makes sixteen products:
/// <code>
///              b0  b1  b2  b3         columns c, c + 16, c + 32, c + 48
///        a0    .   .   .   .
///        a1    .   .   .   .          rows r, r + 16, r + 32, r + 48
///        a2    .   .   .   .
///        a3    .   .   .   .
/// </code>
/// Rows and columns are taken 16 apart, so that neighbouring threads read neighbouring elements of b.
/// </summary>
internal struct RegisterTileGpuKernel : IGpuKernel
{
    /// <summary>Rows and columns of a group's tile.</summary>
    internal const int Tile = 64;

    /// <summary>Rows and columns of threads, and elements along k fetched at a time.</summary>
    private const int Side = 16;

    internal ArrayView<float> A;
    internal ArrayView<float> B;
    internal ArrayView<float> C;
    internal int N;

    public readonly void Run()
    {
        var a = SharedMemory.Allocate<float>(Tile * Side);
        var b = SharedMemory.Allocate<float>(Side * Tile);
        int row = Group.IdxX / Side, column = Group.IdxX % Side;
        int top = Grid.IdxY * Tile, left = Grid.IdxX * Tile;
        Float4 sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        for (var first = 0; first < N; first += Side)
        {
            for (var part = 0; part < Tile; part += Side)
            {
                int i = top + part + row, j = left + part + column;
                a[(part + row) * Side + column] = i < N && first + column < N ? A[i * N + first + column] : 0f;
                b[row * Tile + part + column] = first + row < N && j < N ? B[(first + row) * N + j] : 0f;
            }

            Group.Barrier();
            for (var k = 0; k < Side; k++)
            {
                var right = new Float4(b[k * Tile + column], b[k * Tile + column + 16], b[k * Tile + column + 32],
                    b[k * Tile + column + 48]);
                sum0 = Step(sum0, a[row * Side + k], right);
                sum1 = Step(sum1, a[(row + 16) * Side + k], right);
                sum2 = Step(sum2, a[(row + 32) * Side + k], right);
                sum3 = Step(sum3, a[(row + 48) * Side + k], right);
            }

            Group.Barrier();
        }

        Store(top + row, left + column, sum0);
        Store(top + row + 16, left + column, sum1);
        Store(top + row + 32, left + column, sum2);
        Store(top + row + 48, left + column, sum3);
    }

    private static Float4 Step(Float4 sum, float a, Float4 b) =>
        new(sum.X + a * b.X, sum.Y + a * b.Y, sum.Z + a * b.Z, sum.W + a * b.W);

    private readonly void Store(int i, int j, Float4 row)
    {
        if (i >= N)
            return;
        if (j < N)
            C[i * N + j] = row.X;
        if (j + 16 < N)
            C[i * N + j + 16] = row.Y;
        if (j + 32 < N)
            C[i * N + j + 32] = row.Z;
        if (j + 48 < N)
            C[i * N + j + 48] = row.W;
    }
}
