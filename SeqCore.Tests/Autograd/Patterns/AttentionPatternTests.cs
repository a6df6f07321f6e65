namespace SeqCore.Tests.Autograd.Patterns;

public class AttentionPatternTests
{
    private const int B = 2, N = 4, M = 2, T = 150, S = 200, K = 8;

    private static readonly IndexTensor Numbers = IndexTensor.FromSpan(
        [.. Enumerable.Range(0, B * S).Select(at => at / S == 0 ? at % S / 70 : at % S < 130 ? 5 : 2)], new Shape(B, S));

    private static readonly Dictionary<string, AttentionPattern> Patterns = new()
    {
        ["window"] = AttentionPattern.Window(20),
        ["dilated window"] = AttentionPattern.Window(9, dilation: 7),
        ["global"] = AttentionPattern.Global(0, 77, 199),
        ["random blocks"] = AttentionPattern.RandomBlocks(1, seed: 3),
        ["small random blocks"] = AttentionPattern.RandomBlocks(3, seed: 4, blockSize: 10, isCausal: true),
        ["strided"] = AttentionPattern.Strided(70),
        ["fixed"] = AttentionPattern.Fixed(32, summary: 2),
        ["documents"] = AttentionPattern.Documents(Numbers),
        ["function"] = AttentionPattern.Of((query, key) => (query ^ key) % 3 == 0),
        ["longformer"] = AttentionPattern.Longformer(12, globalTokens: 2, dilation: 2),
        ["bigbird"] = AttentionPattern.BigBird(seed: 1, windowBlocks: 3, randomBlocks: 1, globalBlocks: 1, blockSize: 20),
        ["per head"] = AttentionPattern.PerHead(AttentionPattern.Window(5), AttentionPattern.Window(90),
            AttentionPattern.Global(3), AttentionPattern.Strided(65)),
        ["both"] = AttentionPattern.Documents(Numbers) & AttentionPattern.PerHead(AttentionPattern.Window(5),
            AttentionPattern.Window(50), AttentionPattern.Global(3), AttentionPattern.Strided(65)),
    };

    public static TheoryData<string> Names => [.. Patterns.Keys];

    /// <summary>What the papers define, in words of their own: query, key, positions, sequence and head.</summary>
    private static bool Allows(string name, int p, int k, int b, int n)
    {
        bool SameDocument() => Numbers.ToArray()[(b * S) + p] == Numbers.ToArray()[(b * S) + k];
        bool Strided(int stride) => Math.Abs(p - k) < stride || (p - k) % stride == 0;
        return name switch
        {
            "window" => Math.Abs(p - k) < 20,
            "dilated window" => (p - k) % 7 == 0 && Math.Abs(p - k) / 7 < 9,
            "global" => p is 0 or 77 or 199 || k is 0 or 77 or 199,
            "strided" => Strided(70),
            "fixed" => p / 32 == k / 32 || k % 32 >= 30,
            "documents" => SameDocument(),
            "function" => (p ^ k) % 3 == 0,
            "longformer" => p < 2 || k < 2 || ((p - k) % 2 == 0 && Math.Abs(p - k) <= 22),
            "per head" => OfHead(),
            "both" => SameDocument() && (n == 1 ? Math.Abs(p - k) < 50 : OfHead()),
            _ => throw new ArgumentException(name),
        };

        bool OfHead() => n switch
        {
            0 => Math.Abs(p - k) < 5,
            1 => Math.Abs(p - k) < 90,
            2 => p == 3 || k == 3,
            _ => Strided(65),
        };
    }

    [Theory, MemberData(nameof(Names))]
    public void A_pattern_allows_what_its_definition_says(string name)
    {
        var pattern = Patterns[name];
        var mask = pattern.ToMask(T, S).ToArray();
        for (var at = 0; at < mask.Length; at++)
        {
            int k = at % S, p = (at / S % T) + S - T, n = at / S / T % pattern.Heads, b = at / S / T / pattern.Heads;
            mask[at].Should().Be(pattern.Allows(p, k, S, b, n));
            if (!name.Contains("random") && name != "bigbird")
                mask[at].Should().Be(Allows(name, p, k, b, n), "query {0}, key {1}, head {2}, sequence {3}", p, k, n, b);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Attention_with_a_pattern_agrees_with_its_mask(string name)
    {
        var pattern = Patterns[name];
        Tensor q = Samples.Of(1, B, N, T, K), k = Samples.Of(2, B, M, S, K), v = Samples.Of(3, B, M, S, K),
            dY = Samples.Of(4, B, N, T, K);
        foreach (var isCausal in (bool[])[false, true])
        {
            var options = new AttentionOptions { IsCausal = isCausal };
            var masked = Gradients(options with { Allowed = pattern.ToMask(T, S) });
            var skipped = Gradients(options with { Pattern = pattern });
            var whole = Gradients(options with { Pattern = pattern, ScoreModification = (scores, _) => scores });
            for (var i = 0; i < masked.Length; i++)
            {
                ShouldBeNear(skipped[i], masked[i], $"result {i} of {name}");
                ShouldBeNear(whole[i], masked[i], $"the whole matrix's result {i} of {name}");
            }
        }

        float[][] Gradients(AttentionOptions options)
        {
            Variable[] x = [new(q, true), new(k, true), new(v, true)];
            using var tape = new Tape();
            var y = Variable.Attention(x[0], x[1], x[2], options);
            tape.Backward((y * dY).Sum());
            return [y.Value.ToArray(), .. x.Select(variable => variable.Gradient!.ToArray())];
        }
    }

    [Fact]
    public void Keys_that_are_not_finite_reach_only_the_queries_that_see_them()
    {
        var pattern = AttentionPattern.Longformer(40, globalTokens: 1);
        var x = Samples.Of(1, 1, 2, S, K).ToArray();
        var options = new AttentionOptions { Pattern = pattern };
        var expected = Result(x);
        Array.Fill(x, float.NaN, 150 * K, K);
        var actual = Result(x);
        for (var at = 0; at < actual.Length; at++)
        {
            int query = at / K % S, head = at / K / S;
            if (head == 1 || !pattern.Allows(query, 150))
                actual[at].Should().Be(expected[at]);
            else
                actual[at].Should().Be(float.NaN);
        }

        float[] Result(float[] keys) => Variable.Attention(Samples.Of(1, 1, 2, S, K),
            Tensor.FromSpan(keys, new Shape(1, 2, S, K)), Samples.Of(2, 1, 2, S, K), options).Value.ToArray();
    }

    [Fact]
    public void A_stream_attends_as_the_whole_sequence_does()
    {
        var pattern = AttentionPattern.BigBird(seed: 5, blockSize: 16, isCausal: true);
        var options = AttentionOptions.Causal with { Pattern = pattern };
        Tensor q = Samples.Of(1, 1, N, S, K), k = Samples.Of(2, 1, M, S, K), v = Samples.Of(3, 1, M, S, K);
        var whole = Variable.Attention(q, k, v, options).Value;
        using var cache = new SeqCore.Models.KeyValueCache(1, M, K, firstCapacity: 30);
        for (var step = 0; step < S;)
        {
            var count = Math.Min(step == 0 ? 70 : step < 100 ? 1 : 9, S - step);
            cache.Append(k.Slice(2, step, count), v.Slice(2, step, count));
            ShouldBeNear(cache.Attend(q.Slice(2, step, count), options).ToArray(), whole.Slice(2, step, count).ToArray(),
                $"steps from {step} on");
            step += count;
        }
    }

    [Fact]
    public void The_kept_share_counts_pairs()
    {
        AttentionPattern.Window(1).KeptShare(100).Should().BeApproximately(0.01, 1e-12);
        AttentionPattern.Window(3).KeptShare(100).Should().BeApproximately((500 - 6) / 10_000.0, 1e-12);
        AttentionPattern.Window(3).KeptShare(100, isCausal: true).Should().BeApproximately((300 - 3) / 10_000.0, 1e-12);
        AttentionPattern.Global(0).KeptShare(100).Should().BeApproximately(199 / 10_000.0, 1e-12);
        AttentionPattern.RandomBlocks(2, seed: 1, blockSize: 10).KeptShare(100).Should().BeApproximately(0.2, 1e-12);
    }

    [Fact]
    public void Random_blocks_follow_the_seed()
    {
        var mask = Mask(AttentionPattern.RandomBlocks(2, seed: 1));
        Mask(AttentionPattern.RandomBlocks(2, seed: 1)).Should().Equal(mask);
        Mask(AttentionPattern.RandomBlocks(2, seed: 2)).Should().NotEqual(mask);

        static bool[] Mask(AttentionPattern pattern) => pattern.ToMask(640).ToArray();
    }

    [Fact]
    public void What_a_pattern_is_not_for_is_refused()
    {
        var x = Samples.Of(1, B, N, S, K);
        Attend(AttentionPattern.PerHead(AttentionPattern.Window(1), AttentionPattern.Window(2)), x)
            .Should().Throw<ArgumentException>().WithMessage("*PerHead(Window(1), Window(2)) is for N = 2 query heads; got 4*");
        Attend(AttentionPattern.Documents(Zeros(3, S)), x)
            .Should().Throw<ArgumentException>().WithMessage("*for batches of 3; got one of 2*");
        Attend(AttentionPattern.Documents(Zeros(B, S - 1)), x)
            .Should().Throw<ArgumentException>().WithMessage("*for sequences of 199 positions; got 200*");
        FluentActions.Invoking(() => AttentionPattern.Documents(Numbers)
            | AttentionPattern.Documents(Zeros(3, S))).Should().Throw<ArgumentException>()
            .WithMessage("*different numbers of sequences*");
        FluentActions.Invoking(() => Variable.Attention(Samples.Of(1, B, N, 20, K), Samples.Of(1, B, N, 10, K),
            Samples.Of(1, B, N, 10, K), new AttentionOptions { Pattern = AttentionPattern.Window(3) }))
            .Should().Throw<ArgumentException>().WithMessage("*from 0 on; the first of 20 queries to 10 keys is at -10*");
        FluentActions.Invoking(() => AttentionPattern.BigBird(seed: 1, windowBlocks: 2))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*odd number of blocks*");

        static Action Attend(AttentionPattern pattern, Tensor x) =>
            () => Variable.Attention(x, x, x, new AttentionOptions { Pattern = pattern });
    }

    private static IndexTensor Zeros(int sequences, int length) =>
        IndexTensor.FromSpan(new int[sequences * length], new Shape(sequences, length));

    private static void ShouldBeNear(float[] actual, float[] expected, string of)
    {
        actual.Should().HaveSameCount(expected);
        for (var i = 0; i < actual.Length; i++)
        {
            if (!(Math.Abs(actual[i] - expected[i]) <= 1e-5f + (1e-5f * Math.Abs(expected[i]))))
                Assert.Fail($"Element {i} of {of} is {actual[i]:R} in place of {expected[i]:R}.");
        }
    }
}
