using SeqCore;
using SeqCore.Kernels;

namespace Outside;

/// <summary>
/// Running sums along the last axis, y_i = x_0 + ... + x_i: a function with a kernel of its own for each device. Its gradient is
/// the running sum from the other end.
/// </summary>
public sealed class RunningSumFunction(Variable x) : Function(x)
{
    /// <inheritdoc/>
    protected override Tensor Forward() => Run(x.Value.Contiguous(), backwards: false);

    /// <inheritdoc/>
    protected override void Backward(Tensor dY) => AddGradient(x, Run(dY, backwards: true));

    private Tensor Run(Tensor from, bool backwards)
    {
        var to = Tensor.Uninitialized(from.Shape, from.Backend);
        var columns = from.Shape[-1];
        var rows = columns == 0 ? 0 : from.ElementCount / columns;
        if (from.Backend is CpuBackend cpu)
            cpu.ForEachRow(new RunningSumKernel(from.Span, to.Span, columns, backwards), rows, columns);
        else if (from.Backend is GpuBackend gpu)
            RunningSumGpuKernel.Run(gpu, from.Span, to.Span, rows, columns, backwards);
        else
            throw new NotSupportedException($"{Name}: there is no kernel for {from.Backend.Device}.");
        return to;
    }
}

/// <summary>The CPU's kernel: one row, on whatever thread comes.</summary>
internal readonly struct RunningSumKernel(DeviceSpan<float> from, DeviceSpan<float> to, int columns, bool backwards) : ICpuKernel
{
    public void Run(int row)
    {
        var x = from.Slice(row * columns, columns).AsHostSpan();
        var y = to.Slice(row * columns, columns).AsHostSpan();
        var sum = 0f;
        for (var i = 0; i < columns; i++)
        {
            var at = backwards ? columns - 1 - i : i;
            y[at] = sum += x[at];
        }
    }
}

public class OwnKernelTests
{
    public static TheoryData<string> Devices => Gpu.Devices;

    [Theory]
    [MemberData(nameof(Devices))]
    public void Computes_its_definition_on_each_device(string device)
    {
        using var scope = new TensorScope();
        var x = Tensor.RandomNormal([300, 129], new RandomGenerator(1), backend: Gpu.Backend(device));
        var actual = new RunningSumFunction(x).Apply().Value.ToArray();
        var expected = x.ToArray().Chunk(129).SelectMany(row => row.Select((_, i) => (float)row.Take(i + 1).Sum(v => (double)v)));
        actual.Zip(expected).Should().AllSatisfy(p => p.First.Should().BeApproximately(p.Second, 1e-4f));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Has_the_right_gradients_on_each_device(string device) =>
        GradientCheck.Run(v => new RunningSumFunction(v[0]).Apply(),
            [Tensor.RandomNormal([3, 7], new RandomGenerator(1), backend: Gpu.Backend(device))]);

    [Fact]
    public void Bits_do_not_depend_on_the_number_of_threads()
    {
        var values = Tensor.RandomNormal([500, 300], new RandomGenerator(1)).ToArray();
        var results = new[] { 1, 2, 7 }.Select(threads =>
        {
            using var backend = new CpuBackend(threads);
            using var scope = new TensorScope();
            return new RunningSumFunction(Tensor.FromSpan(values, [500, 300], backend)).Apply().Value.ToArray();
        }).ToList();
        results.Should().AllSatisfy(r => r.Should().Equal(results[0]));
    }
}
