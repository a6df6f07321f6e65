using SeqCore.Functions;
using SeqCore.Kernels;
using SeqCore.Tests.Kernels.Recurrent;

namespace SeqCore.Tests.Autograd.Functions;

/// <summary>What all recurrent cells share; each class below names a cell.</summary>
public abstract class RecurrentFunctionTests
{
    private protected const int B = 3, T = 4, I = 2, H = 3;
    private static readonly int[] Lengths = [4, 0, 2];
    private readonly TestCell cell;

    private protected RecurrentFunctionTests(CellKind kind) => cell = TestCell.Of(kind);

    private int Gates => cell.Gates;

    private bool HasCell => cell.HasCell;

    [Theory]
    [InlineData("")]
    [InlineData("no state")]
    [InlineData("no bias")]
    [InlineData("no state, no bias, reverse")]
    [InlineData("lengths")]
    [InlineData("reverse")]
    [InlineData("lengths, reverse")]
    [InlineData("zoneout")]
    [InlineData("zoneout, lengths, reverse")]
    [InlineData("time first")]
    [InlineData("time first, lengths, reverse, no state")]
    public void Results_and_gradients_match_the_definition_in_double(string options)
    {
        var keep = options.Contains("zoneout") ? Samples.Uniform(20, 0, 1, T, B, H) : null;
        var keepCell = keep is not null && HasCell ? Samples.Uniform(21, 0, 1, T, B, H) : null;
        var timeFirst = options.Contains("time first");
        var settings = new RecurrentOptions
        {
            TimeFirst = timeFirst,
            Reverse = options.Contains("reverse"),
            Lengths = options.Contains("lengths") ? IndexTensor.FromSpan(Lengths, new Shape(B)) : null,
            KeepHidden = keep,
            KeepCell = keepCell,
        };
        var bias = !options.Contains("no bias");
        var state = !options.Contains("no state");
        var x = timeFirst ? Samples.Of(1, T, B, I) : Samples.Of(1, B, T, I);
        List<Tensor> inputs = [x, Samples.Of(2, Gates * H, I), Samples.Of(3, Gates * H, H)];
        if (bias)
            inputs.AddRange([Samples.Of(4, Gates * H), Samples.Of(5, Gates * H)]);
        if (state)
            inputs.Add(Samples.Of(6, B, H));
        if (state && HasCell)
            inputs.Add(Samples.Of(7, B, H));
        TItem? At<TItem>(TItem[] given, int place, bool there) where TItem : class => there ? given[place] : null;
        var first = bias ? 5 : 3;

        GradientCheck.Run(
            v => cell.Function(v[0], v[1], v[2], At(v, 3, bias), At(v, 4, bias), At(v, first, state),
                At(v, first + 1, state && HasCell), settings).ApplyMany(),
            v =>
            {
                var (y, hN, cN) = Definition.Recurrent(cell.Definition, B, T, timeFirst ? Swapped(v[0], T, B, I) : v[0],
                    v[1], v[2], At(v, 3, bias) ?? new double[Gates * H], At(v, 4, bias) ?? new double[Gates * H],
                    At(v, first, state) ?? new double[B * H], At(v, first + 1, state && HasCell) ?? new double[B * H],
                    settings.Lengths is null ? null : Lengths, settings.Reverse, Doubles(keep), Doubles(keepCell));
                var results = timeFirst ? Swapped(y, B, T, H) : y;
                return HasCell ? [results, hN, cN] : [results, hN];
            },
            [.. inputs], new GradientCheckOptions { RelativeTolerance = 1e-4, AbsoluteTolerance = 2e-5 });
    }

    private static double[]? Doubles(Tensor? x) => x is null ? null : Array.ConvertAll(x.ToArray(), v => (double)v);

    /// <summary>(rows, columns, width) to (columns, rows, width).</summary>
    private static double[] Swapped(double[] x, int rows, int columns, int width) =>
        [.. from c in Enumerable.Range(0, columns)
            from r in Enumerable.Range(0, rows)
            from k in Enumerable.Range(0, width)
            select x[(((r * columns) + c) * width) + k]];

    [Fact]
    public void One_result_alone_passes_its_gradient_back()
    {
        foreach (var result in (int[])[0, 1])
        {
            GradientCheck.Run(v => cell.Function(v[0], v[1], v[2], null, null, null, null, null).ApplyMany()[result] * 2f,
                [Samples.Of(1, B, T, I), Samples.Of(2, Gates * H, I), Samples.Of(3, Gates * H, H)]);
        }
    }

    [Fact]
    public void Constants_among_the_inputs_are_left_out() =>
        GradientCheck.Run(
            v => cell.Function(Samples.Of(1, B, T, I), v[0], Samples.Of(3, Gates * H, H), null, null, v[1], null, null)
                .ApplyMany(),
            [Samples.Of(2, Gates * H, I), Samples.Of(6, B, H)]);

    [Fact]
    public void A_view_with_any_strides_serves_as_input()
    {
        var (wIh, wHh) = (Samples.Of(2, Gates * H, I), Samples.Of(3, Gates * H, H));
        GradientCheck.Run(v => cell.Function(v[0].Transpose(0, 1), v[1], v[2], null, null, null, null, null).ApplyMany(),
            [Samples.Of(1, T, B, I), wIh, wHh]);
        GradientCheck.Run(
            v => cell.Function(v[0].Slice(2, 1, I).Slice(1, 0, T), v[1], v[2], null, null, null, null, null).ApplyMany(),
            [Samples.Of(1, B, T + 1, I + 2), wIh, wHh]);
        GradientCheck.Run(
            v => cell.Function(v[0].Permute(2, 0, 1), v[1].Transpose(), v[2].Transpose(), null, null, null, null, null)
                .ApplyMany(),
            [Samples.Of(1, T, I, B), Samples.Of(2, I, Gates * H), Samples.Of(3, H, Gates * H)]);
    }

    [Fact]
    public void Results_are_the_same_with_and_without_a_tape()
    {
        var x = new Variable(Samples.Of(1, B, T, I), requiresGradient: true);
        Variable[] Run() =>
            cell.Function(x, Samples.Of(2, Gates * H, I), Samples.Of(3, Gates * H, H), null, null, null, null, null).ApplyMany();
        var without = Run();
        using var tape = new Tape();
        Run().Zip(without).Should().AllSatisfy(p => p.First.Value.ToArray().Should().Equal(p.Second.Value.ToArray()));
    }

    [Fact]
    public void Wrong_shapes_are_named_with_letters_and_numbers()
    {
        Action Case(Tensor? x = null, Tensor? weightIh = null, Tensor? weightHh = null, Tensor? biasIh = null,
            Tensor? biasHh = null, Tensor? h0 = null, Tensor? c0 = null, RecurrentOptions? options = null)
        {
            static Variable? Or(Tensor? tensor) => tensor is null ? null : new Variable(tensor);
            return () => cell.Function(x ?? Samples.Of(1, B, T, I), weightIh ?? Samples.Of(1, Gates * H, I), weightHh
                ?? Samples.Of(1, Gates * H, H), Or(biasIh), Or(biasHh), Or(h0), Or(c0), options).ApplyMany()[0].Value.ToArray();
        }

        var g = Gates == 1 ? "" : $"{Gates}";
        Case(x: Samples.Of(1, T, I)).Should().Throw<ShapeException>()
            .WithMessage("*: x should have shape (B, T, I); got (4, 2).*");
        Case(weightIh: Samples.Of(1, Gates * H, I + 1)).Should().Throw<ShapeException>().WithMessage("*: weightIh should have"
            + $" shape ({g}H, I) = ({Gates * H}, 2) because x is (3, 4, 2) and H = 3; got ({Gates * H}, 3).*");
        Case(weightHh: Samples.Of(1, (Gates * H) + 1, H))
            .Should().Throw<ShapeException>().WithMessage($"*: weightHh should have shape ({g}H, H)*");
        Case(weightHh: Samples.Of(1, 3))
            .Should().Throw<ShapeException>().WithMessage($"*: weightHh should have shape ({g}H, H)*");
        Case(biasIh: Samples.Of(1, H + 1)).Should().Throw<ShapeException>().WithMessage($"*: biasIh should have shape ({g}H,)*");
        Case(biasHh: Samples.Of(1, H + 1)).Should().Throw<ShapeException>().WithMessage($"*: biasHh should have shape ({g}H,)*");
        Case(h0: Samples.Of(1, 1, B, H))
            .Should().Throw<ShapeException>().WithMessage("*: h0 should have shape (B, H) = (3, 3)*got (1, 3, 3).*");
        Case(options: new RecurrentOptions { Lengths = IndexTensor.FromSpan([1], new Shape(1)) })
            .Should().Throw<ShapeException>().WithMessage("*: lengths should have shape (B,) = (3,)*");
        Case(options: new RecurrentOptions { KeepHidden = Samples.Of(1, B, T, H) })
            .Should().Throw<ShapeException>().WithMessage("*: keepHidden should have shape (T, B, H) = (4, 3, 3)*");
        Case(options: new RecurrentOptions { Lengths = IndexTensor.FromSpan([1, 5, 1], new Shape(B)) })
            .Should().Throw<ArgumentException>().WithMessage("*5*");
        var otherGates = Gates == 4 ? 3 : 4;
        Case(weightIh: Samples.Of(1, otherGates * H, I)).Should().Throw<ShapeException>().WithMessage($"*Hint: {otherGates * H}"
            + $" is {otherGates} times H = 3; do these weights belong to {(otherGates == 4 ? "an LSTM" : "a GRU")}?*");
        if (HasCell)
        {
            Case(c0: Samples.Of(1, B, H + 1))
                .Should().Throw<ShapeException>().WithMessage("*: c0 should have shape (B, H) = (3, 3)*");
        }
        else
        {
            Case(options: new RecurrentOptions { KeepCell = Samples.Of(1, T, B, H) })
                .Should().Throw<ArgumentException>().WithMessage("*no cell state*KeepHidden*");
            Case(c0: Samples.Of(1, B, H)).Should().Throw<ArgumentException>().WithMessage("*no cell state*c0 should be null*");
        }
    }
}

public class LstmFunctionTests() : RecurrentFunctionTests(CellKind.Lstm)
{
    [Fact]
    public void The_cell_state_alone_passes_its_gradient_back() =>
        GradientCheck.Run(v => new RecurrentFunction<PlainLstm>(v[0], v[1], v[2]).ApplyMany()[2] * 2f,
            [Samples.Of(1, B, T, I), Samples.Of(2, 4 * H, I), Samples.Of(3, 4 * H, H)]);
}

public class GruFunctionTests() : RecurrentFunctionTests(CellKind.Gru);

public class ResetFirstGruFunctionTests() : RecurrentFunctionTests(CellKind.ResetFirstGru);

public class ResetFirstTanhFunctionTests() : RecurrentFunctionTests(CellKind.ResetFirstTanh);

public class HardLstmFunctionTests() : RecurrentFunctionTests(CellKind.HardLstm);

public class CoupledLstmFunctionTests() : RecurrentFunctionTests(CellKind.CoupledLstm);

public class RnnFunctionTests() : RecurrentFunctionTests(CellKind.Tanh)
{
    /// <summary>At points away from the kinks of max(x, 0).</summary>
    [Fact]
    public void Relu_and_its_gradient_match_the_definition_in_double()
    {
        var cell = TestCell.Of(CellKind.Relu);
        GradientCheck.Run(v => cell.Function(v[0], v[1], v[2], null, null, null, null, null).ApplyMany(),
            v =>
            {
                var (y, hN, _) = Definition.Recurrent(cell.Definition, B, T, v[0], v[1], v[2], new double[H], new double[H],
                    new double[B * H], new double[B * H]);
                return [y, hN];
            },
            [Samples.Of(1, B, T, I), Samples.Of(2, H, I), Samples.Of(3, H, H)],
            new GradientCheckOptions { RelativeTolerance = 1e-4, AbsoluteTolerance = 2e-5 });
    }
}
