using FsCheck;
using FsCheck.Fluent;
using SeqCore.Kernels;
using SeqCore.Tests.Kernels.Rows;

namespace SeqCore.Tests.Kernels.Attention;

public class AttentionTests
{
    private static readonly AttentionCase Square = new(2, 2, 2, 33, 33, 16);

    public static TheoryData<AttentionCase> Cases =>
    [
        new AttentionCase(1, 1, 1, 1, 1, 1),
        new AttentionCase(1, 1, 1, 1, 7, 3),
        new AttentionCase(2, 3, 3, 2, 600, 20),
        new AttentionCase(1, 2, 2, 5, 9, 4),
        new AttentionCase(2, 2, 2, 17, 31, 33),
        new AttentionCase(1, 8, 8, 40, 40, 48),
        new AttentionCase(1, 2, 2, 97, 129, 64),
        new AttentionCase(1, 1, 1, 200, 300, 8),
        new AttentionCase(1, 1, 1, 13, 520, 80),
        Square,
        Square with { Interleaved = true },
        Square with { Causal = true },
        Square with { Causal = true, Interleaved = true, Size = 32 },
        new AttentionCase(1, 1, 1, 150, 150, 32) { Causal = true },
        new AttentionCase(2, 2, 2, 1, 50, 32) { Causal = true },
        new AttentionCase(2, 2, 2, 3, 50, 32) { Causal = true },
        new AttentionCase(2, 2, 2, 20, 50, 5) { Causal = true },
        new AttentionCase(1, 1, 1, 50, 20, 5) { Causal = true },
        new AttentionCase(1, 1, 1, 50, 20, 5) { Causal = true, Offset = 7 },
        Square with { Window = 1 },
        Square with { Window = 5 },
        Square with { Window = 5, Causal = true },
        new AttentionCase(1, 1, 1, 300, 300, 16) { Window = 20, Causal = true },
        new AttentionCase(1, 1, 1, 300, 300, 16) { Window = 130 },
        new AttentionCase(1, 1, 1, 2, 700, 16) { Window = 600, Causal = true },
        Square with { Lengths = [33, 7] },
        Square with { Lengths = [0, 20], Causal = true },
        new AttentionCase(3, 2, 1, 4, 530, 16) { Lengths = [530, 0, 515] },
        Square with { MaskSizes = (1, 1, 33) },
        Square with { MaskSizes = (2, 2, 33) },
        Square with { MaskSizes = (2, 1, 1) },
        new AttentionCase(1, 2, 2, 130, 300, 16) { MaskSizes = (1, 2, 130), Causal = true },
        new AttentionCase(2, 2, 2, 2, 50, 16) { MaskSizes = (2, 1, 2) },
        Square with { Slopes = true },
        Square with { Slopes = true, Causal = true },
        new AttentionCase(2, 2, 2, 2, 50, 16) { Slopes = true, Causal = true },
        new AttentionCase(2, 4, 2, 33, 33, 16),
        new AttentionCase(2, 4, 1, 33, 40, 16) { Causal = true },
        new AttentionCase(1, 6, 2, 3, 40, 16) { Causal = true, Interleaved = true },
        Square with { Dropout = 0.3f },
        new AttentionCase(1, 4, 2, 40, 270, 12) { Dropout = 0.5f, Causal = true, Lengths = [266], Window = 100 },
        new AttentionCase(2, 2, 2, 3, 530, 16) { Dropout = 0.2f },
        new AttentionCase(2, 4, 2, 60, 61, 24)
        {
            Causal = true,
            Window = 30,
            Lengths = [61, 30],
            MaskSizes = (1, 4, 60),
            Slopes = true,
            Interleaved = true,
            Dropout = 0.1f,
        },
        Square with { Keys = 0 },
        new AttentionCase(1, 2, 2, 3, 0, 4),
        .. OfCapsAndValues,
        .. OfBlocks,
    ];

    /// <summary>Blocks of keys that are full, empty or masked, beside everything else that hides keys.</summary>
    private static AttentionCase[] OfBlocks =>
    [
        Square with { BlockSizes = (1, 1) },
        new AttentionCase(1, 1, 1, 130, 330, 16) { BlockSizes = (1, 1) },
        new AttentionCase(2, 2, 1, 70, 200, 20) { BlockSizes = (2, 2), Causal = true, Interleaved = true },
        new AttentionCase(1, 4, 2, 40, 260, 33) { BlockSizes = (1, 4), Slopes = true, Dropout = 0.2f },
        new AttentionCase(2, 2, 2, 3, 530, 16) { BlockSizes = (2, 1), Lengths = [530, 400] },
        new AttentionCase(1, 2, 2, 66, 190, 16) { BlockSizes = (1, 2), Window = 100, Softcap = 1f, ValueSize = 40 },
        new AttentionCase(2, 2, 2, 40, 140, 64)
        {
            BlockSizes = (2, 2),
            MaskSizes = (2, 1, 40),
            Causal = true,
            Lengths = [140, 100],
        },
    ];

    /// <summary>Blocks over several of the walks that the kernels of the CPU take.</summary>
    public static TheoryData<AttentionCase> LongCasesOfBlocks =>
    [
        new AttentionCase(1, 1, 1, 300, 1300, 16) { BlockSizes = (1, 1) },
        new AttentionCase(2, 2, 1, 200, 600, 20) { BlockSizes = (2, 2), Causal = true, Interleaved = true },
        new AttentionCase(2, 2, 2, 3, 1300, 16) { BlockSizes = (2, 1), Lengths = [1300, 700] },
    ];

    /// <summary>Caps that bend scores a little and much, and values wider and narrower than keys.</summary>
    private static AttentionCase[] OfCapsAndValues =>
    [
        Square with { Softcap = 0.5f },
        Square with { Softcap = 50f, Causal = true },
        new AttentionCase(1, 1, 1, 1, 7, 3) { Softcap = 1f },
        new AttentionCase(2, 4, 2, 3, 530, 20) { Softcap = 1.5f, MaskSizes = (2, 1, 3), Lengths = [530, 9] },
        new AttentionCase(1, 2, 2, 97, 300, 64) { Softcap = 1f, Window = 40, Slopes = true, Interleaved = true },
        new AttentionCase(2, 2, 1, 40, 61, 8) { Softcap = 0.7f, MaskSizes = (1, 2, 40), Slopes = true, Dropout = 0.3f },
        Square with { ValueSize = 1 },
        Square with { ValueSize = 33, Interleaved = true },
        new AttentionCase(2, 3, 3, 2, 60, 20) { ValueSize = 67 },
        new AttentionCase(2, 4, 2, 40, 140, 33) { ValueSize = 64, Causal = true, Lengths = [140, 100] },
        new AttentionCase(1, 4, 1, 97, 129, 64) { ValueSize = 20, Window = 30, Interleaved = true },
        new AttentionCase(1, 1, 1, 20, 290, 8) { ValueSize = 96, MaskSizes = (1, 1, 20), Dropout = 0.2f },
        new AttentionCase(2, 6, 2, 33, 50, 12)
        {
            ValueSize = 24,
            Softcap = 2f,
            Causal = true,
            Window = 20,
            Lengths = [50, 30],
            MaskSizes = (2, 6, 33),
            Slopes = true,
            Dropout = 0.1f,
        },
        new AttentionCase(1, 2, 2, 3, 0, 4) { ValueSize = 7, Softcap = 1f },
    ];

    [Theory, MemberData(nameof(Cases))]
    [MemberData(nameof(LongCasesOfBlocks))]
    public void Result_and_gradients_match_the_definition_in_double(AttentionCase c) =>
        new AttentionRun(c).ShouldMatch(new AttentionExpected(c));

    [Theory, MemberData(nameof(Cases))]
    public void Keys_and_values_that_are_not_finite_reach_only_the_queries_that_see_them(AttentionCase c)
    {
        if (c.Keys < 2)
            return;
        var expected = new AttentionRun(c with { Odd = 1f });
        foreach (var odd in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            var actual = new AttentionRun(c with { Odd = odd });
            for (var row = 0; row < c.Batch * c.Heads * c.Queries; row++)
            {
                if (c.SeesOdd(row))
                    continue;
                var result = (row * c.ValueSize)..((row + 1) * c.ValueSize);
                actual.Y[result].Should().Equal(expected.Y[result]);
                actual.LogSumExp[row].Should().Be(expected.LogSumExp[row]);
            }

            actual.DQuery.Should().Equal(expected.DQuery);
            actual.DKey.Should().Equal(expected.DKey);
            actual.DValue.Should().Equal(expected.DValue);
        }
    }

    [Fact]
    public void Any_sizes_match_the_definition_in_double() => Prop.ForAll<byte, byte, byte>((queries, keys, form) =>
    {
        var c = new AttentionCase(2, 2 * (1 + (form % 3)), 2, 1 + (queries % 50), 1 + (keys % 70), 1 + (form % 40))
        {
            Causal = form % 2 == 0,
            Window = form % 5 == 0 ? 1 + (form % 40) : 0,
            Interleaved = form % 7 < 3,
            Softcap = form % 4 == 0 ? 0.8f : 0f,
            ValueSize = form % 3 == 0 ? 1 + (keys % 50) : 0,
        };
        new AttentionRun(c).ShouldMatch(new AttentionExpected(c));
    }).QuickCheckThrowOnFailure();

    /// <summary>
    /// A window may begin anywhere in the tiles of queries and blocks of keys, also behind the end of a block.
    /// </summary>
    [Theory]
    [InlineData(200, 200, true)]
    [InlineData(200, 200, false)]
    [InlineData(61, 330, true)]
    public void Every_window_matches_the_definition_in_double(int queries, int keys, bool causal)
    {
        for (var window = 1; window < keys; window += 1 + (window / 150))
        {
            var c = new AttentionCase(1, 1, 1, queries, keys, 4) { Causal = causal, Window = window };
            new AttentionRun(c).ShouldMatch(new AttentionExpected(c));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(20)]
    public void Keys_in_pieces_give_the_same_as_keys_in_one(int queries)
    {
        var c = new AttentionCase(2, 4, 2, queries, 60, 16)
        {
            Causal = true,
            Slopes = true,
            MaskSizes = (1, 1, queries),
            Window = 45,
            Softcap = 2f,
            ValueSize = 24,
        };
        foreach (var pieces in (int[][])[[60], [1, 59], [16, 16, 28], [4, 4, 8, 16, 28]])
            new AttentionRun(c, pieces: pieces).ShouldMatch(new AttentionExpected(c));
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        foreach (var c in (AttentionCase[])[new(1, 2, 1, 200, 300, 32) { Causal = true, Dropout = 0.1f },
            new(1, 2, 1, 200, 300, 32) { Softcap = 1f, ValueSize = 20 },
            new(2, 4, 4, 3, 300, 32)])
        {
            AttentionRun one = new(c, threads: 1), many = new(c, threads: 5);
            Bits(many.Y).Should().Equal(Bits(one.Y));
            Bits(many.DQuery).Should().Equal(Bits(one.DQuery));
            Bits(many.DKey).Should().Equal(Bits(one.DKey));
            Bits(many.DValue).Should().Equal(Bits(one.DValue));
        }
    }

    [Fact]
    public void Great_scores_do_not_overflow()
    {
        using var arena = new Arena();
        float[] q = [300f, -300f], k = [300f, 299f, -300f], v = [1f, 2f, 3f];
        var y = arena.Output(2);
        var arguments = new AttentionArguments
        {
            Batch = 1,
            HeadCount = 1,
            KeyHeadCount = 1,
            QueryLength = 2,
            KeyLength = 3,
            HeadSize = 1,
            Query = new HeadsSpan(arena.Put(q), 2, 2, 1),
            Key = new HeadsSpan(arena.Put(k), 3, 3, 1),
            Value = new HeadsSpan(arena.Put(v), 3, 3, 1),
            Scale = 1f,
        };
        arena.Backend.Attention(arguments, new HeadsSpan(y, 2, 2, 1), default);
        y.AsHostSpan().ToArray().Should().Equal(1f, 3f);
    }

    /// <summary>Were they computed, the NaN there would show.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(40)]
    public void Blocks_that_a_mask_empties_are_not_computed(int queries)
    {
        const int hidden = 512, keys = 520;
        using var arena = new Arena();
        float[] key = Numbers.Normal(keys, 1), mask = new float[keys];
        Array.Fill(key, float.NaN, 0, hidden);
        Array.Fill(mask, float.NegativeInfinity, 0, hidden);
        HeadsSpan q = Heads(Numbers.Normal(queries, 2)), k = Heads(key), y = Heads(new float[queries]),
            dY = Heads(Numbers.Normal(queries, 3));
        HeadsSpan dQuery = Heads(new float[queries]), dKey = Heads(new float[keys]), dValue = Heads(new float[keys]);
        var logSumExp = arena.Output(queries);
        var arguments = new AttentionArguments
        {
            Batch = 1,
            HeadCount = 1,
            KeyHeadCount = 1,
            QueryLength = queries,
            KeyLength = keys,
            HeadSize = 1,
            Query = q,
            Key = k,
            Value = k,
            Scale = 1f,
            Mask = new MaskSpan(arena.Put(mask), 0, 0, 0),
        };
        arena.Backend.Attention(arguments, y, logSumExp);
        arena.Backend.AttentionGradient(arguments, y, logSumExp, dY, dQuery, dKey, dValue);
        foreach (var result in (HeadsSpan[])[y, dQuery, dKey, dValue])
            result.Data.AsHostSpan().ToArray().Should().OnlyContain(x => float.IsFinite(x));
        foreach (var result in (HeadsSpan[])[dKey, dValue])
        {
            result.Data.AsHostSpan()[..hidden].ToArray().Should().OnlyContain(x => x == 0f);
            result.Data.AsHostSpan()[hidden..].ToArray().Should().NotContain(0f);
        }

        HeadsSpan Heads(float[] values) => new(arena.Put(values), values.Length, values.Length, 1);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(40)]
    public void A_mask_that_is_no_number_does_not_look_as_if_it_hid_a_key(int queries)
    {
        const int keys = 9;
        using var arena = new Arena();
        var mask = Enumerable.Repeat(float.NegativeInfinity, queries * keys).ToArray();
        mask[keys + 4] = float.NaN;
        DeviceSpan<float> y = arena.Output(queries), logSumExp = arena.Output(queries);
        var ones = new HeadsSpan(arena.Put([.. Enumerable.Repeat(1f, Math.Max(keys, queries))]), 0, 0, 1);
        arena.Backend.Attention(new AttentionArguments
        {
            Batch = 1,
            HeadCount = 1,
            KeyHeadCount = 1,
            QueryLength = queries,
            KeyLength = keys,
            HeadSize = 1,
            Query = ones,
            Key = ones,
            Value = ones,
            Scale = 1f,
            Mask = new MaskSpan(arena.Put(mask), 0, 0, keys),
        }, new HeadsSpan(y, queries, queries, 1), logSumExp);
        for (var i = 0; i < queries; i++)
        {
            y.AsHostSpan()[i].Should().Be(i == 1 ? float.NaN : 0f, $"query {i}");
            float.IsNaN(logSumExp.AsHostSpan()[i]).Should().Be(i == 1, $"query {i}");
        }
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(40, 3)]
    [InlineData(2, 700)]
    [InlineData(40, 700)]
    public void A_query_or_keys_that_are_no_numbers_do_not_look_as_if_they_were_hidden(int queries, int keys)
    {
        using var arena = new Arena();
        float[] q = [.. Enumerable.Repeat(1f, queries)], k = [.. Enumerable.Repeat(1f, keys)];
        q[0] = float.NaN;
        Run(q, k).Should().OnlyContain(pair => float.IsNaN(pair.Y) == (pair.Query == 0)
            && float.IsNaN(pair.LogSumExp) == (pair.Query == 0));
        Array.Fill(k, float.NaN, 0, Math.Min(keys, 600));
        Run(q, k).Should().OnlyContain(pair => float.IsNaN(pair.Y) && float.IsNaN(pair.LogSumExp));

        (int Query, float Y, float LogSumExp)[] Run(float[] query, float[] key)
        {
            DeviceSpan<float> y = arena.Output(queries), logSumExp = arena.Output(queries);
            var heads = new HeadsSpan(arena.Put(key), keys, keys, 1);
            arena.Backend.Attention(new AttentionArguments
            {
                Batch = 1,
                HeadCount = 1,
                KeyHeadCount = 1,
                QueryLength = queries,
                KeyLength = keys,
                HeadSize = 1,
                Query = new HeadsSpan(arena.Put(query), queries, queries, 1),
                Key = heads,
                Value = new HeadsSpan(arena.Put([.. Enumerable.Repeat(1f, keys)]), keys, keys, 1),
                Scale = 1f,
            }, new HeadsSpan(y, queries, queries, 1), logSumExp);
            return [.. Enumerable.Range(0, queries).Select(i => (i, y.AsHostSpan()[i], logSumExp.AsHostSpan()[i]))];
        }
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        using var arena = new Arena();
        var heads = new HeadsSpan(arena.Put(new float[24]), 24, 12, 4);
        var arguments = new AttentionArguments
        {
            Batch = 1,
            HeadCount = 2,
            KeyHeadCount = 2,
            QueryLength = 3,
            KeyLength = 3,
            HeadSize = 4,
            Query = heads,
            Key = heads,
            Value = heads,
            Scale = 1f,
        };
        Run(arguments with { KeyHeadCount = 4 }).Should().Throw<ArgumentException>()
            .WithMessage("Attention: the heads of the queries should be a multiple*N = 2 and M = 4.");
        Run(arguments with { KeyLength = 4 }).Should().Throw<ArgumentException>()
            .WithMessage("Attention: key of shape (1, 2, 4, 4) with strides 24, 12, 4 needs 28 elements; got 24.");
        Run(arguments with { Window = -1 }).Should().Throw<ArgumentException>().WithMessage("*window*-1*");
        Run(arguments with { Dropout = 1f }).Should().Throw<ArgumentException>().WithMessage("*dropout*[0, 1)*1*");
        foreach (var length in (int[])[-1, 4])
        {
            Run(arguments with { KeyLengths = arena.PutIndices([length]) }).Should().Throw<ArgumentException>()
                .WithMessage($"Attention: key lengths should lie in [0, S] = [0, 3]; got {length}.");
        }

        Run(arguments with { HeadSize = 0 }).Should().Throw<ArgumentException>().WithMessage("*K = 0*");
        Run(arguments with { ValueSize = -1 }).Should().Throw<ArgumentException>().WithMessage("*K = 4, J = -1.");
        Run(arguments with { ValueSize = 5 }).Should().Throw<ArgumentException>()
            .WithMessage("Attention: value of shape (1, 2, 3, 5) with strides 24, 12, 4 needs 25 elements; got 24.");
        foreach (var cap in (float[])[-1f, float.NaN, float.PositiveInfinity])
        {
            Run(arguments with { Softcap = cap }).Should().Throw<ArgumentException>()
                .WithMessage($"Attention: the softcap should be positive and finite, or 0 for none; got {cap}.");
        }

        Action Run(AttentionArguments wrong) => () => arena.Backend.Attention(wrong, heads, default);
    }

    private static int[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToInt32Bits);
}
