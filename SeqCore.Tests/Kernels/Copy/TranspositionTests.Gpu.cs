using SeqCore.Kernels;
using SeqCore.Kernels.Copy;
using SeqCore.Tests.Kernels.Gpu;

namespace SeqCore.Tests.Kernels.Copy;

[Collection(GpuCollection.Name)]
public class TranspositionGpuTests
{
    [Theory]
    [InlineData(1, 16, 16)]
    [InlineData(1, 8, 9)]
    [InlineData(2, 17, 65)]
    [InlineData(3, 130, 257)]
    [InlineData(1, 512, 300)]
    [InlineData(5, 33, 31)]
    public void Transposed_copies_agree_with_the_CPU(int matrices, int rows, int columns)
    {
        using var pair = new DevicePair();
        var count = matrices * rows * columns;
        var (from, to) = (pair.Put([.. Enumerable.Range(0, count).Select(i => (float)i)]), pair.Output(count));
        int[] sizes = [matrices, columns, rows];
        pair.Run((b, of) => b.Copy(new StridedSpan(of[from], new Layout(sizes, [rows * columns, 1, columns])),
            new StridedSpan(of[to], Layout.Contiguous(sizes))));
        pair.ShouldAgree(to, 0, 0);
    }

    [Fact]
    public void Heads_change_places_with_time()
    {
        // (B, T, N, K) to (B, N, K, T): a transposition within each sequence, with gaps between the rows of the source.
        const int B = 3, T = 40, N = 2, K = 24, Row = N * K * 3;
        using var pair = new DevicePair(16);
        var (from, to) = (pair.Put([.. Enumerable.Range(0, B * T * Row).Select(i => (float)i)]), pair.Output(B * N * K * T));
        int[] sizes = [B, N, K, T];
        pair.Run((b, of) => b.Copy(new StridedSpan(of[from], new Layout(sizes, [T * Row, K, 1, Row])),
            new StridedSpan(of[to], Layout.Contiguous(sizes))));
        pair.ShouldAgree(to, 0, 0);
    }

    [Fact]
    public void A_tile_takes_shared_memory_and_no_local_one() =>
        PtxCompiler.Ptx<TransposeGpuKernel>().Should().Contain(".shared").And.Contain("bar.sync").And.NotContain(".local");
}
