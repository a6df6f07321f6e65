using SeqCore.Models;
using SeqCore.Samples.LstmVsTransformer;

namespace SeqCore.Tests.Samples.LstmVsTransformer;

public class ContenderTests
{
    private static readonly TransformerSettings settings = new(8, 2, 2);

    [Theory]
    [InlineData(100, 10)]
    [InlineData(105, 10)]
    [InlineData(112, 11)]
    [InlineData(1, 1)]
    [InlineData(0, 1)]
    public void Sizing_finds_the_nearest_number_of_units(long wanted, int units) =>
        Sizing.Nearest(wanted, h => h * h).Should().Be(units);

    [Fact]
    public void Models_whose_speed_is_compared_are_of_equal_size()
    {
        var sizes = new SizedModels(1).Sizes;
        sizes.Should().HaveCount(6);
        var transformer = sizes.Single(s => s.Model == Contender.TransformerTiled).Parameters;
        sizes.Should().OnlyContain(s => Math.Abs(s.Parameters / (double)transformer - 1) < 0.01);
    }

    [Fact]
    public void The_whole_matrix_and_its_tiles_give_the_same()
    {
        using var whole = new TransformerCore(settings with { WholeMatrix = true }, new RandomGenerator(3));
        using var tiled = new TransformerCore(settings, new RandomGenerator(3));
        var x = Tensor.RandomNormal([2, 9, 8], new RandomGenerator(4));
        Close(whole.Forward(x).Value, tiled.Forward(x).Value);
    }

    [Fact]
    public void A_window_as_wide_as_the_sequence_is_none()
    {
        using var window = new TransformerCore(settings with { Window = 9 }, new RandomGenerator(3));
        using var full = new TransformerCore(settings, new RandomGenerator(3));
        var x = Tensor.RandomNormal([2, 9, 8], new RandomGenerator(4));
        Close(window.Forward(x).Value, full.Forward(x).Value);
    }

    [Fact]
    public void What_is_read_out_last_is_the_end_of_all_steps()
    {
        var x = Tensor.RandomNormal([2, 7, 8], new RandomGenerator(4));
        foreach (var contender in Contenders.Learners.Where(c => c != Contender.BidirectionalLstm))
        {
            using var core = contender.Create(8, 5, new RandomGenerator(3), settings);
            Close(core.Last(x, 2).Value, core.Forward(x).Value.Slice(1, 5, 2));
        }
    }

    [Fact]
    public void A_bidirectional_layer_answers_from_both_ends()
    {
        using var layer = new Lstm(8, 5, new RandomGenerator(3), new RecurrentLayerOptions { Bidirectional = true });
        using var core = new BidirectionalCore(layer);
        var x = Tensor.RandomNormal([2, 7, 8], new RandomGenerator(4));
        var (last, all) = (core.Last(x, 1).Value, core.Forward(x).Value);
        Close(last.Slice(2, 0, 5), all.Slice(1, 6, 1).Slice(2, 0, 5));
        Close(last.Slice(2, 5, 5), all.Slice(1, 0, 1).Slice(2, 5, 5));
    }

    [Fact]
    public void An_encoder_without_positions_cannot_tell_the_order()
    {
        using var blind = new TransformerCore(settings with { Causal = false, Positions = false }, new RandomGenerator(3));
        using var seeing = new TransformerCore(settings with { Causal = false }, new RandomGenerator(3));
        var x = Tensor.RandomNormal([1, 6, 8], new RandomGenerator(4));
        var swapped = Tensor.Concat([x.Slice(1, 1, 1), x.Slice(1, 0, 1), x.Slice(1, 2, 4)], 1);
        Close(blind.Last(x, 1).Value, blind.Last(swapped, 1).Value);
        Distance(seeing.Last(x, 1).Value, seeing.Last(swapped, 1).Value).Should().BeGreaterThan(1e-3f);
    }

    [Fact]
    public void Weights_of_the_last_step_add_up_to_one()
    {
        var x = Tensor.RandomNormal([3, 6, 8], new RandomGenerator(4));
        foreach (var contender in Contenders.Learners)
        {
            using var core = contender.Create(8, 5, new RandomGenerator(3), settings);
            var layers = core.LastWeights(x);
            (layers is not null).Should().Be(contender is Contender.AttentiveLstm or Contender.Transformer);
            foreach (var layer in layers ?? [])
            {
                layer.Shape.Sizes.ToArray().Should().Equal(3, contender == Contender.Transformer ? 2 : 1, 6);
                layer.Value.Sum(-1).ToArray().Should().OnlyContain(s => Math.Abs(s - 1) < 1e-5);
            }
        }
    }

    private static void Close(Tensor a, Tensor b)
    {
        a.Shape.Should().Equal(b.Shape);
        Distance(a, b).Should().BeLessThan(1e-5f);
    }

    private static float Distance(Tensor a, Tensor b) => a.ToArray().Zip(b.ToArray(), (x, y) => Math.Abs(x - y)).Max();
}
