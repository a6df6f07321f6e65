using SeqCore.Models;
using SeqCore.Tests.Goldens;

namespace SeqCore.Tests.Models.Decoding;

public class SamplerTests
{
    private static readonly float[] logits = [0.5f, -1f, 2f, 0f, 1f, -3f];

    [Theory]
    [InlineData(1f)]
    [InlineData(0.5f)]
    [InlineData(3f)]
    public void Tokens_come_as_often_as_the_softmax_says(float temperature)
    {
        var expected = Softmax(logits, temperature);
        Shares(new Sampler(new RandomGenerator(1), temperature), logits, 100_000)
            .Zip(expected).Should().OnlyContain(p => Math.Abs(p.First - p.Second) < 0.005);
    }

    [Fact]
    public void Top_k_draws_from_the_k_likeliest_in_proportion()
    {
        var shares = Shares(new Sampler(new RandomGenerator(2), topK: 3), logits, 100_000);
        var p = Softmax(logits, 1);
        var kept = p[2] + p[4] + p[0];
        shares.Zip([p[0] / kept, 0, p[2] / kept, 0, p[4] / kept, 0])
            .Should().OnlyContain(s => Math.Abs(s.First - s.Second) < 0.005);
        (shares[1] + shares[3] + shares[5]).Should().Be(0);
    }

    [Theory]
    [InlineData(0.01f, new[] { 2 })]
    [InlineData(0.56f, new[] { 2 })]
    [InlineData(0.562f, new[] { 2, 4 })]
    [InlineData(0.767f, new[] { 2, 4 })]
    [InlineData(0.768f, new[] { 2, 4, 0 })]
    [InlineData(0.9f, new[] { 2, 4, 0, 3 })]
    public void Top_p_draws_from_the_fewest_that_reach_it(float topP, int[] nucleus)
    {
        // The likeliest tokens 2, 4, 0, 3, 1, 5 have 0.5609, 0.2063, 0.1251, 0.0759, 0.0279 and 0.0038 of the probability.
        var shares = Shares(new Sampler(new RandomGenerator(3), topP: topP), logits, 20_000);
        Enumerable.Range(0, 6).Where(i => shares[i] > 0).Should().BeEquivalentTo(nucleus);
    }

    [Fact]
    public void Top_p_applies_to_what_top_k_left()
    {
        // Of tokens 2 and 4, token 2 has 0.731: enough alone for 0.73, though it has only 0.561 of the whole.
        var shares = Shares(new Sampler(new RandomGenerator(3), topK: 2, topP: 0.73f), logits, 1000);
        shares[2].Should().Be(1);
    }

    [Theory]
    [InlineData(1f, 0f, new[] { 0, 1, 2, 3, 4, 5 })]
    [InlineData(1f, 0.367f, new[] { 2, 4 })]
    [InlineData(1f, 0.369f, new[] { 2 })]
    [InlineData(1f, 0.1f, new[] { 2, 4, 0, 3 })]
    [InlineData(1f, 1f, new[] { 2 })]
    [InlineData(2f, 0.369f, new[] { 2, 4, 0 })]
    public void Min_p_draws_from_those_likely_enough_beside_the_likeliest(float temperature, float minP, int[] kept)
    {
        // Beside the likeliest token 2, the tokens 4, 0, 3, 1, 5 have e^-1 = 0.3679, e^-1.5 = 0.2231, e^-2
        // = 0.1353, e^-3 and e^-5.
        var shares = Shares(new Sampler(new RandomGenerator(3), temperature, minP: minP), logits, 20_000);
        Enumerable.Range(0, 6).Where(i => shares[i] > 0).Should().BeEquivalentTo(kept);
        var expected = Softmax(logits, temperature);
        var sum = kept.Sum(i => expected[i]);
        kept.Should().OnlyContain(i => Math.Abs(shares[i] - (expected[i] / sum)) < 0.015);
    }

    [Fact]
    public void Min_p_applies_to_what_top_p_left()
    {
        var shares = Shares(new Sampler(new RandomGenerator(3), topP: 0.7f, minP: 0.3f), logits, 2000);
        Enumerable.Range(0, 6).Where(i => shares[i] > 0).Should().BeEquivalentTo([2, 4]);
        shares = Shares(new Sampler(new RandomGenerator(3), topP: 0.5f, minP: 0.3f), logits, 2000);
        shares[2].Should().Be(1);
    }

    [Fact]
    public void Greedy_takes_the_likeliest() => Shares(Sampler.Greedy(), logits, 100)[2].Should().Be(1);

    [Fact]
    public void Top_1_takes_the_likeliest_and_the_first_of_equals()
    {
        var sampler = new Sampler(new RandomGenerator(4), topK: 1);
        Enumerable.Range(0, 50).Select(_ => sampler.Next(logits)).Should().OnlyContain(t => t == 2);
        Enumerable.Range(0, 50).Select(_ => sampler.Next([1f, 3f, 3f, 3f])).Should().OnlyContain(t => t == 1);
    }

    [Fact]
    public void A_tiny_temperature_takes_the_likeliest_and_a_huge_one_is_uniform()
    {
        Shares(new Sampler(new RandomGenerator(5), 1e-30f), logits, 1000)[2].Should().Be(1);
        Shares(new Sampler(new RandomGenerator(5), 1e30f), logits, 60_000)
            .Should().OnlyContain(s => Math.Abs(s - 1.0 / 6) < 0.01);
    }

    [Fact]
    public void Forbidden_tokens_never_come()
    {
        float[] some = [float.NegativeInfinity, 0f, float.NegativeInfinity, 0f, float.NegativeInfinity];
        foreach (var sampler in new[] { new Sampler(new RandomGenerator(6)),
            new Sampler(new RandomGenerator(6), topK: 4, topP: 0.99f) })
        {
            var shares = Shares(sampler, some, 2000);
            (shares[1] + shares[3]).Should().Be(1);
            shares[1].Should().BeInRange(0.45, 0.55);
        }
    }

    [Fact]
    public void Probabilities_are_those_of_PyTorch()
    {
        foreach (var golden in Golden.Read("decoding.json").EnumerateArray())
        {
            float Number(string name) => golden.GetProperty(name).GetSingle();
            var row = golden.GetProperty("logits").Floats();
            var penalty = new RepetitionPenalty(Number("penalty"));
            foreach (var token in golden.GetProperty("written").Integers())
                penalty.Add(token);
            penalty.Apply(row);
            var sampler = new Sampler(new RandomGenerator(1), Number("temperature"), golden.GetProperty("top_k").GetInt32(),
                Number("top_p"), Number("min_p"));
            var probabilities = new double[row.Length];
            sampler.Probabilities(row, probabilities);
            var expected = golden.GetProperty("probabilities").Floats();
            for (var i = 0; i < row.Length; i++)
                probabilities[i].Should().BeApproximately(expected[i], 1e-6, golden.ToString());
            probabilities.Select(p => p > 0).Should().Equal(expected.Select(p => p > 0));
        }
    }

    [Theory]
    [InlineData(0, 1f, 0f)]
    [InlineData(3, 0.9f, 0.2f)]
    [InlineData(1, 1f, 0f)]
    public void Tokens_come_as_often_as_their_probabilities_say(int topK, float topP, float minP)
    {
        var sampler = new Sampler(new RandomGenerator(8), 1.3f, topK, topP, minP);
        var probabilities = new double[logits.Length];
        sampler.Probabilities(logits, probabilities);
        probabilities.Sum().Should().BeApproximately(1, 1e-12);
        Shares(sampler, logits, 100_000).Zip(probabilities).Should().OnlyContain(p => Math.Abs(p.First - p.Second) < 0.005);
        sampler.Invoking(s => s.Probabilities(logits, new double[5]))
            .Should().Throw<ArgumentException>().WithMessage("Sampler: there should be 6 probabilities*got 5.*");
    }

    [Fact]
    public void A_seed_fixes_the_tokens_whatever_the_sizes_before()
    {
        int[] Draw(ulong seed)
        {
            var sampler = new Sampler(new RandomGenerator(seed), 0.9f, 5, 0.95f);
            return [.. Enumerable.Range(0, 200).Select(i => sampler.Next(logits.AsSpan(0, 2 + i % 5)))];
        }

        Draw(1).Should().Equal(Draw(1));
        Draw(1).Should().NotEqual(Draw(2));
    }

    [Fact]
    public void One_token_is_always_drawn() =>
        new Sampler(new RandomGenerator(1), topK: 10, topP: 0.5f).Next([-100f]).Should().Be(0);

    [Fact]
    public void Extreme_logits_do_not_overflow() =>
        Shares(new Sampler(new RandomGenerator(1)), [float.MaxValue, float.MinValue, float.MaxValue], 2000)[1].Should().Be(0);

    [Fact]
    public void A_draw_allocates_nothing_once_warm()
    {
        var sampler = new Sampler(new RandomGenerator(1), topK: 3, topP: 0.9f);
        sampler.Next(logits);
        Garbage.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
                sampler.Next(logits);
        }).Should().Be(0);
    }

    [Theory]
    [InlineData(0f, 0, 1f, "temperature")]
    [InlineData(-1f, 0, 1f, "temperature")]
    [InlineData(float.NaN, 0, 1f, "temperature")]
    [InlineData(float.PositiveInfinity, 0, 1f, "temperature")]
    [InlineData(1f, -1, 1f, "topK")]
    [InlineData(1f, 0, 0f, "topP")]
    [InlineData(1f, 0, 1.01f, "topP")]
    [InlineData(1f, 0, float.NaN, "topP")]
    public void Values_out_of_range_are_refused(float temperature, int topK, float topP, string name) =>
        FluentActions.Invoking(() => new Sampler(new RandomGenerator(1), temperature, topK, topP))
            .Should().Throw<ArgumentOutOfRangeException>().WithParameterName(name);

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(1.1f)]
    [InlineData(float.NaN)]
    public void A_min_p_out_of_range_is_refused(float minP) =>
        FluentActions.Invoking(() => new Sampler(new RandomGenerator(1), minP: minP))
            .Should().Throw<ArgumentOutOfRangeException>().WithParameterName("minP");

    [Fact]
    public void Logits_that_are_no_numbers_are_refused()
    {
        var sampler = new Sampler(new RandomGenerator(1));
        sampler.Invoking(s => s.Next([])).Should().Throw<ArgumentException>();
        sampler.Invoking(s => s.Next([0f, float.NaN])).Should().Throw<ArgumentException>().WithMessage("*logit 1 is NaN*");
        sampler.Invoking(s => s.Next([float.PositiveInfinity])).Should().Throw<ArgumentException>();
        sampler.Invoking(s => s.Next([float.NegativeInfinity, float.NegativeInfinity]))
            .Should().Throw<ArgumentException>().WithMessage("*2 logits*");
    }

    private static double[] Softmax(float[] values, double temperature)
    {
        var e = Array.ConvertAll(values, v => Math.Exp(v / temperature));
        return Array.ConvertAll(e, v => v / e.Sum());
    }

    private static double[] Shares(Sampler sampler, float[] values, int draws)
    {
        var counts = new double[values.Length];
        for (var i = 0; i < draws; i++)
            counts[sampler.Next(values)] += 1.0 / draws;
        return Array.ConvertAll(counts, c => Math.Round(c, 9));
    }
}
