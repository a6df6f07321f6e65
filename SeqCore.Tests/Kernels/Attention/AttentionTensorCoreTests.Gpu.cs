using SeqCore.Kernels;
using SeqCore.Kernels.Attention;
using SeqCore.Kernels.MatMul;
using SeqCore.Tests.Kernels.Gpu;
using SeqCore.Tests.Kernels.Rows;

namespace SeqCore.Tests.Kernels.Attention;

/// <summary>
/// Attention on tensor cores: whatever the float32 kernels can do, at float32's tolerance with split factors and at
/// that of tf32 without.
/// </summary>
[Collection(GpuCollection.Name)]
public class AttentionTensorCoreGpuTests
{
    /// <summary>
    /// A factor rounded to tf32 is off by 2^-11 of itself and a product by 2^-10; sums of products of normal numbers, of whose
    /// scores and weights the errors pass on to everything else, by some multiple of that.
    /// </summary>
    private const double RoundedTolerance = 16.0 / 1024;

    private static readonly AttentionCase Long = new(1, 2, 1, 130, 140, 64);

    /// <summary>The cases of the other kernels, with heads of a multiple of four elements.</summary>
    public static TheoryData<AttentionCase> Cases =>
        Fitting(AttentionTests.Cases.Concat(AttentionGpuTests.LargerCases).Where(row => row.Data.Queries > 8));

    public static TheoryData<AttentionCase> LargerCases => Fitting(AttentionGpuTests.LargerCases);

    [Theory, MemberData(nameof(Cases))]
    public void Split_factors_give_what_float32_does(AttentionCase c)
    {
        using var pair = OnTensorCores(c);
        pair.ShouldAgree();
    }

    [Theory, MemberData(nameof(Cases))]
    public void Keys_and_values_that_are_not_finite_reach_only_the_queries_that_see_them(AttentionCase c)
    {
        if (c.Keys < 2 || c.Interleaved)
            return;
        using AttentionPair expected = OnTensorCores(c with { Odd = 1f }), odd = OnTensorCores(c with { Odd = float.NaN }),
            infinite = OnTensorCores(c with { Odd = float.NegativeInfinity });
        odd.ShouldHaveTheBitsOf(expected);
        infinite.ShouldHaveTheBitsOf(expected);
    }

    [Theory, MemberData(nameof(LargerCases))]
    public void Rounded_factors_come_near(AttentionCase c)
    {
        using var pair = OnTensorCores(c, MatMulPrecision.Tf32);
        pair.ShouldAgree(RoundedTolerance);
    }

    [Fact]
    public void Any_sizes_give_what_float32_does()
    {
        var random = new Random(4);
        for (var i = 0; i < 20; i++)
        {
            var keyHeads = random.Next(1, 3);
            var c = new AttentionCase(random.Next(1, 3), keyHeads * random.Next(1, 4), keyHeads, random.Next(9, 100),
                random.Next(1, 100), 4 * random.Next(1, 17))
            {
                Causal = random.Next(2) == 0,
                Window = random.Next(3) == 0 ? random.Next(1, 60) : 0,
                Slopes = random.Next(3) == 0,
                Dropout = random.Next(3) == 0 ? 0.25f : 0f,
                Interleaved = random.Next(2) == 0,
                Gap = 4,
                Softcap = random.Next(3) == 0 ? 1f : 0f,
                ValueSize = random.Next(3) == 0 ? 4 * random.Next(1, 17) : 0,
            };
            using var pair = OnTensorCores(c);
            pair.ShouldAgree();
        }
    }

    [Theory]
    [InlineData(20, 16)]
    [InlineData(70, 48)]
    public void Keys_may_come_in_pieces(int queries, int size)
    {
        var c = new AttentionCase(2, 4, 2, queries, 60, size)
        {
            Causal = true,
            Slopes = true,
            MaskSizes = (1, 1, queries),
            Window = 45,
            Softcap = 2f,
            ValueSize = 24,
        };
        foreach (var pieces in (int[][])[[1, 59], [4, 4, 8, 16, 28]])
        {
            using var pair = OnTensorCores(c, pieces: pieces);
            pair.ShouldAgree();
        }
    }

    /// <summary>
    /// Within twice the error of the float32 kernels where factors are split; where not, a hundred times as much, so it was
    /// tensor cores that did it.
    /// </summary>
    [Fact]
    public void Errors_are_those_of_the_precision()
    {
        var errors = Array.ConvertAll<MatMulPrecision, double[]>(
            [MatMulPrecision.Float32, MatMulPrecision.Tf32x3, MatMulPrecision.Tf32], precision =>
        {
            using var pair = OnTensorCores(Long with { Causal = true }, precision);
            return pair.Errors();
        });
        for (var i = 0; i < errors[0].Length; i++)
        {
            errors[1][i].Should().BeLessThan(2 * errors[0][i], "result {0}", i);
            errors[2][i].Should().BeInRange(100 * errors[0][i], RoundedTolerance, "result {0}", i);
        }
    }

    [Theory]
    [InlineData(MatMulPrecision.Tf32)]
    [InlineData(MatMulPrecision.Tf32x3)]
    public void Two_runs_give_the_same_bits(MatMulPrecision precision)
    {
        var c = Long with { Causal = true, Dropout = 0.1f };
        using AttentionPair first = OnTensorCores(c, precision), second = OnTensorCores(c, precision);
        Array.ConvertAll(second.Everything, BitConverter.SingleToInt32Bits)
            .Should().Equal(Array.ConvertAll(first.Everything, BitConverter.SingleToInt32Bits));
    }

    /// <summary>Were they computed, the NaN there would show.</summary>
    [Fact]
    public void Blocks_that_a_mask_empties_are_not_computed()
    {
        const int Hidden = 512, Keys = 520, Queries = 40, Size = 8;
        SkipUnlessCuda();
        using var pair = new DevicePair(16);
        float[] key = Numbers.Normal(Keys * Size, 1), hiding = new float[Keys];
        Array.Fill(key, float.NaN, 0, Hidden * Size);
        Array.Fill(hiding, float.NegativeInfinity, 0, Hidden);
        DevicePair.Operand q = pair.Put(Numbers.Normal(Queries * Size, 2)), k = pair.Put(key),
            dY = pair.Put(Numbers.Normal(Queries * Size, 3)), mask = pair.Put(hiding);
        DevicePair.Operand y = pair.Output(Queries * Size), logSumExp = pair.Output(Queries),
            dQuery = pair.Output(Queries * Size),
            dKey = pair.Output(Keys * Size), dValue = pair.Output(Keys * Size);
        Run(pair, (backend, at) =>
        {
            HeadsSpan Heads(DevicePair.Operand data) => new(at[data], at[data].Length, at[data].Length, Size);
            var arguments = AttentionGpuTests.Arguments(Queries, Keys, Heads(q), Heads(k), Heads(k)) with
            {
                HeadSize = Size,
                Mask = new MaskSpan(at[mask], 0, 0, 0),
            };
            backend.Attention(arguments, Heads(y), at[logSumExp]);
            backend.AttentionGradient(arguments, Heads(y), at[logSumExp], Heads(dY), Heads(dQuery), Heads(dKey), Heads(dValue));
        });
        foreach (var result in (DevicePair.Operand[])[y, logSumExp, dQuery, dKey, dValue])
        {
            pair.Read(result).Should().OnlyContain(x => float.IsFinite(x));
            pair.ShouldAgree(result, 1e-5, 1e-5);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(700)]
    public void A_query_that_is_no_number_does_not_look_as_if_it_were_hidden(int keys)
    {
        const int Queries = 40, Size = 4;
        SkipUnlessCuda();
        using var pair = new DevicePair(16);
        DevicePair.Operand q = pair.Put([float.NaN, .. Enumerable.Repeat(0.5f, (Queries * Size) - 1)]),
            k = pair.Put([.. Enumerable.Repeat(0.5f, keys * Size)]);
        DevicePair.Operand y = pair.Output(Queries * Size), logSumExp = pair.Output(Queries);
        Run(pair, (backend, at) =>
        {
            var heads = new HeadsSpan(at[k], keys * Size, keys * Size, Size);
            var arguments = AttentionGpuTests.Arguments(Queries, keys, new HeadsSpan(at[q], Queries * Size, Queries * Size, Size),
                heads, heads) with
            {
                HeadSize = Size,
            };
            backend.Attention(arguments, new HeadsSpan(at[y], Queries * Size, Queries * Size, Size), at[logSumExp]);
        });
        pair.Read(y).Select(float.IsNaN).Should().Equal(Enumerable.Range(0, Queries * Size).Select(i => i < Size));
        pair.ShouldAgree(y, 1e-5, 0);
        pair.ShouldAgree(logSumExp, 1e-5, 0);
    }

    public static TheoryData<Type> Kernels =>
    [
        typeof(AttentionTensorCoreForwardGpuKernel<HeadWidth64, Tf32x3Rounding, UncappedScores>),
        typeof(AttentionTensorCoreBackwardGpuKernel<OwnsKeys, HeadWidth64, Tf32x3Rounding, UncappedScores>),
        typeof(AttentionTensorCoreBackwardGpuKernel<OwnsQueries, HeadWidth64, Tf32x3Rounding, UncappedScores>),
        typeof(AttentionTensorCoreForwardGpuKernel<HeadWidth64, Tf32x3Rounding, CappedScores>),
        typeof(AttentionTensorCoreBackwardGpuKernel<OwnsKeys, HeadWidth64, Tf32x3Rounding, CappedScores>),
        typeof(AttentionTensorCoreBackwardGpuKernel<OwnsQueries, HeadWidth64, Tf32x3Rounding, CappedScores>),
    ];

    [Theory, MemberData(nameof(Kernels), DisableDiscoveryEnumeration = true)]
    public void Tiles_stay_in_registers_and_come_past_them_into_shared_memory(Type kernel) => PtxCompiler.Ptx(kernel).Should()
        .NotContain(".local").And.Contain("cp.async.cg.shared.global").And.Contain("mma.sync.aligned.m16n8k8")
        .And.Contain("ld.shared.v4.f32").And.NotContain("ld.shared.f32");

    private static AttentionPair OnTensorCores(AttentionCase c, MatMulPrecision precision = MatMulPrecision.Tf32x3,
        int[]? pieces = null)
    {
        SkipUnlessCuda();
        return new AttentionPair(c, pieces, margin: 16, precision);
    }

    private static void Run(DevicePair pair, Action<Backend, DevicePair.Finder> operation)
    {
        var before = pair.Gpu.Precision;
        try
        {
            pair.Gpu.Precision = MatMulPrecision.Tf32x3;
            pair.Run(operation);
        }
        finally
        {
            pair.Gpu.Precision = before;
        }
    }

    private static TheoryData<AttentionCase> Fitting(IEnumerable<TheoryDataRow<AttentionCase>> rows) =>
        [.. rows.Select(row => row.Data with
        {
            Size = Fitting(row.Data.Size),
            ValueSize = Fitting(row.Data.ValueSize),
            Gap = 4,
        })];

    private static int Fitting(int size) => Math.Min((size + 3) / 4 * 4, 64);

    private static void SkipUnlessCuda()
    {
        if (!TestGpu.Backend.IsCuda)
            Assert.Skip("Only CUDA has tensor cores.");
    }
}
