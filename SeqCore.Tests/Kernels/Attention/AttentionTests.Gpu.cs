using SeqCore.Kernels;
using SeqCore.Kernels.Attention;
using SeqCore.Tests.Kernels.Gpu;
using SeqCore.Tests.Kernels.Rows;

namespace SeqCore.Tests.Kernels.Attention;

[Collection(GpuCollection.Name)]
public class AttentionGpuTests
{
    private static readonly AttentionCase Long = new(1, 2, 1, 130, 140, 64);

    /// <summary>What fills tiles of 64 by 32 and more, and heads that are cut.</summary>
    public static TheoryData<AttentionCase> LargerCases =>
    [
        Long,
        Long with { Causal = true, Interleaved = true },
        Long with { Size = 128, Causal = true, KeyHeads = 2 },
        new AttentionCase(1, 2, 2, 9, 70, 200) { Window = 30, MaskSizes = (1, 1, 9) },
        new AttentionCase(2, 2, 2, 2, 70, 200) { Causal = true, Dropout = 0.4f },
        Long with { Size = 32, Lengths = [129], Dropout = 0.2f, Slopes = true },
        Long with { Size = 66, MaskSizes = (1, 2, 130) },
        Long with { Causal = true, Offset = -50 },
        Long with { Softcap = 1f, Causal = true, Slopes = true },
        Long with { ValueSize = 24, Softcap = 2f, Interleaved = true },
        Long with { Size = 20, ValueSize = 64, Causal = true },
        Long with { Size = 40, ValueSize = 150, Window = 50 },
        Long with { Size = 130, ValueSize = 20, Dropout = 0.2f },
        new AttentionCase(2, 2, 2, 2, 270, 200) { ValueSize = 70, Softcap = 1f },
    ];

    [Theory, MemberData(nameof(AttentionTests.Cases), MemberType = typeof(AttentionTests)), MemberData(nameof(LargerCases))]
    public void Devices_agree(AttentionCase c)
    {
        using var pair = new AttentionPair(c);
        pair.ShouldAgree();
    }

    [Fact]
    public void Devices_agree_on_aligned_rows()
    {
        foreach (var c in (AttentionCase[])[Long, Long with { Size = 20, Causal = true }, Long with { Queries = 3 },
            Long with { Size = 72, Queries = 20 }, Long with { Softcap = 1f, Size = 32 },
            Long with { Size = 20, ValueSize = 96 }, Long with { Queries = 3, Size = 20, ValueSize = 96, Softcap = 1f }])
        {
            using var pair = new AttentionPair(c, margin: 16);
            pair.ShouldAgree();
        }
    }

    [Fact]
    public void Devices_agree_on_any_sizes()
    {
        var random = new Random(3);
        for (var i = 0; i < 40; i++)
        {
            var keyHeads = random.Next(1, 3);
            var c = new AttentionCase(random.Next(1, 3), keyHeads * random.Next(1, 4), keyHeads, random.Next(1, 100),
                random.Next(1, 100), random.Next(1, 80))
            {
                Causal = random.Next(2) == 0,
                Window = random.Next(3) == 0 ? random.Next(1, 60) : 0,
                Slopes = random.Next(3) == 0,
                Dropout = random.Next(3) == 0 ? 0.25f : 0f,
                Interleaved = random.Next(2) == 0,
                Softcap = random.Next(3) == 0 ? 1f : 0f,
                ValueSize = random.Next(3) == 0 ? random.Next(1, 80) : 0,
            };
            using var pair = new AttentionPair(c, margin: random.Next(2) == 0 ? 16 : 19);
            pair.ShouldAgree();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(70)]
    public void Devices_agree_on_keys_in_pieces(int queries)
    {
        foreach (var size in (int[])[16, 80])
        {
            var c = new AttentionCase(2, 4, 2, queries, 60, size)
            {
                Causal = true,
                Slopes = true,
                MaskSizes = (1, 1, queries),
                Window = 45,
                Softcap = 2f,
                ValueSize = 20,
            };
            foreach (var pieces in (int[][])[[1, 59], [4, 4, 8, 16, 28]])
            {
                using var pair = new AttentionPair(c, pieces);
                pair.ShouldAgree();
            }
        }
    }

    [Theory, MemberData(nameof(AttentionTests.Cases), MemberType = typeof(AttentionTests))]
    public void Keys_and_values_that_are_not_finite_reach_only_the_queries_that_see_them(AttentionCase c)
    {
        if (c.Keys < 2 || c.Interleaved)
            return;
        using AttentionPair expected = new(c with { Odd = 1f }), odd = new(c with { Odd = float.NaN }),
            infinite = new(c with { Odd = float.PositiveInfinity });
        odd.ShouldHaveTheBitsOf(expected);
        infinite.ShouldHaveTheBitsOf(expected);
    }

    [Fact]
    public void Two_runs_give_the_same_bits()
    {
        foreach (var c in (AttentionCase[])[Long with { Causal = true, Dropout = 0.1f }, new(1, 2, 2, 3, 600, 32)])
        {
            using AttentionPair first = new(c), second = new(c);
            Array.ConvertAll(second.Everything, BitConverter.SingleToInt32Bits)
                .Should().Equal(Array.ConvertAll(first.Everything, BitConverter.SingleToInt32Bits));
        }
    }

    /// <summary>Were they computed, the NaN there would show.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(40)]
    public void Blocks_that_a_mask_empties_are_not_computed(int queries)
    {
        const int hidden = 512, keys = 520;
        using var pair = new DevicePair();
        float[] key = Numbers.Normal(keys, 1), hiding = new float[keys];
        Array.Fill(key, float.NaN, 0, hidden);
        Array.Fill(hiding, float.NegativeInfinity, 0, hidden);
        DevicePair.Operand q = pair.Put(Numbers.Normal(queries, 2)), k = pair.Put(key), dY = pair.Put(Numbers.Normal(queries, 3)),
            mask = pair.Put(hiding);
        DevicePair.Operand y = pair.Output(queries), logSumExp = pair.Output(queries), dQuery = pair.Output(queries),
            dKey = pair.Output(keys), dValue = pair.Output(keys);
        pair.Run((backend, at) =>
        {
            HeadsSpan Heads(DevicePair.Operand data) => new(at[data], at[data].Length, at[data].Length, 1);
            var arguments =
                Arguments(queries, keys, Heads(q), Heads(k), Heads(k)) with { Mask = new MaskSpan(at[mask], 0, 0, 0) };
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
    [InlineData(2, 3)]
    [InlineData(40, 3)]
    [InlineData(2, 700)]
    [InlineData(40, 700)]
    public void A_query_that_is_no_number_does_not_look_as_if_it_were_hidden(int queries, int keys)
    {
        using var pair = new DevicePair();
        DevicePair.Operand q = pair.Put([float.NaN, .. Enumerable.Repeat(1f, queries - 1)]),
            k = pair.Put([.. Enumerable.Repeat(1f, keys)]);
        DevicePair.Operand y = pair.Output(queries), logSumExp = pair.Output(queries);
        pair.Run((backend, at) =>
        {
            var heads = new HeadsSpan(at[k], keys, keys, 1);
            backend.Attention(Arguments(queries, keys, new HeadsSpan(at[q], queries, queries, 1), heads, heads),
                new HeadsSpan(at[y], queries, queries, 1), at[logSumExp]);
        });
        pair.Read(y).Select(float.IsNaN).Should().Equal(Enumerable.Range(0, queries).Select(i => i == 0));
        pair.ShouldAgree(y, 1e-5, 0);
        pair.ShouldAgree(logSumExp, 1e-5, 0);
    }

    [Fact]
    public void Wrong_key_lengths_are_named_at_the_next_read()
    {
        using var pair = new DevicePair();
        DevicePair.Operand heads = pair.Put(new float[40]), y = pair.Output(40);
        foreach (var queries in (int[])[2, 10])
        {
            foreach (var length in (int[])[-1, 5])
            {
                var lengths = pair.PutIndices(length);
                var span = new HeadsSpan(heads.OnGpu, 40, 40, 4);
                pair.Gpu.Attention(Arguments(queries, 4, span, span, span) with { HeadSize = 4, KeyLengths = lengths.OnGpu },
                    new HeadsSpan(y.OnGpu, 40, 40, 4), default);
                var read = () => pair.Read(y);
                read.Should().Throw<ArgumentException>()
                    .WithMessage($"Attention: key lengths should lie in [0, S] = [0, 4]; got {length}.");
            }
        }

        var act = () => pair.Gpu.Attention(Arguments(2, 4, default, default, default) with { Dropout = 1f }, default, default);
        act.Should().Throw<ArgumentException>().WithMessage("*dropout*");
    }

    public static TheoryData<Type> TiledKernels =>
    [
        typeof(Float4Kernel<AttentionForwardGpuKernel<HeadWidth32, UncappedScores>, AlignedFloat4>),
        typeof(Float4Kernel<AttentionForwardGpuKernel<HeadWidth64, UncappedScores>, AlignedFloat4>),
        typeof(Float4Kernel<AttentionBackwardGpuKernel<OwnsKeys, HeadWidth32, UncappedScores>, AlignedFloat4>),
        typeof(Float4Kernel<AttentionBackwardGpuKernel<OwnsKeys, HeadWidth64, UncappedScores>, AlignedFloat4>),
        typeof(Float4Kernel<AttentionBackwardGpuKernel<OwnsQueries, HeadWidth32, UncappedScores>, AlignedFloat4>),
        typeof(Float4Kernel<AttentionBackwardGpuKernel<OwnsQueries, HeadWidth64, UncappedScores>, AlignedFloat4>),
        typeof(Float4Kernel<AttentionForwardGpuKernel<HeadWidth64, CappedScores>, AlignedFloat4>),
        typeof(Float4Kernel<AttentionBackwardGpuKernel<OwnsKeys, HeadWidth64, CappedScores>, AlignedFloat4>),
        typeof(Float4Kernel<AttentionBackwardGpuKernel<OwnsQueries, HeadWidth64, CappedScores>, AlignedFloat4>),
    ];

    /// <summary>
    /// A step of a product of tiles is eight loads of four floats and 64 multiply-adds, nothing else, and no tile
    /// is in local memory.
    /// </summary>
    [Theory, MemberData(nameof(TiledKernels), DisableDiscoveryEnumeration = true)]
    public void Tiles_stay_in_registers_and_load_four_floats_at_a_time(Type kernel)
    {
        var ptx = PtxCompiler.Ptx(kernel);
        ptx.Should().NotContain(".local").And.Contain("ld.global.v4.f32").And.Contain(".maxntid 128")
            .And.Contain(".minnctapersm 4");
        var step = InnerLoops(ptx).Where(loop => Count(loop, "fma.rn.f32") == 64).ToList();
        step.Should().NotBeEmpty();
        step.Should().OnlyContain(loop => Count(loop, "ld.shared.v4.f32") == 8 && Count(loop, "ld.") == 8
            && Count(loop, "st.") == 0);
    }

    /// <summary>Text between labels: ILGPU does not unroll, so the body of an innermost loop is one block of it.</summary>
    private static string[] InnerLoops(string ptx) => ptx.Split("\n", StringSplitOptions.RemoveEmptyEntries)
        .Aggregate(new List<string> { "" }, (blocks, line) =>
        {
            if (line.TrimEnd().EndsWith(':'))
                blocks.Add("");
            blocks[^1] += line + "\n";
            return blocks;
        }).ToArray();

    private static int Count(string text, string what) => text.Split(what).Length - 1;

    internal static AttentionArguments Arguments(int queries, int keys, HeadsSpan q, HeadsSpan k, HeadsSpan v) => new()
    {
        Batch = 1,
        HeadCount = 1,
        KeyHeadCount = 1,
        QueryLength = queries,
        KeyLength = keys,
        HeadSize = 1,
        Query = q,
        Key = k,
        Value = v,
        Scale = 1f,
    };
}
