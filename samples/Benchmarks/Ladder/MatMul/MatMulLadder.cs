using System.Globalization;
using SeqCore.Kernels;
using SeqCore.Samples.Common;

namespace SeqCore.Benchmarks;

/// <summary>The matrix product from the triple loop to the library's kernel, each step timed and checked.</summary>
internal static class MatMulLadder
{
    internal static void Run(int n, Device device, int threads, string? svg, TextWriter output)
    {
        var a = Inputs.Values(n * n);
        var b = Inputs.Values(n * n);
        var expected = Sampled(a, b, n);
        var rungs = device == Device.Cpu ? OnCpu(threads) : GpuRungs.On((GpuBackend)device.CreateBackend());
        var bars = new List<(string, double)>();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"C = A B, {n} x {n}"));
        output.WriteLine($"{"step",-16} {"threads",7} {"ms",10} {"GFLOP/s",9} {"gain",7}");
        var first = 0.0;
        foreach (var rung in rungs)
        {
            var (multiply, result) = rung.Prepare(a, b, n);
            var seconds = Timing.Least(multiply);
            Check(rung, result(), expected, n);
            var rate = 2.0 * n * n * n / seconds / 1e9;
            first = first == 0 ? rate : first;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{rung.Name,-16} {rung.Threads,7} {seconds * 1e3,10:0.00} {rate,9:0.0} {rate / first,6:0.0}x"));
            output.Flush();
            bars.Add(($"{rung.Name}{(rung.Threads > 1 ? $", {rung.Threads} threads" : "")}", rate));
        }

        OptionKinds.WriteSvg(svg, () => BarChart.ToSvg($"Matrix product, {n} x {n}, float32", "GFLOP/s", bars));
    }

    private static Rung[] OnCpu(int threads) =>
    [
        Rung.OnArrays("three loops", Scalar.TripleLoop),
        Rung.OnArrays("loop order", Scalar.RowOrder),
        Rung.OnArrays("vectors", Vectors.RowOrder),
        Rung.OnArrays("register tile", Vectors.RegisterTile),
        Rung.OnArrays("blocks, packed", Blocked.Multiply),
        Rung.OnArrays("threads", (x, y, z, size) => Blocked.Multiply(x, y, z, size, threads), threads),
        LibraryRung.On(1),
        LibraryRung.On(threads),
    ];

    /// <summary>Some elements of the product in double: every rung has to agree with them.</summary>
    private static (int Row, int Column, double Value, double Magnitude)[] Sampled(float[] a, float[] b, int n)
    {
        var random = new Random(2);
        var samples = new (int, int, double, double)[64];
        for (var s = 0; s < samples.Length; s++)
        {
            // The last rows and columns are among them: there the tiles end.
            var i = s < 8 ? n - 1 : random.Next(n);
            var j = s % 8 == 0 ? n - 1 : random.Next(n);
            double sum = 0, magnitude = 0;
            for (var k = 0; k < n; k++)
            {
                sum += (double)a[i * n + k] * b[k * n + j];
                magnitude += Math.Abs((double)a[i * n + k] * b[k * n + j]);
            }

            samples[s] = (i, j, sum, magnitude);
        }

        return samples;
    }

    private static void Check(Rung rung, float[] c, (int Row, int Column, double Value, double Magnitude)[] expected, int n)
    {
        foreach (var (i, j, value, magnitude) in expected)
        {
            // A sum of n products in float32 is off by at most n / 2 units in the last place of the sum of magnitudes.
            if (!(Math.Abs(c[i * n + j] - value) <= magnitude * n * Math.Pow(2, -24)))
                throw new InvalidOperationException($"{rung.Name}: element ({i}, {j}) is {c[i * n + j]}, expected {value}.");
        }
    }
}
