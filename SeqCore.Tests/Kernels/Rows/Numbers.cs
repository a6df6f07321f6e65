using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Rows;

internal static class Numbers
{
    /// <summary>The vector widths that every kernel is run on; 0 means the backend's own choice and its threads.</summary>
    internal static readonly int[] Widths = [0, 1, 4, 8, 16];

    /// <summary>Row lengths that leave every kind of tail.</summary>
    internal static readonly int[] AwkwardLengths = [1, 2, 3, 5, 15, 16, 17, 31, 33, 63, 64, 65, 127, 130, 255, 257];

    internal static float[] Normal(int length, int seed, float scale = 1f)
    {
        var random = new Random(seed);
        var values = new float[length];
        for (var i = 0; i < length; i++)
        {
            var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            values[i] = scale * (float)(radius * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return values;
    }

    internal static double[] ToDouble(float[] values) => Array.ConvertAll(values, v => (double)v);

    internal static void Run<TKernel>(int width, TKernel kernel) where TKernel : struct, ISimdKernel
    {
        switch (width)
        {
            case 1:
                kernel.Invoke<LaneScalar>();
                break;
            case 4:
                kernel.Invoke<Lane128>();
                break;
            case 8:
                kernel.Invoke<Lane256>();
                break;
            case 16:
                kernel.Invoke<Lane512>();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(width));
        }
    }

    /// <summary>Central differences in double.</summary>
    internal static double[] Differences(double[] at, Func<double[], double> f)
    {
        var result = new double[at.Length];
        for (var i = 0; i < at.Length; i++)
        {
            double[] up = [.. at], down = [.. at];
            up[i] += 1e-5;
            down[i] -= 1e-5;
            result[i] = (f(up) - f(down)) / 2e-5;
        }

        return result;
    }

    /// <summary>Asserts |actual - expected| within relative |expected| + absolute, everywhere.</summary>
    internal static void ShouldBeNear(ReadOnlySpan<float> actual, double[] expected, double relative,
        double absolute, string what)
    {
        actual.Length.Should().Be(expected.Length, what);
        for (var i = 0; i < expected.Length; i++)
        {
            var error = Math.Abs(actual[i] - expected[i]);
            if (!(error <= relative * Math.Abs(expected[i]) + absolute))
                Assert.Fail($"{what}: element {i} is {actual[i]:R}, expected {expected[i]:R}.");
        }
    }

    internal static int[] Bits(DeviceSpan<float> values) =>
        Array.ConvertAll(values.AsHostSpan().ToArray(), BitConverter.SingleToInt32Bits);
}
