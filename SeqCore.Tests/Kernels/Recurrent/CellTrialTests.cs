using System.Runtime.CompilerServices;
using SeqCore.Kernels;
using SeqCore.Kernels.Cells;
using SeqCore.Models;

namespace SeqCore.Tests.Kernels.Recurrent;

/// <summary>A cell that does not keep the rules is refused when it is first used, with its name and the member.</summary>
public class CellTrialTests
{
    public static TheoryData<string, Action> Faults => new()
    {
        { "Gates should be 1 to 4; it is 0", Use<NoGates> },
        { "Gates should be 1 to 4; it is 5", Use<FiveGates> },
        { "Saved should be from Gates, 1, to 4; it is 0", Use<SavesNothing> },
        { "Saved should be from Gates, 1, to 4; it is 5", Use<SavesFive> },
        { "LastHiddenBlock should be the last gate, 0, or a saved block after the gates, below Saved, 2; it is 2",
            Use<LastBlockOutside> },
        { "ResetBlock should be -1, or for a cell of several gates *; it is 1", Use<ResetOfOneGate> },
        { "ForgetGate should be null or one of the 1 gates; it is 1", Use<ForgetsNoGate> },
        { "Forward calls Save(2), but the saved blocks are 0 to 1, by Saved", Use<SavesOutside> },
        { "Forward calls Input(1), but the gates are 0 to 0", Use<ReadsOutside> },
        { "Forward calls Input(0) after Save(0), which overwrites it", Use<ReadsTooLate> },
        { "Forward calls Recurrent(1), but the gates with a product there are 0 to 0", Use<MultipliesOutside> },
        { "Forward reads PreviousCell, but HasCell is false", Use<ReadsNoCell> },
        { "Forward does not call SetCell, but HasCell is true", Use<SetsNoCell> },
        { "Backward calls Saved(2), but the saved blocks are 0 to 1, by Saved", Use<ReadsBackOutside> },
        { "Backward calls Saved(1), which Forward does not save", Use<ReadsWhatNobodySaved> },
        { "Backward calls SetGradient(1), which is neither one of the gates, 0 to 0, nor LastHiddenBlock", Use<WritesNoGate> },
        { "Backward does not call SetGradient(1)", Use<ForgetsTheHiddenSide> },
        { "Backward reads PreviousHidden, but PassesState is false", Use<PassesNothing> },
        { "Backward does not call SetPreviousHiddenGradient, but PassesState is true", Use<ForgetsToPass> },
    };

    [Theory, MemberData(nameof(Faults))]
    public void A_fault_is_refused_by_name(string problem, Action use) =>
        use.Should().Throw<ArgumentException>().WithMessage($"The cell Faulty: {problem}.");

    [Fact]
    public void A_cell_without_faults_is_taken()
    {
        FusedCell.Of<FaultyCell<NoFault>>().Gates.Should().Be(1);
        Backend.RecurrentWorkspace<FaultyCell<NoFault>>(new RecurrentShape(1, 1, 1, 1)).Should().Be(4);
    }

    [Fact]
    public void A_reset_block_needs_the_equations_of_the_reset()
    {
        var use = () => FusedCell.Of<WithoutReset>();
        use.Should().Throw<ArgumentException>()
            .WithMessage("The cell WithoutReset: ResetBlock is 2, so Reset and BackwardReset are needed.");
    }

    [Fact]
    public void Every_entrance_checks()
    {
        FluentActions.Invoking(() => FusedCell.Of<FaultyCell<SavesOutside>>()).Should().Throw<ArgumentException>();
        var x = Tensor.Ones([1, 1, 1]);
        var w = Tensor.Ones([1, 1]);
        FluentActions.Invoking(() => new Functions.RecurrentFunction<FaultyCell<SavesOutside>>(x, w, w, null, null, null, null)
            .ApplyMany()).Should().Throw<ArgumentException>().WithMessage("The cell Faulty: *");
    }

    private static void Use<TFault>() where TFault : struct, IFault => FusedCell.Of<FaultyCell<TFault>>();

    private interface IFault
    {
        static virtual int Gates => 1;

        static virtual int Saved => 2;

        static virtual bool HasCell => false;

        static virtual int LastHiddenBlock => 0;

        static virtual int ResetBlock => -1;

        static virtual int? ForgetGate => null;

        static virtual bool PassesState => false;

        static virtual int InputGate => 0;

        static virtual int ProductGate => 0;

        static virtual int SavedBlock => 0;

        static virtual bool ReadsAgain => false;

        static virtual bool ReadsCell => false;

        static virtual int ReadBlock => 0;

        static virtual int Gradient => 0;

        static virtual bool ReadsHidden => false;
    }

    private readonly struct NoFault : IFault;

    private readonly struct NoGates : IFault
    {
        public static int Gates => 0;
    }

    private readonly struct FiveGates : IFault
    {
        public static int Gates => 5;
    }

    private readonly struct SavesNothing : IFault
    {
        public static int Saved => 0;
    }

    private readonly struct SavesFive : IFault
    {
        public static int Saved => 5;
    }

    private readonly struct LastBlockOutside : IFault
    {
        public static int LastHiddenBlock => 2;
    }

    private readonly struct ResetOfOneGate : IFault
    {
        public static int ResetBlock => 1;
    }

    private readonly struct ForgetsNoGate : IFault
    {
        public static int? ForgetGate => 1;
    }

    private readonly struct SavesOutside : IFault
    {
        public static int SavedBlock => 2;
    }

    private readonly struct ReadsOutside : IFault
    {
        public static int InputGate => 1;
    }

    private readonly struct ReadsTooLate : IFault
    {
        public static bool ReadsAgain => true;
    }

    private readonly struct MultipliesOutside : IFault
    {
        public static int ProductGate => 1;
    }

    private readonly struct ReadsNoCell : IFault
    {
        public static bool ReadsCell => true;
    }

    private readonly struct SetsNoCell : IFault
    {
        public static bool HasCell => true;
    }

    private readonly struct ReadsBackOutside : IFault
    {
        public static int ReadBlock => 2;
    }

    private readonly struct ReadsWhatNobodySaved : IFault
    {
        public static int ReadBlock => 1;
    }

    private readonly struct WritesNoGate : IFault
    {
        public static int Gradient => 1;
    }

    private readonly struct ForgetsTheHiddenSide : IFault
    {
        public static int LastHiddenBlock => 1;
    }

    private readonly struct PassesNothing : IFault
    {
        public static bool ReadsHidden => true;
    }

    private readonly struct ForgetsToPass : IFault
    {
        public static bool PassesState => true;
    }

    /// <summary>h' = tanh(a), with one fault.</summary>
    private readonly struct FaultyCell<TFault> : IRecurrentCell where TFault : struct, IFault
    {
        public static string Name => "Faulty";

        public static int Gates => TFault.Gates;

        public static int Saved => TFault.Saved;

        public static bool HasCell => TFault.HasCell;

        public static int LastHiddenBlock => TFault.LastHiddenBlock;

        public static int? ForgetGate => TFault.ForgetGate;

        public static bool PassesState => TFault.PassesState;

        public static int ResetBlock => TFault.ResetBlock;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Forward<T, TUnit>(ref TUnit unit) where T : struct, ILane<T> where TUnit : struct, IForwardUnit<T>
        {
            var h = T.Tanh(unit.Input(TFault.InputGate) + unit.Recurrent(TFault.ProductGate));
            unit.Save(0, h);
            unit.Save(TFault.SavedBlock, h);
            if (TFault.ReadsAgain)
                h += unit.Input(0);
            if (TFault.ReadsCell)
                h += unit.PreviousCell;
            unit.SetHidden(h);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Backward<T, TUnit>(ref TUnit unit, T dHidden, T dCell)
            where T : struct, ILane<T>
            where TUnit : struct, IBackwardUnit<T>
        {
            var h = unit.Saved(TFault.ReadBlock);
            if (TFault.ReadsHidden)
                h += unit.PreviousHidden;
            unit.SetGradient(0, dHidden * (T.Constant(1f) - (h * h)));
            unit.SetGradient(TFault.Gradient, dHidden);
        }
    }

    private readonly struct WithoutReset : IRecurrentCell
    {
        public static string Name => nameof(WithoutReset);

        public static int Gates => 2;

        public static int Saved => 3;

        public static bool HasCell => false;

        public static int LastHiddenBlock => 1;

        public static int ResetBlock => 2;

        public static bool PassesState => true;

        public static void Forward<T, TUnit>(ref TUnit unit) where T : struct, ILane<T> where TUnit : struct, IForwardUnit<T> =>
            ResetFirstTanhCell.Forward<T, TUnit>(ref unit);

        public static void Backward<T, TUnit>(ref TUnit unit, T dHidden, T dCell)
            where T : struct, ILane<T>
            where TUnit : struct, IBackwardUnit<T> =>
            ResetFirstTanhCell.Backward(ref unit, dHidden, dCell);
    }
}
