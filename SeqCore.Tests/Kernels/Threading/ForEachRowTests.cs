using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Threading;

public class ForEachRowTests
{
    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 0)]
    [InlineData(7, 100_000)]
    [InlineData(1000, 3)]
    [InlineData(100_003, 1)]
    public void Every_row_runs_once(int rows, int columns)
    {
        using var backend = new CpuBackend(4);
        using var counts = Tensor.Zeros(new Shape(Math.Max(1, rows)), backend);
        backend.ForEachRow(new CountKernel(counts.Span), rows, columns);
        counts.ToArray().Take(rows).Should().Equal(Enumerable.Repeat(1f, rows));
    }

    [Fact]
    public void Results_do_not_depend_on_the_number_of_threads()
    {
        var values = Tensor.RandomNormal([257, 1000], new RandomGenerator(1)).ToArray();
        var results = new List<float[]>();
        foreach (var threads in (int[])[1, 2, 5])
        {
            using var backend = new CpuBackend(threads);
            using var x = Tensor.FromSpan(values, [257, 1000], backend);
            backend.ForEachRow(new PrefixSumKernel(x.Span, 1000), 257, 1000);
            results.Add(x.ToArray());
        }

        results.Should().AllSatisfy(r => r.Should().Equal(results[0]));
        results[0][999].Should().BeApproximately(values.Take(1000).Sum(), 1e-2f);
    }

    [Fact]
    public void An_exception_reaches_the_caller_and_the_threads_go_on_working()
    {
        using var backend = new CpuBackend(3);
        using var counts = Tensor.Zeros([10], backend);
        backend.Invoking(b => b.ForEachRow(new FailingKernel(), 100, 100_000)).Should().Throw<InvalidOperationException>()
            .WithMessage("row 42");
        backend.ForEachRow(new CountKernel(counts.Span), 10, 100_000);
        counts.ToArray().Should().OnlyContain(c => c == 1f);
        backend.Invoking(b => b.ForEachRow(new FailingKernel(), -1, 1)).Should().Throw<ArgumentOutOfRangeException>();
        backend.Invoking(b => b.ForEachRow(new FailingKernel(), 1, -1)).Should().Throw<ArgumentOutOfRangeException>();
    }

    private readonly struct CountKernel(DeviceSpan<float> counts) : ICpuKernel
    {
        public void Run(int row) => counts.AsHostSpan()[row]++;
    }

    private readonly struct PrefixSumKernel(DeviceSpan<float> x, int columns) : ICpuKernel
    {
        public void Run(int row)
        {
            var sum = 0f;
            foreach (ref var value in x.Slice(row * columns, columns).AsHostSpan())
                value = sum += value;
        }
    }

    private readonly struct FailingKernel : ICpuKernel
    {
        public void Run(int row)
        {
            if (row == 42)
                throw new InvalidOperationException("row 42");
        }
    }
}
