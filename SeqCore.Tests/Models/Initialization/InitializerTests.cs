using SeqCore.Models;

namespace SeqCore.Tests.Models.Initialization;

public class InitializerTests
{
    [Fact]
    public void Uniform_bounds_follow_their_formulas()
    {
        ShouldFill(t => Initializer.XavierUniform(t, new RandomGenerator(1)), Math.Sqrt(6.0 / (50 + 80)));
        ShouldFill(t => Initializer.XavierUniform(t, new RandomGenerator(1), 2f), 2 * Math.Sqrt(6.0 / (50 + 80)));
        ShouldFill(t => Initializer.KaimingUniform(t, new RandomGenerator(1)), Math.Sqrt(6.0 / 50));
        ShouldFill(t => Initializer.Uniform(t, -0.3f, 0.3f, new RandomGenerator(1)), 0.3);
    }

    [Fact]
    public void Normal_deviations_follow_their_formulas()
    {
        ShouldDeviate(t => Initializer.XavierNormal(t, new RandomGenerator(1)), Math.Sqrt(2.0 / (50 + 80)));
        ShouldDeviate(t => Initializer.KaimingNormal(t, new RandomGenerator(1)), Math.Sqrt(2.0 / 50));
        ShouldDeviate(t => Initializer.KaimingNormal(t, new RandomGenerator(1), 1f), Math.Sqrt(1.0 / 50));
        ShouldDeviate(t => Initializer.Normal(t, 0f, 0.02f, new RandomGenerator(1)), 0.02);
    }

    [Fact]
    public void Truncated_normal_ends_at_two_deviations()
    {
        var values = Initializer.TruncatedNormal(Tensor.Zeros([80, 50]), 1f, 0.5f, new RandomGenerator(1)).ToArray();
        values.Should().OnlyContain(v => v >= 0f && v <= 2f);
        values.Average().Should().BeApproximately(1f, 0.03f);
        values.Max().Should().BeGreaterThan(1.9f);
    }

    [Theory]
    [InlineData(6, 6)]
    [InlineData(5, 9)]
    [InlineData(9, 5)]
    [InlineData(1, 4)]
    public void Orthogonal_rows_or_columns_are_orthonormal(int rows, int columns)
    {
        var w = Initializer.Orthogonal(Tensor.Zeros([rows, columns]), new RandomGenerator(1), 2f);
        var product = rows <= columns ? Tensor.MatMul(w, w.Transpose()) : Tensor.MatMul(w.Transpose(), w);
        var n = Math.Min(rows, columns);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
                product.Select(0, i).Select(0, j).Item().Should().BeApproximately(i == j ? 4f : 0f, 1e-5f);
        }
    }

    [Fact]
    public void Fans_of_more_axes_multiply_the_rest() =>
        Initializer.KaimingUniform(Tensor.Zeros([8, 5, 10]), new RandomGenerator(1)).ToArray().Max(MathF.Abs)
            .Should().BeInRange(0.95f * MathF.Sqrt(6f / 50), MathF.Sqrt(6f / 50));

    [Fact]
    public void Vectors_have_no_fans()
    {
        ((Action)(() => Initializer.XavierUniform(Tensor.Zeros([5]), new RandomGenerator(1))))
            .Should().Throw<ShapeException>().WithMessage("XavierUniform: tensor should have shape (O, I, ...)*");
        ((Action)(() => Initializer.Orthogonal(Tensor.Zeros([5]), new RandomGenerator(1))))
            .Should().Throw<ShapeException>().WithMessage("Orthogonal: tensor*");
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits() =>
        Initializer.Orthogonal(Tensor.Zeros([6, 6]), new RandomGenerator(5)).ToArray()
            .Should().Equal(Initializer.Orthogonal(Tensor.Zeros([6, 6]), new RandomGenerator(5)).ToArray());

    private static void ShouldFill(Action<Tensor> initialize, double bound)
    {
        var tensor = Tensor.Zeros([80, 50]);
        initialize(tensor);
        var values = tensor.ToArray();
        values.Should().OnlyContain(v => Math.Abs(v) <= bound * (1 + 1e-6));
        values.Max().Should().BeGreaterThan((float)(0.98 * bound));
        values.Min().Should().BeLessThan((float)(-0.98 * bound));
    }

    private static void ShouldDeviate(Action<Tensor> initialize, double deviation)
    {
        var tensor = Tensor.Zeros([80, 50]);
        initialize(tensor);
        var values = tensor.ToArray();
        Math.Sqrt(values.Average(v => (double)v * v)).Should().BeApproximately(deviation, 0.05 * deviation);
        values.Average().Should().BeApproximately(0f, (float)(0.06 * deviation));
    }
}
