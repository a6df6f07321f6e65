using SeqCore.Models;

namespace SeqCore.Tests.Models.Attention;

public class KeyValueCacheTests
{
    private const int Batch = 2, KeyHeads = 2, Heads = 4, Size = 3;

    [Theory]
    [InlineData(nameof(KeyValueCache.Append))]
    [InlineData(nameof(KeyValueCache.Reorder))]
    [InlineData(nameof(KeyValueCache.Reset))]
    public void A_second_thread_is_refused_while_one_attends(string other)
    {
        using var cache = new KeyValueCache(1, 1, 8);
        using Tensor keys = Tensor.Ones([1, 1, 256, 8]), query = Tensor.Ones([1, 1, 256, 8]), one = Tensor.Ones([1, 1, 1, 8]);
        cache.Append(keys, keys);

        // Attention takes almost all of the time, so that a thread is within it when another one has its turn.
        Action[] uses =
        [
            () => cache.Attend(query, AttentionOptions.Full).Dispose(),
            () =>
            {
                if (other == nameof(KeyValueCache.Append))
                    cache.Append(one, one);
                else if (other == nameof(KeyValueCache.Reorder))
                    cache.Reorder([0]);
                else
                {
                    cache.Reset();
                    cache.Append(keys, keys);
                }
            },
        ];
        AtOnce.FirstError(uses).Should().BeOfType<InvalidOperationException>().Which.Message.Should()
            .Be("KeyValueCache: two threads use it at once. Give each thread its own cache.");
        cache.Reset();
        cache.Length.Should().Be(0);
    }

    [Theory]
    [InlineData(0, "none")]
    [InlineData(3, "3")]
    public void A_window_beyond_that_of_the_cache_is_refused(int window, string shown)
    {
        using var scope = new TensorScope();
        using var cache = new KeyValueCache(1, 1, 2, window: 2);
        cache.Append(Tensor.Ones([1, 1, 1, 2]), Tensor.Ones([1, 1, 1, 2]));
        cache.Invoking(c => c.Attend(Tensor.Ones([1, 1, 1, 2]), AttentionOptions.Causal with { Window = window }))
            .Should().Throw<ArgumentException>()
            .WithMessage($"KeyValueCache: it was made for a window of 2 *at most 2; it has {shown}.*");
        cache.Attend(Tensor.Ones([1, 1, 1, 2]), AttentionOptions.Causal with { Window = 1 }).ToArray().Should().Equal(1f, 1f);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(6, true)]
    [InlineData(11, false)]
    [InlineData(6, true, 5, 0.4f)]
    [InlineData(0, false, 2)]
    public void Attention_over_all_segments_is_attention_over_all_keys(int window, bool alibi, int valueSize = Size,
        float? softcap = null)
    {
        using var scope = new TensorScope();
        var random = new RandomGenerator(3);
        using var cache = new KeyValueCache(Batch, KeyHeads, Size, window, firstCapacity: 4, valueSize: valueSize);
        var options = AttentionOptions.Causal with
        {
            Window = window,
            Slopes = alibi ? AlibiSlopes.Of(Heads) : null,
            Softcap = softcap,
        };
        Tensor? keys = null, values = null;
        foreach (var steps in new[] { 3, 1, 1, 1, 9, 2, 1, 30, 1, 5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 })
        {
            Tensor k = Draw(KeyHeads, steps), v = Draw(KeyHeads, steps, valueSize), q = Draw(Heads, steps);
            (keys, values) = (keys is null ? k : Tensor.Concat([keys, k], 2), values is null ? v : Tensor.Concat([values, v], 2));
            cache.Append(k, v);
            var expected = Variable.AttentionWithWeights(q, keys, values, options).Output.Value;
            cache.Attend(q, options).ShouldBeCloseTo(expected, 1e-5f, $"after {cache.Position}");
        }

        cache.Position.Should().Be(keys!.Shape[2]);

        Tensor Draw(int heads, int steps, int size = Size) =>
            Tensor.RandomNormal([Batch, steps, heads, size], random).Transpose(1, 2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public void Scores_are_modified_at_the_positions_that_tokens_have_in_the_whole_sequence(int window)
    {
        using var scope = new TensorScope();
        var random = new RandomGenerator(3);
        using var cache = new KeyValueCache(Batch, KeyHeads, Size, window, firstCapacity: 4, valueSize: 2);
        var table = new Variable(Tensor.RandomNormal([40, Heads], random), requiresGradient: true);
        var options = AttentionOptions.Causal with
        {
            Window = window,
            ScoreModification = (scores, at) => (scores * 2f)
                + table.Embedding(at.Distances.Clamp(0, 39)).Squeeze(1).Permute(0, 3, 1, 2)
                + table.Embedding(at.Keys).Reshape(1, -1, Heads).Permute(0, 2, 1).Unsqueeze(2),
        };
        Tensor? keys = null, values = null;
        foreach (var steps in new[] { 3, 1, 1, 1, 9, 2, 1, 1, 5, 1, 1, 1, 1 })
        {
            Tensor k = Draw(KeyHeads, steps, Size), v = Draw(KeyHeads, steps, 2), q = Draw(Heads, steps, Size);
            (keys, values) = (keys is null ? k : Tensor.Concat([keys, k], 2), values is null ? v : Tensor.Concat([values, v], 2));
            cache.Append(k, v);
            var expected = Variable.AttentionWithWeights(q, keys, values, options).Output.Value;
            using (var tape = new Tape())
            {
                var before = tape.Count;
                cache.Attend(q, options).ShouldBeCloseTo(expected, 1e-5f, $"after {cache.Position}");
                tape.Count.Should().Be(before);
            }
        }

        Tensor Draw(int heads, int steps, int size) =>
            Tensor.RandomNormal([Batch, steps, heads, size], random).Transpose(1, 2);
    }

    /// <summary>Keys and values of padding are NaN, so that none of it may be seen.</summary>
    [Theory]
    [InlineData(0, false, false)]
    [InlineData(0, true, false)]
    [InlineData(5, true, false)]
    [InlineData(3, false, false)]
    [InlineData(0, true, true)]
    [InlineData(5, false, true)]
    public void A_row_with_padding_attends_as_if_it_were_alone(int window, bool alibi, bool modified)
    {
        const int rows = 4;
        using var scope = new TensorScope();
        var random = new RandomGenerator(3);
        using var cache = new KeyValueCache(rows, KeyHeads, Size, window, firstCapacity: 4, valueSize: 2);
        var options = AttentionOptions.Causal with
        {
            Window = window,
            Slopes = alibi ? AlibiSlopes.Of(Heads) : null,
            ScoreModification = modified ? (scores, at) => scores * (at.Keys + at.Distances).Clamp(1, 9).ToTensor() : null,
        };
        for (var again = 0; again < 2; again++)
        {
            int[] padding = again == 0 ? [0, 3, 11, 7] : [2, 0, 0, 9];
            cache.SetPadding(padding);
            List<Tensor>[] keys = NewLists(), values = NewLists();
            foreach (var steps in new[] { 12, 1, 1, 7, 1, 1, 9, 1, 1 })
            {
                Tensor k = Draw(KeyHeads, steps, Size), v = Draw(KeyHeads, steps, 2), q = Draw(Heads, steps, Size);
                var own = Array.ConvertAll(padding, p => Math.Min(steps, Math.Max(0, cache.Position + steps - p)));
                for (var b = 0; b < rows; b++)
                {
                    keys[b].Add(k.Slice(0, b, 1).Slice(2, steps - own[b], own[b]));
                    values[b].Add(v.Slice(0, b, 1).Slice(2, steps - own[b], own[b]));
                    k.Slice(0, b, 1).Slice(2, 0, steps - own[b]).FillInPlace(float.NaN);
                    v.Slice(0, b, 1).Slice(2, 0, steps - own[b]).FillInPlace(float.NaN);
                }

                cache.Append(k, v);
                var actual = cache.Attend(q, options);
                for (var b = 0; b < rows; b++)
                {
                    var alone = Variable.Attention(q.Slice(0, b, 1).Slice(2, steps - own[b], own[b]),
                        Tensor.Concat(keys[b].ToArray(), 2), Tensor.Concat(values[b].ToArray(), 2), options).Value;
                    actual.Slice(0, b, 1).Slice(2, steps - own[b], own[b])
                        .ShouldBeCloseTo(alone, 1e-6f, $"row {b} after {cache.Position}");
                    actual.Slice(0, b, 1).Slice(2, 0, steps - own[b]).ToArray().Should().NotContain(y => y != 0f);
                }

                if (steps == 7)
                {
                    int[] from = [2, 2, 0, 1];
                    cache.Reorder(from);
                    (keys, values, padding) = (Moved(keys), Moved(values), [.. from.Select(b => padding[b])]);

                    List<Tensor>[] Moved(List<Tensor>[] lists) => [.. from.Select(b => lists[b].ToList())];
                }
            }

            cache.Reset();
        }

        cache.Append(Tensor.Zeros([rows, KeyHeads, 2, Size]), Tensor.Ones([rows, KeyHeads, 2, 2]));
        cache.Attend(Tensor.Ones([rows, Heads, 2, Size]), AttentionOptions.Causal with { Window = window }).ToArray()
            .Should().OnlyContain(y => Math.Abs(y - 1f) < 1e-6f, "a reset cache has no padding");

        Tensor Draw(int heads, int steps, int size) => Tensor.RandomNormal([rows, heads, steps, size], random);

        List<Tensor>[] NewLists() => [.. Enumerable.Range(0, rows).Select(_ => new List<Tensor>())];
    }

    [Fact]
    public void Padding_that_does_not_fit_is_named()
    {
        using var cache = new KeyValueCache(2, 1, 2);
        using var one = Tensor.Ones([2, 1, 1, 2]);
        cache.SupportsPadding.Should().BeTrue();
        cache.Invoking(c => c.SetPadding([1])).Should().Throw<ArgumentException>()
            .WithMessage("KeyValueCache: there should be 2 lengths of padding, one for each row; got 1.*");
        cache.Invoking(c => c.SetPadding([1, -1])).Should().Throw<ArgumentException>().WithMessage("*not be negative; got -1.*");
        cache.Append(one, one);
        cache.Invoking(c => c.SetPadding([1, 0])).Should().Throw<InvalidOperationException>()
            .WithMessage("KeyValueCache: padding should be set before the first token is read, but some*Hint: call Reset.");
    }

    [Fact]
    public void Segments_double_what_there_is_room_for_and_a_window_uses_them_again()
    {
        using KeyValueCache growing = new(1, 1, 2, firstCapacity: 4), sliding = new(1, 1, 2, window: 6, firstCapacity: 4);
        using var one = Tensor.Ones([1, 1, 1, 2]);
        var (capacities, most) = (new List<int>(), 0);
        for (var i = 0; i < 40; i++)
        {
            growing.Append(one, one);
            sliding.Append(one, one);
            capacities.Add(growing.Capacity);
            most = Math.Max(most, sliding.Capacity);
            sliding.Length.Should().BeGreaterThanOrEqualTo(Math.Min(i + 1, 6));
        }

        capacities.Distinct().Should().Equal(4, 8, 16, 32, 64);
        growing.Length.Should().Be(40);
        most.Should().Be(12, "two segments of the window's size serve in turn");
        sliding.Position.Should().Be(40);
    }

    [Fact]
    public void Reset_keeps_the_memory_and_reordered_rows_follow_the_named_ones()
    {
        using var scope = new TensorScope();
        using var cache = new KeyValueCache(3, 1, 2, firstCapacity: 2);
        using var rows = Tensor.FromSpan([1, 1, 2, 2, 3, 3], [3, 1, 1, 2]);
        for (var i = 0; i < 5; i++)
            cache.Append(rows, rows);
        cache.Reorder([2, 0, 0]);
        cache.Attend(Tensor.Ones([3, 1, 1, 2]), AttentionOptions.Causal).ToArray()
            .ShouldBeCloseTo([3, 3, 1, 1, 1, 1], 1e-6f, "values");
        var capacity = cache.Capacity;
        cache.Reset();
        (cache.Position, cache.Length, cache.Capacity).Should().Be((0, 0, capacity));
        cache.Append(rows, rows);
        cache.Attend(Tensor.Ones([3, 1, 1, 2]), AttentionOptions.Causal).ToArray()
            .ShouldBeCloseTo([1, 1, 2, 2, 3, 3], 1e-6f, "values");
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        using var cache = new KeyValueCache(2, 1, 2);
        using Tensor one = Tensor.Ones([2, 1, 1, 2]), two = Tensor.Ones([2, 1, 2, 2]), other = Tensor.Ones([1, 1, 1, 2]);
        using var lengths = IndexTensor.FromSpan([1, 1], [2]);
        cache.Invoking(c => c.Append(other, other)).Should().Throw<ShapeException>()
            .WithMessage("KeyValueCache: keys should have shape (B, M, T, K) = (2, 1, T, 2); got (1, 1, 1, 2)*");
        cache.Invoking(c => c.Append(one, two))
            .Should().Throw<ShapeException>().WithMessage("*values*(2, 1, 1, 2)*(2, 1, 2, 2)*");
        cache.Invoking(c => c.Attend(other, AttentionOptions.Causal)).Should().Throw<ShapeException>().WithMessage("*query*");
        cache.Invoking(c => c.Attend(one, new AttentionOptions { KeyLengths = lengths }))
            .Should().Throw<ArgumentException>().WithMessage("*lengths, masks and dropout*SetPadding*");
        cache.Invoking(c => c.Reorder([0])).Should().Throw<ArgumentException>().WithMessage("*2 rows; got 1*");
        cache.Invoking(c => c.Reorder([0, 2])).Should().Throw<ArgumentException>().WithMessage("*no row 2*");
        ((Action)(() => _ = new KeyValueCache(0, 1, 1))).Should().Throw<ArgumentOutOfRangeException>();
        using var wide = new KeyValueCache(2, 1, 2, valueSize: 3);
        wide.Invoking(c => c.Append(one, one)).Should().Throw<ShapeException>()
            .WithMessage("KeyValueCache: values should have shape (B, M, T, J) = (2, 1, T, 3); got (2, 1, 1, 2)*");
    }
}
