using SeqCore.Kernels;
using SeqCore.Kernels.Softmax;
using SeqCore.Tests.Kernels.Gpu;
using SeqCore.Tests.Kernels.Rows;

namespace SeqCore.Tests.Kernels.Softmax;

/// <summary>
/// Finite rows are compared with the definition in double precision, because the CPU's own rounding grows as its vectors get
/// narrower. Tolerances: e^x is within 4e-7, and a row's sum within 1e-6. A logarithm or a gradient is a difference, so that its
/// bound is absolute, a few roundings of its terms, which are at most about 15.
/// </summary>
[Collection(GpuCollection.Name)]
public class SoftmaxGpuTests
{
    private delegate void Operation(Backend backend, DevicePair.Finder at, DevicePair.Operand x, DevicePair.Operand dY,
        DevicePair.Operand output, int rows, int columns);

    private static readonly (string Name, Operation Run, Func<double[], double[], double[]> Definition, double Absolute)[]
        Operations =
    [
        ("softmax", (backend, at, x, _, y, rows, columns) => backend.Softmax(at[x], at[y], rows, columns),
            (x, _) => Definition.Softmax(x), 1e-9),
        ("log-softmax", (backend, at, x, _, y, rows, columns) => backend.LogSoftmax(at[x], at[y], rows, columns),
            (x, _) => Definition.LogSoftmax(x), 2e-6),
        ("softmax gradient", (backend, at, y, dY, dX, rows, columns) => backend.SoftmaxGradient(at[y], at[dY], at[dX],
            rows, columns), (y, dY) => Definition.SoftmaxGradient(y, dY), 2e-6),
        ("log-softmax gradient", (backend, at, y, dY, dX, rows, columns) => backend.LogSoftmaxGradient(at[y], at[dY], at[dX],
            rows, columns), (y, dY) => Definition.LogSoftmaxGradient(y, dY), 4e-6),
    ];

    [Theory]
    [InlineData(19)]
    [InlineData(16)]
    public void Rows_match_the_definitions(int margin)
    {
        using var pair = new DevicePair(margin);
        foreach (var columns in (int[])[.. Numbers.AwkwardLengths, 300, 1024, 5000])
            Check(pair, 5, columns);
    }

    [Fact]
    public void The_definitions_hold_on_long_rows_and_many()
    {
        using var pair = new DevicePair(16);
        Check(pair, 2, 50_000);
        Check(pair, 3, 8193);
        Check(pair, 1100, 64);
    }

    [Fact]
    public void Rows_with_masks_infinities_NaN_and_huge_logits_agree()
    {
        const int Columns = 12;
        const float None = float.NegativeInfinity;
        var rows = new float[6 * Columns];
        Array.Fill(rows, None, 0, Columns);
        Array.Fill(rows, None, Columns + 3, Columns - 3);
        rows[(2 * Columns) + 5] = float.PositiveInfinity;
        rows[(3 * Columns) + 7] = float.NaN;
        (rows[4 * Columns], rows[(4 * Columns) + 1], rows[(4 * Columns) + 2], rows[(4 * Columns) + 3]) =
            (1e30f, 1e30f, -3e38f, 3e4f);
        foreach (var margin in (int[])[16, 19])
        {
            using var pair = new DevicePair(margin);
            var x = pair.Put(rows);
            var y = pair.Output(rows.Length);
            pair.Run((backend, at) => backend.Softmax(at[x], at[y], 6, Columns));
            pair.ShouldAgree(y, 1e-6, 0);
            pair.Run((backend, at) => backend.LogSoftmax(at[x], at[y], 6, Columns));
            pair.ShouldAgree(y, 1e-6, 0);
        }
    }

    [Theory]
    [InlineData(130)]
    [InlineData(4100)]
    public void The_output_may_be_an_input_and_two_runs_give_the_same_bits(int columns)
    {
        using var pair = new DevicePair(16);
        float[] values = Numbers.Normal(3 * columns, 1), gradients = Numbers.Normal(3 * columns, 2);
        foreach (var (name, run, _, _) in Operations)
        {
            DevicePair.Operand x = pair.Put(values), dY = pair.Put(gradients), apart = pair.Output(3 * columns);
            var at = new DevicePair.Finder(true);
            run(pair.Gpu, at, x, dY, apart, 3, columns);
            run(pair.Gpu, at, x, dY, x, 3, columns);
            pair.Read(x).Should().Equal(pair.Read(apart), name);
        }
    }

    [Fact]
    public void Empty_rows_do_nothing_and_a_short_run_is_named()
    {
        using var pair = new DevicePair();
        var none = pair.Put();
        var act = () => pair.Gpu.Softmax(pair.Put(1f, 2f).OnGpu, pair.Output(6).OnGpu, 2, 3);
        pair.Gpu.Softmax(none.OnGpu, none.OnGpu, 0, 5);
        pair.Gpu.LogSoftmaxGradient(none.OnGpu, none.OnGpu, none.OnGpu, 5, 0);
        act.Should().Throw<ArgumentException>().WithMessage("Softmax: x should hold (2, 3) = 6 elements; got 2.");
    }

    [Fact]
    public void Kernels_load_vectors_and_keep_rows_in_registers()
    {
        var softmax = PtxCompiler.AlignedPtx<SoftmaxGpuKernel<SoftmaxVariant>>();
        softmax.Should().Contain("ld.global.v4.f32").And.Contain("st.global.v4.f32").And.Contain("shfl.sync.bfly")
            .And.NotContain(".local");
        var gradient = PtxCompiler.AlignedPtx<SoftmaxGradientGpuKernel<LogSoftmaxGradientVariant>>();
        gradient.Should().Contain("ld.global.v4.f32").And.Contain("st.global.v4.f32").And.Contain("shfl.sync.bfly")
            .And.NotContain(".local");
        PtxCompiler.Ptx<Float4Kernel<SoftmaxGpuKernel<SoftmaxVariant>, UnalignedFloat4>>()
            .Should().NotContain(".local").And.NotContain(".v4");
    }

    private static void Check(DevicePair pair, int rows, int columns)
    {
        var logits = Numbers.Normal(rows * columns, columns, 3f);
        var logarithms = Array.ConvertAll(logits, v => -Math.Abs(v));
        var probabilities = Array.ConvertAll(logarithms, v => MathF.Exp(v) / columns);
        var gradients = Numbers.Normal(rows * columns, columns + 1);
        var dY = pair.Put(gradients);
        foreach (var (name, run, definition, absolute) in Operations)
        {
            var input = name == "softmax gradient" ? probabilities : name == "log-softmax gradient" ? logarithms : logits;
            var output = pair.Output(rows * columns);
            run(pair.Gpu, new DevicePair.Finder(true), pair.Put(input), dY, output, rows, columns);
            double[] expected = [.. Enumerable.Range(0, rows).Select(r => (r * columns)..((r + 1) * columns))
                .SelectMany(row => definition(Numbers.ToDouble(input[row]), Numbers.ToDouble(gradients[row])))];

            // Sums of random terms grow as the root of their number, and their rounding with them.
            Numbers.ShouldBeNear(pair.Read(output), expected, 2e-6, absolute * Math.Sqrt(Math.Max(1, columns / 257.0)),
                $"{name}, {columns} columns");
        }
    }
}
