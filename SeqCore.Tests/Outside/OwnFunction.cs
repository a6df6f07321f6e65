using SeqCore;

namespace Outside;

/// <summary>y = x / |x| over the last axis, with its gradient dX = (dY - y (y' dY)) / |x|.</summary>
public sealed class UnitLengthFunction(Variable x) : Function(x)
{
    private Tensor? y;
    private Tensor? length;

    /// <inheritdoc/>
    protected override Tensor Forward()
    {
        length = x.Value.Square().Sum(-1, keepDimensions: true).Sqrt();
        if (IsRecorded)
            Save(length);   // goes back to the pool as soon as Backward has run
        return y = x.Value / length;
    }

    /// <inheritdoc/>
    protected override void Backward(Tensor dY)
    {
        if (NeedsGradient(x))
            AddGradient(x, (dY - (y! * (y! * dY).Sum(-1, keepDimensions: true))) / length!);
    }
}

/// <summary>A function with two results: half of the rows of x (B, ...) and the other half, in one operation.</summary>
public sealed class HalvesFunction(Variable x) : MultiFunction(x)
{
    private int Half => x.Shape[0] / 2;

    /// <inheritdoc/>
    protected override Tensor[] ForwardMany() => [x.Value.Slice(0, 0, Half), x.Value.Slice(0, Half, Half)];

    /// <inheritdoc/>
    protected override void BackwardMany(Tensor?[] dY)
    {
        for (var i = 0; i < dY.Length; i++)
        {
            var start = i * Half;
            if (dY[i] is { } gradient)
                AddGradient(x, gradient, whole => whole.Slice(0, start, Half));
        }
    }
}

public class OwnFunctionTests
{
    [Fact]
    public void Computes_vectors_of_length_1() =>
        new UnitLengthFunction(Tensor.FromSpan([3f, 4f, 0f, 5f], [2, 2])).Apply().Value.ToArray().Should()
            .Equal(0.6f, 0.8f, 0f, 1f);

    [Fact]
    public void Its_gradient_matches_differences_of_its_definition_in_double() =>
        GradientCheck.Run(v => new UnitLengthFunction(v[0]).Apply(), x => Definition(x[0], 5), [Random(4, 5)])
            .Checked.Should().Be(20);

    [Fact]
    public void A_function_may_have_several_results()
    {
        GradientCheck.Run(v => new HalvesFunction(v[0]).ApplyMany(), [Random(4, 3)]);
        using var tape = new Tape();
        var x = new Variable(Random(4, 3), requiresGradient: true);
        tape.Backward(new HalvesFunction(x).ApplyMany()[1].Sum());
        x.Gradient!.ToArray().Should().Equal([.. Enumerable.Repeat(0f, 6), .. Enumerable.Repeat(1f, 6)]);
    }

    [Fact]
    public void A_wrong_gradient_is_found() =>
        FluentActions.Invoking(() => GradientCheck.Run(v => new WrongFunction(v[0]).Apply(), [Tensor.Full([3], 2f)])).Should()
            .Throw<GradientCheckException>();

    [Fact]
    public void Its_name_stands_in_errors()
    {
        using var tape = new Tape(detectAnomalies: true);
        var x = new Variable(Tensor.Zeros([2]), requiresGradient: true);
        FluentActions.Invoking(() => new UnitLengthFunction(x).Apply()).Should().Throw<AnomalyException>()
            .WithMessage("UnitLength: the forward pass gave NaN*");
    }

    private static Tensor Random(params int[] sizes) => Tensor.RandomNormal(sizes, new RandomGenerator(1));

    private static double[] Definition(double[] x, int columns) =>
        [.. x.Chunk(columns).SelectMany(row => row.Select(v => v / Math.Sqrt(row.Sum(u => u * u))))];

    private sealed class WrongFunction(Variable x) : Function(x)
    {
        protected override Tensor Forward() => x.Value.Square();

        protected override void Backward(Tensor dY) => AddGradient(x, dY * x.Value);
    }
}
