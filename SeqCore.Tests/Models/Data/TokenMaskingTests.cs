using FsCheck;
using FsCheck.Fluent;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Data;

public class TokenMaskingTests
{
    private static readonly MarkedCharacterTokenizer vocabulary = new("abcdefghijklmnopqrstuvwxyz .");

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(10, 2)]
    [InlineData(46, 7)]
    [InlineData(100, 15)]
    public void The_rounded_fraction_of_the_tokens_is_selected_and_at_least_one(int length, int chosen)
    {
        var (before, after, targets) = Mask(new string('a', length), New(1));
        targets.Count(t => t != TokenMasking.IgnoreIndex).Should().Be(chosen);
        Unchanged(before, after, targets).Should().BeTrue();
    }

    [Fact]
    public void Special_tokens_are_never_chosen() =>
        Prop.ForAll(ArbMap.Default.ArbFor<ulong>(), ArbMap.Default.ArbFor<bool>(), ArbMap.Default.ArbFor<int[]>(),
            (seed, whole, numbers) =>
        {
            int[] tokens = [.. numbers.Select(n => (int)((uint)n % (uint)vocabulary.Count))];
            int[] masked = [.. tokens];
            var targets = new int[tokens.Length];
            var chosen = New(seed, whole).Apply(masked, targets);
            var real = tokens.Count(t => t >= SpecialToken.Count);
            return targets.All(t => t == TokenMasking.IgnoreIndex || t >= SpecialToken.Count)
                && Unchanged(tokens, masked, targets)
                && chosen == targets.Count(t => t != TokenMasking.IgnoreIndex) && chosen <= real && chosen > 0 == real > 0
                && masked.Zip(tokens).All(p => p.First == p.Second || p.First >= SpecialToken.Mask);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Eight_of_ten_become_masks_one_any_token_and_one_stays()
    {
        var masking = New(3);
        var (masks, others, same, total) = (0, 0, 0, 0);
        var replacements = new HashSet<int>();
        for (var i = 0; i < 400; i++)
        {
            var (_, after, targets) = Mask(new string('q', 200), masking);
            for (var t = 0; t < after.Length; t++)
            {
                if (targets[t] == TokenMasking.IgnoreIndex)
                    continue;
                total++;
                masks += after[t] == SpecialToken.Mask ? 1 : 0;
                same += after[t] == targets[t] ? 1 : 0;
                if (after[t] != SpecialToken.Mask && after[t] != targets[t])
                {
                    others++;
                    replacements.Add(after[t]);
                }
            }
        }

        total.Should().Be(400 * 30);
        ShouldBeBinomial(masks, total, 0.8);

        // A random token is by chance the one that was there once in V - 5 = 28 times.
        ShouldBeBinomial(others, total, 0.1 * 27 / 28);
        ShouldBeBinomial(same, total, 0.1 + 0.1 / 28);
        replacements.Should().HaveCount(27).And.OnlyContain(r => r >= SpecialToken.Count);
    }

    [Fact]
    public void Every_position_is_equally_likely()
    {
        var masking = New(4);
        var counts = new int[20];
        for (var i = 0; i < 4000; i++)
        {
            var (_, _, targets) = Mask(new string('a', 20), masking);
            for (var t = 0; t < targets.Length; t++)
                counts[t] += targets[t] != TokenMasking.IgnoreIndex ? 1 : 0;
        }

        counts.Sum().Should().Be(4000 * 3);
        foreach (var count in counts)
            ShouldBeBinomial(count, 4000, 0.15);
    }

    [Fact]
    public void Whole_words_are_chosen_all_or_not_at_all()
    {
        const string text = "the cat sat on the mat . a dog ran off";
        var masking = New(5, whole: true);
        var seen = new HashSet<string>();
        for (var i = 0; i < 200; i++)
        {
            var (_, _, targets) = Mask(text, masking);
            var place = 0;
            foreach (var word in text.Split(' '))
            {
                var hidden = targets.AsSpan(place, word.Length).ToArray();
                hidden.Distinct()
                    .Should().Match(h => h.All(t => t == TokenMasking.IgnoreIndex) || h.All(t => t != TokenMasking.IgnoreIndex));
                if (hidden[0] != TokenMasking.IgnoreIndex)
                    seen.Add(word);
                place += word.Length + 1;
            }

            targets.Count(t => t != TokenMasking.IgnoreIndex).Should().BeInRange(1, 6);
        }

        seen.Should().BeEquivalentTo(text.Split(' ').Distinct());
    }

    [Fact]
    public void A_single_long_word_is_chosen_whole()
    {
        var (_, _, targets) = Mask("incomprehensibilities", New(6, whole: true));
        targets.Should().NotContain(TokenMasking.IgnoreIndex);
    }

    [Fact]
    public void Equal_seeds_and_counters_choose_alike()
    {
        var first = New(7);
        var second = New(7);
        var text = new string('x', 50);
        Mask(text, first).Should().BeEquivalentTo(Mask(text, second));
        var counter = first.Random.Counter;
        var next = Mask(text, first);
        first.Random.Counter = counter;
        Mask(text, first).Should().BeEquivalentTo(next);
        Mask(text, New(8)).Targets.Should().NotEqual(next.Targets);
        Mask(text, first.With(new RandomGenerator(7))).Should().BeEquivalentTo(Mask(text, New(7)));
    }

    [Fact]
    public void Fraction_and_probabilities_can_be_set()
    {
        var random = new RandomGenerator(1);
        var all = new TokenMasking(vocabulary, random) { Fraction = 1, MaskProbability = 1, RandomProbability = 0 };
        Mask("abc", all).After.Should().OnlyContain(t => t == SpecialToken.Mask);
        var none = new TokenMasking(vocabulary, random) { Fraction = 1, MaskProbability = 0, RandomProbability = 0 };
        var (before, after, targets) = Mask("abc", none);
        after.Should().Equal(before);
        targets.Should().Equal(before);
    }

    [Fact]
    public void Wrong_numbers_are_errors()
    {
        FluentActions.Invoking(() => new TokenMasking(vocabulary, new RandomGenerator(1)) { Fraction = 0 })
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("TokenMasking: Fraction should be in (0, 1].*");
        FluentActions.Invoking(() => new TokenMasking(vocabulary, new RandomGenerator(1)) { MaskProbability = float.NaN })
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*MaskProbability*[0, 1]*");
        FluentActions.Invoking(() => New(1).Apply(new int[3], new int[4]))
            .Should().Throw<ArgumentException>().WithMessage("*there should be as many targets as tokens, 3; got 4*");
    }

    private static TokenMasking New(ulong seed, bool whole = false) =>
        new(vocabulary, new RandomGenerator(seed)) { WholeWords = whole };

    private static (int[] Before, int[] After, int[] Targets) Mask(string text, TokenMasking masking)
    {
        var before = vocabulary.Encode(text);
        int[] after = [.. before];
        var targets = new int[before.Length];
        masking.Apply(after, targets);
        return (before, after, targets);
    }

    /// <summary>Whether the targets are what was there, and all else stayed.</summary>
    private static bool Unchanged(int[] before, int[] after, int[] targets) =>
        Enumerable.Range(0, before.Length)
            .All(t => targets[t] == TokenMasking.IgnoreIndex ? after[t] == before[t] : targets[t] == before[t]);

    /// <summary>Within five standard deviations of the mean.</summary>
    private static void ShouldBeBinomial(int count, int total, double probability) =>
        Math.Abs(count - total * probability).Should().BeLessThan(5 * Math.Sqrt(total * probability * (1 - probability)));
}
