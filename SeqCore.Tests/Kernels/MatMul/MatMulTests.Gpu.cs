using SeqCore.Kernels;
using SeqCore.Kernels.MatMul;
using SeqCore.Tests.Kernels.Gpu;

namespace SeqCore.Tests.Kernels.MatMul;

[Collection(GpuCollection.Name)]
public partial class MatMulGpuTests
{
    private static readonly int[] Awkward = [1, 2, 3, 4, 5, 8, 13, 16, 31, 33, 48, 64, 65, 97, 130, 257];

    public static TheoryData<bool, bool> TransposeForms =>
        new() { { false, false }, { false, true }, { true, false }, { true, true } };

    [Theory, MemberData(nameof(TransposeForms))]
    public void Devices_agree_over_awkward_sizes(bool transposeA, bool transposeB)
    {
        var random = new Random(1);
        for (var trial = 0; trial < 40; trial++)
        {
            int m = Pick(random), n = Pick(random), k = Pick(random);
            Compare(new Case(m, n, k)
            {
                TransposeA = transposeA,
                TransposeB = transposeB,
                PadA = random.Next(2) * random.Next(5),
                PadB = random.Next(2) * random.Next(5),
                PadC = random.Next(2) * random.Next(5),
                Alpha = trial % 3 == 0 ? 1f : -0.5f,
                Beta = trial % 4 == 0 ? 0.75f : 0f,
                Bias = trial % 2 == 0,
                Margin = trial % 5 < 3 ? 16 : 19,
            });
        }
    }

    [Theory]
    [InlineData(128, 1)]
    [InlineData(128, 3)]
    [InlineData(64, 1)]
    [InlineData(64, 2)]
    [InlineData(32, 1)]
    [InlineData(32, 4)]
    public void Every_tile_works_with_every_layout(int side, int splits)
    {
        foreach (var (m, n, k) in new[] { (132, 260, 64), (140, 136, 52), (129, 67, 35), (20, 300, 100) })
        {
            foreach (var variant in new[] { 0, 1, 2, 3 })
            {
                foreach (var margin in new[] { 16, 19 })
                {
                    Compare(new Case(m, n, k)
                    {
                        TransposeA = variant > 1,
                        TransposeB = variant % 2 == 1,
                        Plan = new MatMulPlan(side, splits),
                        Margin = margin,
                        Beta = splits - 1f,
                        Bias = true,
                    });
                }
            }
        }
    }

    [Theory, MemberData(nameof(TransposeForms))]
    public void Thin_products_work_with_every_layout(bool transposeA, bool transposeB)
    {
        foreach (var (m, n, k) in new[] { (1, 1, 1), (1, 100, 64), (1, 37, 301), (3, 70, 132), (4, 33, 1000), (200, 1, 64),
            (77, 2, 129), (65, 4, 400), (2, 2, 5000) })
        {
            foreach (var splits in new[] { 1, 3 })
            {
                Compare(new Case(m, n, k)
                {
                    TransposeA = transposeA,
                    TransposeB = transposeB,
                    Plan = new MatMulPlan(0, splits),
                    Bias = splits == 1,
                    Beta = 2f - splits,
                    Margin = 16,
                    PadC = splits,
                });
            }
        }
    }

    [Theory]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Sigmoid)]
    [InlineData(Activation.GeluTanh)]
    public void Applies_bias_and_activation_last(Activation activation)
    {
        foreach (var (m, n, k) in new[] { (1, 70, 40), (5, 33, 17), (64, 100, 20), (200, 96, 500) })
            Compare(new Case(m, n, k) { Activation = activation, Bias = true, Beta = 0.5f, Margin = 16 });
    }

    [Theory]
    [InlineData(7, 5, 9, 11)]
    [InlineData(40, 3, 64, 64)]
    [InlineData(3, 200, 132, 40)]
    [InlineData(2, 48, 48, 2000)]
    public void Multiplies_batches(int batch, int m, int n, int k)
    {
        foreach (var transposed in new[] { false, true })
        {
            Compare(new Case(m, n, k) { Batch = batch, TransposeB = transposed, Margin = 16 });
            Compare(new Case(m, n, k) { Batch = batch, TransposeA = transposed, SharedB = true, Bias = true });
        }
    }

    [Theory]
    [InlineData(3, 20, 30, false)]
    [InlineData(40, 70, 131, false)]
    [InlineData(40, 70, 131, true)]
    public void A_packed_right_hand_side_is_a_copy(int m, int n, int k, bool transposed)
    {
        using var pair = new DevicePair();
        var random = new Random(3);
        DevicePair.Operand a = pair.Put(Values(random, m * k)), b = pair.Put(Values(random, n * k)),
            zeros = pair.Put(new float[n * k]);
        var c = pair.Output(m * n);
        pair.Run((backend, at) =>
        {
            using var packed = backend.Pack(new Matrix(at[b], transposed ? k : n, transposed), k, n);
            backend.Upload<float>(new float[n * k], at[b]);
            backend.MatMul(new MatMulArguments
            {
                M = m,
                N = n,
                K = k,
                A = new Matrix(at[a], k),
                PackedB = packed,
                C = new Matrix(at[c], n),
            });
        });
        pair.ShouldAgree(c, Tolerance(k), Tolerance(k));
    }

    [Fact]
    public void Two_runs_give_the_same_bits()
    {
        foreach (var (m, n, k) in new[] { (130, 70, 600), (1, 300, 4000), (33, 40, 5000) })
        {
            using var pair = new DevicePair(16);
            var random = new Random(4);
            DevicePair.Operand a = pair.Put(Values(random, m * k)), b = pair.Put(Values(random, n * k)), c = pair.Output(m * n),
                again = pair.Output(m * n);
            foreach (var to in new[] { c, again })
            {
                pair.Run((backend, at) => backend.MatMul(new MatMulArguments
                {
                    M = m,
                    N = n,
                    K = k,
                    A = new Matrix(at[a], k),
                    B = new Matrix(at[b], n),
                    C = new Matrix(at[to], n),
                }));
            }

            pair.Read(again).Should().Equal(pair.Read(c));
        }
    }

    [Fact]
    public void No_inner_size_gives_the_bias_alone()
    {
        using var pair = new DevicePair();
        DevicePair.Operand bias = pair.Put(1f, 2f, 3f, 4f, 5f), none = pair.Put(), c = pair.Output(25);
        pair.Run((backend, at) => backend.MatMul(new MatMulArguments
        {
            M = 5,
            N = 5,
            K = 0,
            A = new Matrix(at[none], 0),
            B = new Matrix(at[none], 5),
            C = new Matrix(at[c], 5),
            Bias = at[bias],
        }));
        pair.ShouldAgree(c, 0, 0);
    }

    [Fact]
    public void Empty_products_write_nothing()
    {
        using var pair = new DevicePair();
        DevicePair.Operand some = pair.Put(1f, 2f, 3f, 4f), c = pair.Put(5f, 6f);
        foreach (var (m, n, batch) in new[] { (0, 2, 1), (1, 0, 1), (1, 2, 0) })
            pair.Run((backend, at) => backend.MatMul(new MatMulArguments
            {
                M = m,
                N = n,
                K = 2,
                Batch = batch,
                A = new Matrix(at[some], 2),
                B = new Matrix(at[some], 2),
                C = new Matrix(at[c], 2),
            }));
        pair.ShouldAgree(c, 0, 0);
    }

    [Fact]
    public void Operands_that_do_not_fit_their_memory_are_refused_by_name()
    {
        using var pair = new DevicePair();
        var twelve = pair.Put(new float[12]).OnGpu;
        var tooSmall = () => pair.Gpu.MatMul(new MatMulArguments
        {
            M = 3,
            N = 4,
            K = 5,
            A = new Matrix(twelve, 5),
            B = new Matrix(twelve, 4),
            C = new Matrix(twelve, 4),
        });
        tooSmall.Should().Throw<ArgumentException>().WithMessage("MatMul: A of shape (3, 5)*needs 15 elements*12*");
        using var cpu = new CpuBackend(1);
        using var buffer = cpu.Rent(48);
        using var packed = cpu.Pack(new Matrix(new DeviceSpan<float>(buffer, 0, 12), 4), 3, 4);
        var foreign = () => pair.Gpu.MatMul(
            new MatMulArguments { M = 1, N = 4, K = 3, A = new Matrix(twelve, 3), PackedB = packed, C = new Matrix(twelve, 4) });
        foreign.Should().Throw<ArgumentException>().WithMessage("MatMul: packed B*");
    }

    private sealed record Case(int M, int N, int K)
    {
        internal bool TransposeA { get; init; }

        internal bool TransposeB { get; init; }

        internal int PadA { get; init; }

        internal int PadB { get; init; }

        internal int PadC { get; init; }

        internal float Alpha { get; init; } = 1f;

        internal float Beta { get; init; }

        internal bool Bias { get; init; }

        internal Activation Activation { get; init; }

        internal int Batch { get; init; } = 1;

        internal bool SharedB { get; init; }

        internal int Margin { get; init; } = 19;

        internal MatMulPlan? Plan { get; init; }

        internal double? Tolerance { get; init; }

        /// <summary>Where positive, the operands are multiples of 1 over this.</summary>
        internal int Fractions { get; init; }
    }

    private static void Compare(Case o)
    {
        using var pair = new DevicePair(o.Margin);
        var random = new Random((o.M * 1_000_000) + (o.N * 1000) + o.K);
        int lda = (o.TransposeA ? o.M : o.K) + o.PadA, ldb = (o.TransposeB ? o.K : o.N) + o.PadB, ldc = o.N + o.PadC;
        int sizeA = (o.TransposeA ? o.K : o.M) * lda, sizeB = (o.TransposeB ? o.N : o.K) * ldb, sizeC = o.M * ldc;
        DevicePair.Operand a = pair.Put(Round(Values(random, o.Batch * sizeA), o.Fractions)),
            b = pair.Put(Round(Values(random, (o.SharedB ? 1 : o.Batch) * sizeB), o.Fractions));
        DevicePair.Operand c = pair.Put(Values(random, o.Batch * sizeC)), bias = pair.Put(Values(random, o.N));
        pair.Run((backend, at) =>
        {
            var arguments = new MatMulArguments
            {
                M = o.M,
                N = o.N,
                K = o.K,
                Batch = o.Batch,
                A = new Matrix(at[a], lda, o.TransposeA, sizeA),
                B = new Matrix(at[b], ldb, o.TransposeB, o.SharedB ? 0 : sizeB),
                C = new Matrix(at[c], ldc, false, sizeC),
                Bias = o.Bias ? at[bias] : default,
                Alpha = o.Alpha,
                Beta = o.Beta,
                Activation = o.Activation,
            };
            if (backend is GpuBackend gpu && o.Plan is { } plan)
                gpu.MatMul(arguments, plan);
            else
                backend.MatMul(arguments);
        });
        var tolerance = o.Tolerance ?? Tolerance(o.K);
        pair.ShouldAgree(c, tolerance, tolerance, o.ToString());
    }

    private static float[] Round(float[] values, int fractions) =>
        fractions == 0 ? values : Array.ConvertAll(values, v => MathF.Round(v * fractions) / fractions);

    // Each device is within (3e-8 k + 1.5e-6) (1 + |c|) of the sum in double; MatMulTests says why.
    private static double Tolerance(int k) => 2 * ((3e-8 * k) + 1.5e-6);

    private static int Pick(Random random) => Awkward[random.Next(Awkward.Length)];

    private static float[] Values(Random random, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = (random.NextSingle() * 2) - 1;
        return values;
    }
}
