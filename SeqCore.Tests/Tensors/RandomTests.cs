using SeqCore.Kernels;

namespace SeqCore.Tests.Tensors;

public class RandomTests
{
    [Fact]
    public void The_generator_goes_on_from_a_saved_state_exactly()
    {
        var random = new RandomGenerator(42);
        random.NextDouble();
        Tensor.RandomNormal([7], random).Dispose();
        random.NextInt32(10);
        var restored = new RandomGenerator(random.Seed) { Counter = random.Counter };
        for (var i = 0; i < 20; i++)
        {
            restored.NextUInt32().Should().Be(random.NextUInt32());
            restored.NextInt32(7 + i).Should().Be(random.NextInt32(7 + i));
            restored.NextSingle().Should().Be(random.NextSingle());
            restored.NextDouble().Should().Be(random.NextDouble());
            Tensor.RandomUniform([i], restored).ToArray().Should().Equal(Tensor.RandomUniform([i], random).ToArray());
        }
    }

    [Fact]
    public void Take_reserves_whole_blocks()
    {
        var random = new RandomGenerator(1) { Counter = 5 };
        random.Take(0).Should().Be(new RandomStream(1, 5));
        random.Take(1).Should().Be(new RandomStream(1, 5));
        random.Take(4).Counter.Should().Be(6);
        random.Take(5).Counter.Should().Be(7);
        random.Counter.Should().Be(9);
        random.Take(long.MaxValue);
        random.Counter.Should().Be(9 + (1UL << 61));
        random.Invoking(r => r.Take(-1)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Single_numbers_are_the_words_that_fills_use()
    {
        using var filled = Tensor.RandomUniform([1], new RandomGenerator(3) { Counter = 11 });
        new RandomGenerator(3) { Counter = 11 }.NextSingle().Should().Be(filled.Item());
    }

    [Fact]
    public void Integers_below_a_bound_are_equally_likely()
    {
        var random = new RandomGenerator(7);
        var counts = new int[6];
        for (var i = 0; i < 60_000; i++)
            counts[random.NextInt32(6)]++;
        // Chi-square with 5 degrees of freedom: above 20.5 with probability 0.001.
        counts.Sum(c => (c - 10_000.0) * (c - 10_000.0) / 10_000).Should().BeLessThan(20.5);
        random.NextInt32(1).Should().Be(0);
        for (var i = 0; i < 100; i++)
            random.NextInt32(int.MaxValue).Should().BeInRange(0, int.MaxValue - 1);
        random.Invoking(r => r.NextInt32(0)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Numbers_lie_in_the_unit_interval_and_spread_over_it()
    {
        var random = new RandomGenerator(0);
        double[] values = [.. Enumerable.Range(0, 20_000).Select(i => i % 2 == 0 ? random.NextDouble() : random.NextSingle())];
        values.Should().OnlyContain(v => v >= 0 && v < 1);
        values.Average().Should().BeApproximately(0.5, 0.01);
        values.Count(v => v < 0.1).Should().BeInRange(1850, 2150);
    }

    [Fact]
    public void Uniform_and_normal_tensors_have_their_moments()
    {
        var random = new RandomGenerator(9);
        using var uniform = Tensor.RandomUniform([100, 1000], random, -1f, 3f);
        uniform.Min().Item().Should().BeGreaterThanOrEqualTo(-1f);
        uniform.Max().Item().Should().BeLessThan(3f);
        uniform.Mean().Item().Should().BeApproximately(1f, 0.02f);
        uniform.Variance().Item().Should().BeApproximately(16f / 12f, 0.02f);
        using var normal = Tensor.RandomNormal([100, 1000], random, 2f, 0.5f);
        normal.Mean().Item().Should().BeApproximately(2f, 0.01f);
        normal.StandardDeviation().Item().Should().BeApproximately(0.5f, 0.005f);
    }

    [Fact]
    public void Truncated_normal_numbers_follow_their_distribution()
    {
        using var cut = Tensor.RandomTruncatedNormal([100_000], new RandomGenerator(4), 1f, 2f, 0f, 6f);
        var values = cut.ToArray();
        values.Should().OnlyContain(v => v >= 0f && v <= 6f);
        Array.Sort(values);
        double Distribution(double x) => 0.5 * (1 + TruncatedNormal.Erf((x - 1) / (2 * Math.Sqrt(2))));
        var (low, high) = (Distribution(0), Distribution(6));
        // Kolmogorov and Smirnov: sqrt(n) D above 1.95 with probability 0.001.
        var distance = values.Select((v, i) => Math.Abs((Distribution(v) - low) / (high - low) - (i + 0.5) / values.Length))
            .Max();
        (distance * Math.Sqrt(values.Length)).Should().BeLessThan(1.95);

        using var standard = Tensor.RandomTruncatedNormal([1000], new RandomGenerator(4), 5f, 0.1f);
        standard.Min().Item().Should().BeGreaterThanOrEqualTo(4.8f);
        standard.Max().Item().Should().BeLessThanOrEqualTo(5.2f);
        Tensor.RandomTruncatedNormal([3], new RandomGenerator(4), 5f, 0f).ToArray().Should().Equal(5f, 5f, 5f);
    }

    [Fact]
    public void The_error_function_and_its_inverse_are_right()
    {
        // Values of erf to 15 digits.
        TruncatedNormal.Erf(0.5).Should().BeApproximately(0.520499877813047, 1e-14);
        TruncatedNormal.Erf(1).Should().BeApproximately(0.842700792949715, 1e-14);
        TruncatedNormal.Erf(-2).Should().BeApproximately(-0.995322265018953, 1e-14);
        TruncatedNormal.Erf(3).Should().BeApproximately(0.999977909503001, 1e-14);
        TruncatedNormal.Erf(2.5 - 1e-9).Should().BeApproximately(TruncatedNormal.Erf(2.5 + 1e-9), 1e-11);
        TruncatedNormal.Erf(7).Should().Be(1);
        using var x = Tensor.Linspace(-0.9999f, 0.9999f, 1001);
        using var inverse = x.Map(new Inverse());
        var (arguments, results) = (x.ToArray(), inverse.ToArray());
        for (var i = 0; i < arguments.Length; i++)
        {
            // An error of the argument by half a unit in its last place is magnified by the derivative, sqrt(pi)/2 e^(y^2).
            var slope = Math.Sqrt(Math.PI) / 2 * Math.Exp(results[i] * (double)results[i]);
            Math.Abs(TruncatedNormal.Erf(results[i]) - arguments[i])
                .Should().BeLessThan(2e-6 * (1 + Math.Abs(results[i])) / slope + 1e-7);
        }
    }

    [Fact]
    public void Impossible_distributions_are_refused()
    {
        var random = new RandomGenerator(1);
        FluentActions.Invoking(() => Tensor.RandomUniform([1], random, 1f, 0f)).Should().Throw<ArgumentException>()
            .WithMessage("RandomUniform: low and high should be finite, low at most high; got 1 and 0.");
        FluentActions.Invoking(() => Tensor.RandomUniform([1], random, 0f, float.PositiveInfinity))
            .Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => Tensor.RandomNormal([1], random, 0f, -1f)).Should().Throw<ArgumentException>()
            .WithMessage("RandomNormal: the standard deviation should be finite and at least 0; got -1.");
        FluentActions.Invoking(() => Tensor.RandomTruncatedNormal([1], random, 0f, 1f, 2f, 1f))
            .Should().Throw<ArgumentException>()
            .WithMessage("RandomTruncatedNormal: low and high should be finite, low at most high; got 2 and 1.");
        FluentActions.Invoking(() => Tensor.RandomTruncatedNormal([1], random, 0f, float.NaN))
            .Should().Throw<ArgumentException>();
    }

    internal readonly struct Inverse : IUnaryOperation
    {
        public T Apply<T>(T x) where T : struct, ILane<T> => TruncatedNormal.InverseErf(x);

        public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Constant(0f);
    }

    [Fact]
    public void Threads_that_share_a_generator_draw_every_number_once()
    {
        var (shared, serial) = (new RandomGenerator(3), new RandomGenerator(3));
        var drawn = new System.Collections.Concurrent.ConcurrentBag<double>();
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            for (var i = 0; i < 5000; i++)
                drawn.Add(shared.NextDouble());
        });
        shared.Counter.Should().Be(8 * 5000);
        drawn.Order().Should().Equal(Enumerable.Range(0, 8 * 5000).Select(_ => serial.NextDouble()).Order());
    }
}
