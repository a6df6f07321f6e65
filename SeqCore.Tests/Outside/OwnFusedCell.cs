using System.Runtime.CompilerServices;
using SeqCore;
using SeqCore.Kernels;
using SeqCore.Kernels.Cells;
using SeqCore.Models;

namespace Outside;

/// <summary>
/// A minimal gated unit (Zhou et al., "Minimal gated unit for recurrent neural networks", arXiv:1603.09420) whose gate is after
/// the product, as a kernel: f = sigmoid(a_f), q = W_hn h + b_hn, n = tanh(W_in x + b_in + f q), h' = n + f (h - n).
/// dN = dH (1 - f), dA_n = dN (1 - n^2), dF = dA_n q + dH (h - n), dQ = dA_n f. Saved: f, n, q.
/// </summary>
public readonly struct MinimalGatedCell : IRecurrentCell
{
    public static string Name => "MinimalGated";

    public static int Gates => 2;

    public static int Saved => 3;

    public static bool HasCell => false;

    public static int LastHiddenBlock => 2;

    public static int ResetBlock => -1;

    public static bool PassesState => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward<T, TUnit>(ref TUnit unit) where T : struct, ILane<T> where TUnit : struct, IForwardUnit<T>
    {
        var f = T.Sigmoid(unit.Input(0) + unit.Recurrent(0));
        var q = unit.Recurrent(1);
        var n = T.Tanh(T.MultiplyAdd(f, q, unit.Input(1)));
        unit.Save(0, f);
        unit.Save(1, n);
        unit.Save(2, q);
        unit.SetHidden(T.MultiplyAdd(f, unit.PreviousHidden - n, n));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<T, TUnit>(ref TUnit unit, T dHidden, T dCell)
        where T : struct, ILane<T>
        where TUnit : struct, IBackwardUnit<T>
    {
        T f = unit.Saved(0), n = unit.Saved(1), q = unit.Saved(2), one = T.Constant(1f);
        var dA = dHidden * (one - f) * (one - (n * n));
        unit.SetPreviousHiddenGradient(dHidden * f);
        unit.SetGradient(0, T.MultiplyAdd(dA, q, dHidden * (unit.PreviousHidden - n)) * f * (one - f));
        unit.SetGradient(1, dA);
        unit.SetGradient(2, dA * f);
    }
}

/// <summary>Layers of that cell.</summary>
public sealed class MinimalGatedLayer(int inputSize, int hiddenSize, RandomGenerator random,
    RecurrentLayerOptions? options = null)
    : FusedRecurrentLayer(FusedCell.Of<MinimalGatedCell>(), inputSize, hiddenSize, random, options);

public class OwnFusedCellTests
{
    [Fact]
    public void Has_the_right_gradients_over_layers_directions_and_lengths()
    {
        var random = new RandomGenerator(1);
        using var layer = new MinimalGatedLayer(3, 4, random, new RecurrentLayerOptions { Layers = 2, Bidirectional = true });
        using var lengths = IndexTensor.FromSpan([5, 2], [2]);
        GradientCheck.Run(v => layer.Forward(v[0], null, lengths).Output, [Tensor.RandomNormal([2, 5, 3], random)],
            new GradientCheckOptions { AbsoluteTolerance = 1e-3 });
    }

    [Fact]
    public void Has_the_right_gradients_of_its_weights()
    {
        var random = new RandomGenerator(1);
        GradientCheck.Run(
            v => new SeqCore.Functions.RecurrentFunction<MinimalGatedCell>(v[0], v[1], v[2], v[3], v[4], v[5]).ApplyMany()[0],
            [Tensor.RandomNormal([2, 4, 3], random), Tensor.RandomNormal([10, 3], random), Tensor.RandomNormal([10, 5], random),
                Tensor.RandomNormal([10], random), Tensor.RandomNormal([10], random), Tensor.RandomNormal([2, 5], random)],
            new GradientCheckOptions { AbsoluteTolerance = 1e-3 });
    }

    [Fact]
    public void Refuses_what_the_cell_does_not_have()
    {
        var forgets = () => new MinimalGatedLayer(3, 4, new RandomGenerator(1),
            new RecurrentLayerOptions { ForgetGateBias = 1f });
        forgets.Should().Throw<ArgumentException>().WithMessage("MinimalGatedLayer: ForgetGateBias needs a forget gate*");
        var relu = () => new MinimalGatedLayer(3, 4, new RandomGenerator(1),
            new RecurrentLayerOptions { Nonlinearity = RecurrentActivation.Relu });
        relu.Should().Throw<ArgumentException>().WithMessage("MinimalGatedLayer: Nonlinearity is fixed in this cell*");
    }
}
