using SeqCore.Models;

namespace SeqCore.Tests.Models.Recurrent;

public class TimeFirstTests
{
    private const int B = 2, T = 5, I = 3, H = 4;

    private static readonly RecurrentLayerOptions Batch = new() { Layers = 2, Bidirectional = true };

    public static TheoryData<RecurrentKind> Kinds => new(Enum.GetValues<RecurrentKind>());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_time_first_layer_computes_the_same_with_its_axes_exchanged(RecurrentKind kind)
    {
        using var scope = new TensorScope();
        using var lengths = IndexTensor.FromSpan([3, 5], [B]);
        using RecurrentLayer batchFirst = kind.NewLayer(I, H, new RandomGenerator(1), Batch),
            timeFirst = kind.NewLayer(I, H, new RandomGenerator(1), Batch with { IsTimeFirst = true });
        Variable x = Tensor.RandomNormal([B, T, I], new RandomGenerator(2));
        var state = batchFirst.Forward(x).State;
        var expected = batchFirst.Forward(x, state, lengths);
        var actual = timeFirst.Forward(x.Transpose(0, 1), state, lengths);
        actual.Output.Shape.Should().Equal(T, B, 2 * H);
        actual.Output.Value.Transpose(0, 1).ToArray().Should().Equal(expected.Output.Value.ToArray());
        actual.State.Hidden[3].Value.ToArray().Should().Equal(expected.State.Hidden[3].Value.ToArray());
    }

    [Theory]
    [InlineData(false, "x seems to be time first, (T, B, I); set RecurrentLayerOptions.IsTimeFirst")]
    [InlineData(true, "x seems to be batch first, (B, T, I); do not set RecurrentLayerOptions.IsTimeFirst")]
    public void Axes_that_are_the_wrong_way_round_are_named_where_it_shows(bool isTimeFirst, string hint)
    {
        using var scope = new TensorScope();
        using var layer = new Lstm(I, H, new RandomGenerator(1), new() { IsTimeFirst = isTimeFirst });
        Variable wrong = Tensor.Zeros(isTimeFirst ? [B, T, I] : [T, B, I]);
        using var lengths = IndexTensor.FromSpan([3, 5], [B]);
        layer.Invoking(l => l.Forward(wrong, lengths: lengths)).Should().Throw<ShapeException>()
            .WithMessage($"Lstm: lengths should have shape (B,) = ({T},)*got ({B},)*{hint}*");
        using var state = layer.ZeroState(B);
        layer.Invoking(l => l.Forward(wrong, state)).Should().Throw<ShapeException>()
            .WithMessage($"Lstm: state should have shape (B, H) = ({T}, {H})*got ({B}, {H})*{hint}*");
    }
}
