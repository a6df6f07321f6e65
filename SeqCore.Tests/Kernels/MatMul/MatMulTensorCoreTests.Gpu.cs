using SeqCore.Kernels;
using SeqCore.Kernels.MatMul;
using SeqCore.Tests.Kernels.Gpu;

namespace SeqCore.Tests.Kernels.MatMul;

// Products on tensor cores.
public partial class MatMulGpuTests
{
    [Theory, MemberData(nameof(TransposeForms))]
    public void Tensor_cores_multiply_what_was_rounded_to_tf32(bool transposeA, bool transposeB)
    {
        SkipWithoutTensorCores();
        foreach (var (m, n, k, splits) in new[] { (128, 128, 16, 1), (64, 132, 44, 1), (140, 36, 20, 1), (8, 8, 100, 2) })
        {
            // A rounded factor is off by 2^-11 of itself at most, and so a product of two by 2^-10.
            Compare(new Case(m, n, k)
            {
                TransposeA = transposeA,
                TransposeB = transposeB,
                Plan = new MatMulPlan(128, splits, MatMulPrecision.Tf32),
                Bias = true,
                Margin = 16,
                Tolerance = k * Math.Pow(2, -10),
            });

            // Numbers that tf32 holds are multiplied without loss.
            Compare(new Case(m, n, k)
            {
                TransposeA = transposeA,
                TransposeB = transposeB,
                Plan = new MatMulPlan(128, splits, MatMulPrecision.Tf32),
                Beta = 0.5f,
                Margin = 16,
                Fractions = 256,
            });
        }
    }

    [Theory, MemberData(nameof(TransposeForms))]
    public void Split_factors_keep_the_bound_of_float32(bool transposeA, bool transposeB)
    {
        SkipWithoutTensorCores();
        foreach (var (m, n, k, splits) in new[] { (128, 128, 16, 1), (64, 132, 44, 1), (140, 36, 20, 1), (8, 8, 300, 2) })
        {
            var product = new Case(m, n, k)
            {
                TransposeA = transposeA,
                TransposeB = transposeB,
                Plan = new MatMulPlan(128, splits, MatMulPrecision.Tf32x3),
                Margin = 16,
            };
            Compare(product with { Bias = true, Beta = 0.5f, Activation = Activation.GeluTanh, PadC = 1 });
            Compare(product with { Alpha = -0.5f, PadA = 4, PadB = 8, Batch = 2 });
        }
    }

    // The sum of 512 positive products: rounded to the nearest 512 times, as in float32, it is off by some 2^-21 of itself, and
    // summed within tensor cores that round towards zero by 2^-17 or more.
    [Fact]
    public void Sums_of_split_factors_do_not_drift()
    {
        SkipWithoutTensorCores();
        var (a, b) = Factors(512, new Random(7), static random => 1 + random.NextSingle());
        Error(a, b, MatMulPrecision.Tf32x3)
            .Should().BeLessThan(Math.Pow(2, -20)).And.BeLessThan(2 * Error(a, b, MatMulPrecision.Float32));
        Error(a, b, MatMulPrecision.Tf32).Should().BeGreaterThan(Math.Pow(2, -17));
    }

    [Fact]
    public void Split_factors_are_far_better_than_rounded_ones()
    {
        SkipWithoutTensorCores();
        var (a, b) = Factors(64, new Random(8), static random => (random.NextSingle() * 2) - 1);
        var split = Error(a, b, MatMulPrecision.Tf32x3);

        // What is left out of a product is 2^-21 of it at most; rounding eight sums of eight adds less.
        split.Should().BeLessThan(Math.Pow(2, -21) + Math.Pow(2, -22));
        Error(a, b, MatMulPrecision.Tf32).Should().BeGreaterThan(200 * split);
    }

    [Theory]
    [InlineData(-90)]
    [InlineData(100)]
    public void Split_factors_may_be_large_or_tiny(int exponent)
    {
        SkipWithoutTensorCores();
        var (a, b) = Factors(24, new Random(9), static random => (random.NextSingle() * 2) - 1);
        var scaled = Multiply(Array.ConvertAll(a, x => MathF.ScaleB(x, exponent)), b, MatMulPrecision.Tf32x3);
        scaled.Should().Equal(Multiply(a, b, MatMulPrecision.Tf32x3).Select(x => MathF.ScaleB(x, exponent)));
    }

    [Fact]
    public void An_infinite_or_missing_factor_makes_its_sums_NaN_and_no_others()
    {
        SkipWithoutTensorCores();
        const int K = 16;
        var (a, b) = Factors(K, new Random(10), static random => 0.5f + (random.NextSingle() / 4));
        var plain = Multiply(a, b, MatMulPrecision.Tf32x3);
        foreach (var (row, factor) in new[] { (0, float.PositiveInfinity), (9, float.NegativeInfinity), (17, float.NaN),
            (30, BitConverter.UInt32BitsToSingle(0x7fffffff)), (31, float.MaxValue) })
            a[(row * K) + row % K] = factor;
        a[3 * K] = 3.4e38f;
        var c = Multiply(a, b, MatMulPrecision.Tf32x3);
        for (var i = 0; i < c.Length; i++)
        {
            if ((i / Side) is 0 or 9 or 17 or 30 or 31)
                c[i].Should().Be(float.NaN);
            else if (i / Side == 3)
                c[i].Should().BeApproximately(3.4e38f * b[i % Side], 3.4e38f * 1e-6f);
            else
                c[i].Should().Be(plain[i]);
        }
    }

    [Theory]
    [InlineData(MatMulPrecision.Tf32)]
    [InlineData(MatMulPrecision.Tf32x3)]
    public void Products_are_float32_unless_tf32_is_asked_for(MatMulPrecision precision)
    {
        // Large enough that rounding to tf32 pays on a device of many multiprocessors.
        const int M = 512, N = 512, K = 32;
        using var pair = new DevicePair(16);
        var random = new Random(6);
        DevicePair.Operand a = pair.Put(Values(random, M * K)), b = pair.Put(Values(random, K * N)), exact = pair.Output(M * N),
            rounded = pair.Output(M * N);
        pair.Gpu.Precision.Should().Be(MatMulPrecision.Float32);
        Multiply(exact);
        try
        {
            pair.Gpu.Precision = precision;
            Multiply(rounded);
        }
        finally
        {
            pair.Gpu.Precision = MatMulPrecision.Float32;
        }

        pair.ShouldAgree(exact, Tolerance(K), Tolerance(K));
        pair.ShouldAgree(rounded, precision == MatMulPrecision.Tf32 ? 0 : Tolerance(K),
            precision == MatMulPrecision.Tf32 ? K * Math.Pow(2, -10) : Tolerance(K));
        if (pair.Gpu.IsCuda
            && MatMulPlan.Choose(M, N, K, 1, pair.Gpu.Accelerator.NumMultiprocessors, precision).Precision == precision)
            pair.Read(rounded).Should().NotEqual(pair.Read(exact), "tensor cores sum in another way");
        else
            pair.Read(rounded).Should().Equal(pair.Read(exact), "only CUDA has tensor cores, and not every product is for them");

        void Multiply(DevicePair.Operand c) =>
            pair.Run((backend, at) => backend.MatMul(new MatMulArguments
            {
                M = M,
                N = N,
                K = K,
                A = new Matrix(at[a], K),
                B = new Matrix(at[b], N),
                C = new Matrix(at[c], N),
            }));
    }

    private const int Side = 32;

    private static void SkipWithoutTensorCores()
    {
        if (!TestGpu.Backend.IsCuda)
            Assert.Skip("Only CUDA has tensor cores.");
    }

    private static (float[] A, float[] B) Factors(int k, Random random, Func<Random, float> draw) =>
        ([.. Enumerable.Range(0, Side * k).Select(_ => draw(random))],
            [.. Enumerable.Range(0, Side * k).Select(_ => draw(random))]);

    // C = A B, of shapes (32, k) and (k, 32).
    private static float[] Multiply(float[] a, float[] b, MatMulPrecision precision)
    {
        using var pair = new DevicePair(16);
        DevicePair.Operand x = pair.Put(a), y = pair.Put(b), c = pair.Output(Side * Side);
        var k = a.Length / Side;
        pair.Gpu.MatMul(new MatMulArguments
        {
            M = Side,
            N = Side,
            K = k,
            A = new Matrix(x.OnGpu, k),
            B = new Matrix(y.OnGpu, Side),
            C = new Matrix(c.OnGpu, Side),
        }, new MatMulPlan(128, 1, precision));
        return pair.Read(c);
    }

    // The largest error of C = A B, of shapes (32, k) and (k, 32), relative to the sum of its terms' magnitudes.
    private static double Error(float[] a, float[] b, MatMulPrecision precision)
    {
        var (c, k, worst) = (Multiply(a, b, precision), a.Length / Side, 0.0);
        for (var i = 0; i < c.Length; i++)
        {
            var terms = Enumerable.Range(0, k).Select(j => (double)a[(i / Side * k) + j] * b[(j * Side) + (i % Side)]).ToList();
            worst = Math.Max(worst, Math.Abs(c[i] - terms.Sum()) / terms.Sum(Math.Abs));
        }

        return worst;
    }
}
