using ILGPU;
using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary>
/// One thread an element, neighbouring threads in neighbouring rows. In each step a warp of 32 threads reads 32 elements of A
/// that lie n floats apart, and one element of B:
/// <code>
///   A  k         B     j              C     j
///   i  t0 .      k  .  t0..t31        i  .  t0
///      t1 .                              .  t1
///      .. .                              .  ..
/// </code>
/// </summary>
internal struct RowsGpuKernel : IGpuKernel
{
    internal ArrayView<float> A;
    internal ArrayView<float> B;
    internal ArrayView<float> C;
    internal int N;

    public readonly void Run()
    {
        var element = Grid.IdxX * Group.DimX + Group.IdxX;
        if (element >= N * N)
            return;
        int i = element % N, j = element / N;
        var sum = 0f;
        for (var k = 0; k < N; k++)
            sum += A[i * N + k] * B[k * N + j];
        C[i * N + j] = sum;
    }
}

/// <summary>
/// The same with neighbouring threads in neighbouring columns: a warp reads one element of A and 32 of B that lie side by side,
/// and stores 32 side by side.
/// <code>
///   A  k            B     j                 C     j
///   i  t0..t31      k  .  t0 t1 t2 ..       i  .  t0 t1 t2 ..
/// </code>
/// </summary>
internal struct ColumnsGpuKernel : IGpuKernel
{
    internal ArrayView<float> A;
    internal ArrayView<float> B;
    internal ArrayView<float> C;
    internal int N;

    public readonly void Run()
    {
        var element = Grid.IdxX * Group.DimX + Group.IdxX;
        if (element >= N * N)
            return;
        int i = element / N, j = element % N;
        var sum = 0f;
        for (var k = 0; k < N; k++)
            sum += A[i * N + k] * B[k * N + j];
        C[i * N + j] = sum;
    }
}
