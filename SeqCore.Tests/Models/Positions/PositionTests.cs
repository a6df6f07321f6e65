using SeqCore.Models;
using SeqCore.Tests.Goldens;

namespace SeqCore.Tests.Models.Positions;

public class PositionTests
{
    [Fact]
    public void Sinusoids_are_those_of_the_formula()
    {
        var golden = Golden.Read("transformer_rows.json").GetProperty("Sinusoidal");
        using SinusoidalPositions even = new(6), odd = new(5);
        even.Forward(Tensor.Zeros([9, 6])).Value.ShouldBeCloseTo(golden.GetProperty("y").ToTensor(), 1e-7f, "D = 6");
        odd.Forward(Tensor.Zeros([3, 5])).Value.ShouldBeCloseTo(golden.GetProperty("odd").ToTensor(), 1e-7f, "D = 5");
    }

    [Fact]
    public void Sinusoids_do_not_end_and_are_added_to_each_sequence_from_its_first_position_on()
    {
        using var positions = new SinusoidalPositions(4);
        Variable x = Tensor.Full([2, 3, 4], 10f);
        var y = positions.Forward(x, 999).Value;
        double[] row = [Math.Sin(1001), Math.Cos(1001), Math.Sin(10.01), Math.Cos(10.01)];
        for (var b = 0; b < 2; b++)
            y.Select(0, b).Select(0, 2).ToArray().ShouldBeCloseTo([.. row.Select(v => (float)(10 + v))], 1e-6f, "position 1001");
        positions.MaximumLength.Should().BeNull();
        positions.Parameters().Should().BeEmpty();
    }

    [Fact]
    public void Learned_positions_are_trained_where_they_were_used()
    {
        using var positions = new LearnedPositions(5, 3, new RandomGenerator(1));
        positions.StateDictionary().Keys.Should().Equal("weight");
        using var tape = new Tape();
        var y = positions.Forward(Tensor.Zeros([2, 3, 3]), 1);
        y.Value.Select(0, 1).ToArray().Should().Equal(positions.Weight.Value.Slice(0, 1, 3).ToArray());
        tape.Backward(y.Sum());
        positions.Weight.Gradient!.ToArray().Should().Equal(0, 0, 0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0, 0, 0);
    }

    [Fact]
    public void Positions_may_differ_between_the_rows_of_a_batch()
    {
        using LearnedPositions learned = new(5, 3, new RandomGenerator(1));
        using SinusoidalPositions sinusoidal = new(3);
        using var positions = IndexTensor.FromArray(new[,] { { 0, 0, 1 }, { 2, 3, 4 } });
        foreach (var encoding in (PositionEncoding[])[learned, sinusoidal])
        {
            var x = new Variable(Tensor.RandomNormal([2, 3, 3], new RandomGenerator(2)));
            var y = encoding.Forward(x, positions).Value;
            y.Slice(0, 1, 1).ToArray().Should().Equal(encoding.Forward(x.Slice(0, 1, 1), 2).Value.ToArray());
            y.Slice(0, 0, 1).Slice(1, 1, 2).ToArray()
                .Should().Equal(encoding.Forward(x.Slice(0, 0, 1).Slice(1, 1, 2)).Value.ToArray());
            using var shared = IndexTensor.FromArray([1, 2, 3]);
            encoding.Forward(x, shared).Value.ToArray().Should().Equal(encoding.Forward(x, 1).Value.ToArray());
            encoding.Invoking(e => e.Forward(x.Squeeze().Select(0, 0).Select(0, 0), positions)).Should().Throw<ShapeException>();
        }

        using (var tape = new Tape())
            tape.Backward(learned.Forward(Tensor.Zeros([2, 3, 3]), positions).Sum());
        learned.Weight.Gradient!.Select(1, 0).ToArray().Should().Equal(2, 1, 1, 1, 1);
        foreach (var wrong in (int[])[-1, 5])
        {
            using var outside = IndexTensor.FromArray([0, wrong, 1]);
            learned.Invoking(p => p.Forward(Tensor.Zeros([2, 3, 3]), outside)).Should().Throw<ArgumentException>()
                .WithMessage($"LearnedPositions: there is no position {wrong}; positions are in [0, 5).*");
        }
    }

    [Fact]
    public void Wrong_sequences_are_named()
    {
        using LearnedPositions positions = new(5, 3, new RandomGenerator(1));
        positions.Invoking(p => p.Forward(Tensor.Zeros([2, 6, 3])))
            .Should().Throw<ShapeException>().WithMessage("LearnedPositions: x should have shape (..., T,"
                + " D) with T at most 5 because there are 5 positions and it begins at 0; got (2, 6, 3).");
        positions.Invoking(p => p.Forward(Tensor.Zeros([2, 3]), 4))
            .Should().Throw<ShapeException>().WithMessage("*T at most 1*begins at 4*");
        positions.Invoking(p => p.Forward(Tensor.Zeros([2, 4]))).Should().Throw<ShapeException>()
            .WithMessage("LearnedPositions: x should have shape (..., T, D) = (..., T, 3); got (2, 4).");
        positions.Invoking(p => p.Forward(Tensor.Zeros([2, 3]), -1)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Theory]
    [InlineData(RotaryPairs.HalfSplit)]
    [InlineData(RotaryPairs.Interleaved)]
    public void Rotary_steps_one_by_one_are_the_whole_sequence_at_once(RotaryPairs pairs)
    {
        using var rotary = new RotaryPositions(6, 4, 500, 0.25, pairs);
        Variable x = Tensor.RandomNormal([2, 70, 20], new RandomGenerator(1));
        var whole = rotary.Forward(x, 3);
        foreach (var t in (int[])[0, 1, 63, 64, 69])
            rotary.Forward(x.Slice(1, t, 1), 3, t).Value.ToArray().Should().Equal(whole.Value.Slice(1, t, 1).ToArray());
        whole.Value.Slice(2, 18, 2).ToArray()
            .Should().Equal(x.Value.Slice(2, 18, 2).ToArray(), "what follows the heads is copied");
        var apart = rotary.Forward(x.Slice(2, 6, 6).Unsqueeze(1), 1);
        apart.Value.ToArray().Should().Equal(whole.Value.Slice(2, 6, 6).ToArray(), "a head apart is turned as among others");
    }

    [Fact]
    public void Rotary_angles_scale_with_base_and_position()
    {
        using RotaryPositions plain = new(4, frequencyBase: 100), slow = new(4, frequencyBase: 100, positionScale: 0.5);
        Variable one = Tensor.FromSpan([1f, 1f, 0f, 0f], [1, 4]);
        plain.Forward(one, 1, 3).Value.ToArray().ShouldBeCloseTo(
            [(float)Math.Cos(3), (float)Math.Cos(0.3), (float)Math.Sin(3), (float)Math.Sin(0.3)], 1e-6f, "turned");
        slow.Forward(one, 1, 6).Value.ToArray().Should().Equal(plain.Forward(one, 1, 3).Value.ToArray());
    }

    [Fact]
    public void A_table_that_grows_stays_usable_for_the_backward_pass()
    {
        using var rotary = new RotaryPositions(2);
        var x = new Variable(Tensor.Ones([4, 2]), requiresGradient: true);
        using var tape = new Tape();
        var first = rotary.Forward(x, 1);
        var second = rotary.Forward(x, 1, 500);
        tape.Backward((first + second).Sum());
        x.Gradient!.ToArray()[6]
            .Should().BeApproximately((float)(Math.Cos(3) + Math.Sin(3) + Math.Cos(503) + Math.Sin(503)), 1e-5f);
    }

    [Fact]
    public void A_negative_scale_turns_the_other_way_and_none_is_refused()
    {
        using RotaryPositions there = new(4), back = new(4, positionScale: -1);
        using var scope = new TensorScope();
        Variable x = Tensor.RandomNormal([1, 3, 4], new RandomGenerator(1));
        back.Forward(there.Forward(x, 1), 1).Value.ToArray().ShouldBeCloseTo(x.Value.ToArray(), 1e-6f, "turned there and back");
        foreach (var scale in (double[])[0, double.NaN, double.PositiveInfinity])
        {
            FluentActions.Invoking(() => new RotaryPositions(4, positionScale: scale))
                .Should().Throw<ArgumentOutOfRangeException>().WithMessage("RotaryPositions: the factor of the position*not 0*");
        }
    }

    [Theory]
    [InlineData(5, null)]
    [InlineData(6, 3)]
    [InlineData(6, 8)]
    [InlineData(6, 0)]
    public void Rotary_sizes_are_even_and_within_the_head(int headSize, int? rotarySize) =>
        FluentActions.Invoking(() => new RotaryPositions(headSize, rotarySize)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage($"RotaryPositions: the number of elements rotated should be even and in [2, {headSize}]*");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(16)]
    public void Alibi_slopes_are_those_of_the_authors(int heads) =>
        AlibiSlopes.Of(heads).ShouldBeCloseTo(
            Golden.Read("transformer_rows.json").GetProperty("Alibi").GetProperty($"{heads}").ToTensor(), 1e-7f, "slopes");

    [Fact]
    public void Rotary_positions_may_differ_between_rows()
    {
        using var rotary = new RotaryPositions(4);
        var x = Tensor.RandomNormal([2, 3, 8], new RandomGenerator(1));
        using var positions = IndexTensor.FromArray(new[,] { { 0, 1, 2 }, { 700, 701, 702 } });
        var y = rotary.Forward(x, 2, positions).Value;
        y.Slice(0, 0, 1).ToArray().Should().Equal(rotary.Forward(x.Slice(0, 0, 1), 2).Value.ToArray());
        y.Slice(0, 1, 1).ToArray().Should().Equal(rotary.Forward(x.Slice(0, 1, 1), 2, firstPosition: 700).Value.ToArray());
    }
}
