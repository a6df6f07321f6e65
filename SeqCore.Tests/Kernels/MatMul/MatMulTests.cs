using SeqCore.Kernels;
using SeqCore.Kernels.Operations;
using SeqCore.Tests.Kernels.Simd;
using static SeqCore.Tests.Kernels.Rows.Numbers;

namespace SeqCore.Tests.Kernels.MatMul;

public class MatMulTests
{
    private static readonly int[] Awkward = [1, 2, 3, 5, 8, 13, 16, 17, 31, 33, 47, 48, 65, 97, 130, 257];

    public static TheoryData<bool, bool> TransposeForms =>
        new() { { false, false }, { false, true }, { true, false }, { true, true } };

    [Theory]
    [MemberData(nameof(TransposeForms))]
    public void Agrees_with_the_definition_over_awkward_sizes(bool transposeA, bool transposeB)
    {
        using var backend = new CpuBackend(2);
        var random = new Random(1);
        for (var trial = 0; trial < 150; trial++)
        {
            int m = Pick(random), n = Pick(random), k = Pick(random);
            var options = new Options(random.Next(2) * random.Next(5), random.Next(2) * random.Next(5),
                random.Next(2) * random.Next(5),
                trial % 3 == 0 ? 1f : -0.5f, trial % 4 == 0 ? 0.75f : trial % 4 == 1 ? 1f : 0f, trial % 2 == 0, Activation.None);
            Compare(backend, m, n, k, transposeA, transposeB, options, 1, random);
        }
    }

    [Theory]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Sigmoid)]
    [InlineData(Activation.GeluTanh)]
    public void Applies_bias_and_activation_last(Activation activation)
    {
        using var backend = new CpuBackend(2);
        var random = new Random(2);
        foreach (var (m, n, k) in new[] { (1, 70, 40), (5, 33, 17), (64, 100, 20), (200, 96, 500) })
        {
            foreach (var transposed in new[] { false, true })
                Compare(backend, m, n, k, false, transposed, new Options(0, 0, 0, 1f, 0f, true, activation), 1, random);
        }
    }

    [Fact]
    public void Agrees_with_the_definition_when_k_is_cut_into_blocks()
    {
        using var backend = new CpuBackend(2);
        var random = new Random(3);
        foreach (var (m, n, k) in new[] { (64, 40, 1000), (13, 300, 777), (300, 64, 2000), (2, 50, 3000), (1, 300, 1500) })
        {
            Compare(backend, m, n, k, false, false, new Options(0, 0, 0, 1f, 0.5f, false, Activation.None), 1, random);
            Compare(backend, m, n, k, true, true, new Options(3, 0, 1, 1f, 0f, true, Activation.None), 1, random);
        }

        // So few rows that B is used where it lies.
        Compare(backend, 5, 37, 40_000, false, false, new Options(1, 2, 3, 1f, 0.5f, true, Activation.None), 1, random);
        Compare(backend, 5, 37, 40_000, true, false, new Options(0, 0, 0, 1f, 0f, true, Activation.None), 1, random);
    }

    [Fact]
    public void Activations_are_the_element_wise_operations()
    {
        using var backend = new CpuBackend(1);
        var x = Enumerable.Range(-150, 301).Select(i => i * 0.1f).ToArray();
        using DeviceBuffer bufferOne = Upload(backend, [1f], out var one), bufferX = Upload(backend, x, out var b),
            bufferC = Upload(backend, x, out var c);
        Check(Activation.Relu, new ReluOperation());
        Check(Activation.Tanh, new TanhOperation());
        Check(Activation.Sigmoid, new SigmoidOperation());
        Check(Activation.GeluTanh, new GeluTanhOperation());

        void Check<TOperation>(Activation activation, TOperation operation) where TOperation : struct, IUnaryOperation
        {
            backend.MatMul(new MatMulArguments
            {
                M = 1,
                N = x.Length,
                K = 1,
                A = new Matrix(one, 1),
                B = new Matrix(b, x.Length),
                C = new Matrix(c, x.Length),
                Activation = activation,
            });
            c.AsHostSpan().ToArray().Should().Equal(LaneWidths.Apply(1, operation, x));
        }
    }

    [Theory]
    [InlineData(7, 5, 9, 11)]
    [InlineData(40, 3, 64, 64)]
    [InlineData(3, 200, 300, 150)]
    public void Multiplies_batches(int batch, int m, int n, int k)
    {
        using var backend = new CpuBackend(2);
        var random = new Random(4);
        foreach (var transposed in new[] { false, true })
            Compare(backend, m, n, k, false, transposed, new Options(0, 0, 0, 1f, 0f, false, Activation.None), batch, random);
    }

    [Fact]
    public void A_batch_may_share_one_right_hand_side()
    {
        using var backend = new CpuBackend(2);
        var a = Values(new Random(5), 6 * 4 * 8);
        var b = Values(new Random(6), 8 * 10);
        using DeviceBuffer bufferA = Upload(backend, a, out var spanA), bufferB = Upload(backend, b, out var spanB),
            bufferC = Upload(backend, new float[240], out var spanC);
        backend.MatMul(new MatMulArguments
        {
            M = 4, N = 10, K = 8, Batch = 6, A = new Matrix(spanA, 8, false, 32), B = new Matrix(spanB, 10),
            C = new Matrix(spanC, 10, false, 40),
        });
        var expected = new double[240];
        Definition.MatMul(ToDouble(a), ToDouble(b), expected, 24, 10, 8);
        Close(spanC.AsHostSpan().ToArray(), expected, 8);
    }

    [Fact]
    public void A_packed_right_hand_side_gives_the_same_bits_each_time()
    {
        using var backend = new CpuBackend(2);
        foreach (var (m, n, k) in new[] { (1, 100, 50), (60, 130, 500), (100, 64, 64) })
        {
            var random = new Random(7);
            float[] a = Values(random, m * k), b = Values(random, n * k);
            using DeviceBuffer bufferA = Upload(backend, a, out var spanA), bufferB = Upload(backend, b, out var spanB);
            using DeviceBuffer buffer1 = Upload(backend, new float[m * n], out var c1),
                buffer2 = Upload(backend, new float[m * n], out var c2);
            using var packed = backend.Pack(new Matrix(spanB, k, true), k, n);
            backend.MatMul(
                new MatMulArguments { M = m, N = n, K = k, A = new Matrix(spanA, k), PackedB = packed, C = new Matrix(c1, n) });
            backend.MatMul(
                new MatMulArguments { M = m, N = n, K = k, A = new Matrix(spanA, k), PackedB = packed, C = new Matrix(c2, n) });
            c1.AsHostSpan().ToArray().Should().Equal(c2.AsHostSpan().ToArray());
            var expected = new double[m * n];
            Definition.MatMul(ToDouble(a), ToDouble(b), expected, m, n, k, transposeB: true);
            Close(c1.AsHostSpan().ToArray(), expected, k);
        }
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_bit()
    {
        foreach (var (m, n, k) in new[] { (300, 260, 900), (1, 2000, 512), (20, 800, 300), (129, 65, 2000) })
        {
            foreach (var (transposeA, transposeB) in new[] { (false, false), (true, false), (false, true) })
            {
                var results = new List<float[]>();
                foreach (var threads in new[] { 1, 2, 3 })
                {
                    using var backend = new CpuBackend(threads);
                    var random = new Random(8);
                    using DeviceBuffer bufferA = Upload(backend, Values(random, m * k), out var a),
                        bufferB = Upload(backend, Values(random, n * k), out var b);
                    using var bufferC = Upload(backend, new float[m * n], out var c);
                    backend.MatMul(new MatMulArguments
                    {
                        M = m, N = n, K = k, A = new Matrix(a, transposeA ? m : k, transposeA),
                        B = new Matrix(b, transposeB ? k : n, transposeB), C = new Matrix(c, n),
                    });
                    results.Add(c.AsHostSpan().ToArray());
                }

                results[1].Should().Equal(results[0]);
                results[2].Should().Equal(results[0]);
            }
        }
    }

    [Fact]
    public void No_inner_size_gives_the_bias_alone()
    {
        using var backend = new CpuBackend(1);
        using DeviceBuffer empty = Upload(backend, [], out var none), bufferC = Upload(backend, [9f, 9f, 9f, 9f], out var c),
            biasBuffer = Upload(backend, [1f, 2f], out var bias);
        backend.MatMul(new MatMulArguments
        {
            M = 2,
            N = 2,
            K = 0,
            A = new Matrix(none, 0),
            B = new Matrix(none, 2),
            C = new Matrix(c, 2),
            Bias = bias,
        });
        c.AsHostSpan().ToArray().Should().Equal(1f, 2f, 1f, 2f);
    }

    [Fact]
    public void Operands_that_do_not_fit_their_memory_are_refused_by_name()
    {
        using var backend = new CpuBackend(1);
        using DeviceBuffer buffer = Upload(backend, new float[12], out var twelve);
        Action tooSmall = () => backend.MatMul(new MatMulArguments
        {
            M = 3,
            N = 4,
            K = 5,
            A = new Matrix(twelve, 5),
            B = new Matrix(twelve, 4),
            C = new Matrix(twelve, 4),
        });
        tooSmall.Should().Throw<ArgumentException>().WithMessage("MatMul: A of shape (3, 5)*needs 15 elements*12*");
        Action bias = () => backend.MatMul(new MatMulArguments
        {
            M = 2,
            N = 2,
            K = 2,
            A = new Matrix(twelve, 2),
            B = new Matrix(twelve, 2),
            C = new Matrix(twelve, 2),
            Bias = twelve,
        });
        bias.Should().Throw<ArgumentException>().WithMessage("MatMul: bias should have shape (N) = (2); got (12)*");
        Action transposed = () => backend.MatMul(new MatMulArguments
        {
            M = 2,
            N = 2,
            K = 2,
            A = new Matrix(twelve, 2),
            B = new Matrix(twelve, 2),
            C = new Matrix(twelve, 2, true),
        });
        transposed.Should().Throw<ArgumentException>().WithMessage("*C should not be transposed*");
    }

    private static int Pick(Random random) => Awkward[random.Next(Awkward.Length)];

    private static void Compare(CpuBackend backend, int m, int n, int k, bool transposeA, bool transposeB, Options o,
        int batch, Random random)
    {
        int lda = (transposeA ? m : k) + o.PadA, ldb = (transposeB ? k : n) + o.PadB, ldc = n + o.PadC;
        int sizeA = (transposeA ? k : m) * lda, sizeB = (transposeB ? n : k) * ldb, sizeC = m * ldc;
        float[] a = Values(random, batch * sizeA), b = Values(random, batch * sizeB), c = Values(random, batch * sizeC),
            bias = Values(random, n);
        using DeviceBuffer bufferA = Upload(backend, a, out var spanA), bufferB = Upload(backend, b, out var spanB);
        using DeviceBuffer bufferC = Upload(backend, c, out var spanC), biasBuffer = Upload(backend, bias, out var biasSpan);
        backend.MatMul(new MatMulArguments
        {
            M = m, N = n, K = k, Batch = batch,
            A = new Matrix(spanA, lda, transposeA, sizeA), B = new Matrix(spanB, ldb, transposeB, sizeB),
            C = new Matrix(spanC, ldc, false, sizeC),
            Alpha = o.Alpha, Beta = o.Beta, Bias = o.Bias ? biasSpan : default, Activation = o.Activation,
        });

        var expected = ToDouble(c);
        var (rowsA, rowsB) = (transposeA ? k : m, transposeB ? n : k);
        for (var q = 0; q < batch; q++)
        {
            var result = Dense(expected, q * sizeC, m, n, ldc);
            Definition.MatMul(Dense(ToDouble(a), q * sizeA, rowsA, lda - o.PadA, lda),
                Dense(ToDouble(b), q * sizeB, rowsB, ldb - o.PadB, ldb), result, m, n, k, transposeA, transposeB, o.Alpha, o.Beta,
                o.Bias ? ToDouble(bias) : null, o.Activation);
            for (var i = 0; i < m; i++)
                result.AsSpan(i * n, n).CopyTo(expected.AsSpan((q * sizeC) + (i * ldc)));
        }

        Close(spanC.AsHostSpan().ToArray(), expected, k);
    }

    /// <summary>A matrix of an array, whose rows lie apart, without gaps.</summary>
    private static double[] Dense(double[] values, int start, int rows, int columns, int stride) =>
        [.. Enumerable.Range(0, rows).SelectMany(r => values.Skip(start + (r * stride)).Take(columns))];

    // Values lie in [-1, 1), so the partial sum of i products is about sqrt(i) / 3, and k roundings of such sums, each half a
    // unit of 2^-24, add up to about 2^-24 k / 4 as a random walk; twice that, and a few units for the epilogue, is allowed.
    private static void Close(float[] actual, double[] expected, int k)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            Math.Abs(actual[i] - expected[i])
                .Should().BeLessThan(((3e-8 * k) + 1.5e-6) * (1 + Math.Abs(expected[i])), "element {0}", i);
        }
    }

    private static float[] Values(Random random, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = (random.NextSingle() * 2) - 1;
        return values;
    }

    private static DeviceBuffer Upload(CpuBackend backend, float[] values, out DeviceSpan<float> span)
    {
        var buffer = backend.Rent(values.Length * sizeof(float));
        span = new DeviceSpan<float>(buffer, 0, values.Length);
        backend.Upload(values, span);
        return buffer;
    }

    private sealed record Options(int PadA, int PadB, int PadC, float Alpha, float Beta, bool Bias, Activation Activation);
}
