using SeqCore.Tests.Kernels.Rows;
using static SeqCore.Tests.Kernels.Rows.Numbers;

namespace SeqCore.Tests.Kernels.Optimizers;

public class GlobalNormTests
{
    [Fact]
    public void Norm_is_that_of_all_tensors_together_whatever_the_threads()
    {
        int[] lengths = [0, 1, 16384, 0, 16385, 50_001, 7, .. Enumerable.Repeat(100, 400), 0, 16383, 1, 1, 0];
        var tensors = lengths.Select(n => Normal(n, n)).ToArray();
        var expected = Math.Sqrt(tensors.SelectMany(t => t).Sum(v => (double)v * v));
        double? first = null;
        foreach (var threads in (int[])[1, 2, 3])
        {
            using var arena = new Arena(threads);
            var norm = arena.Backend.GlobalNorm([.. tensors.Select(t => arena.Put(t))]);
            norm.Should().BeApproximately(expected, 1e-12 * expected);
            first ??= norm;
            norm.Should().Be(first.Value);
        }
    }

    [Fact]
    public void Squares_do_not_overflow()
    {
        using var arena = new Arena();
        arena.Backend.GlobalNorm([arena.Put(3e30f, 4e30f)]).Should().BeApproximately(5e30, 1e24);
        arena.Backend.GlobalNorm([]).Should().Be(0);
    }
}
