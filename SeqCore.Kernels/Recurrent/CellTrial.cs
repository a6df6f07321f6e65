using SeqCore.Kernels.Cells;

namespace SeqCore.Kernels.Recurrent;

/// <summary>
/// Checks a cell when it is first used: its constants, and in a trial of one step what its equations read and write. A block out
/// of range would otherwise be a place in the next row.
/// </summary>
internal static class CellTrial<TCell> where TCell : struct, IRecurrentCell
{
    private static volatile bool hasPassed;

    /// <summary>Requires that the cell keeps the rules of <see cref="IRecurrentCell"/>.</summary>
    /// <exception cref="ArgumentException">It does not; the message names the cell and the member.</exception>
    internal static void Require()
    {
        if (hasPassed)
            return;
        Constants();
        Equations();
        hasPassed = true;
    }

    internal static ArgumentException Wrong(string problem, Exception? inner = null) =>
        new($"The cell {TCell.Name}: {problem}.", inner);

    private static void Constants()
    {
        int gates = TCell.Gates, saved = TCell.Saved, last = TCell.LastHiddenBlock, reset = TCell.ResetBlock;
        if (gates is < 1 or > 4)
            throw Wrong($"{nameof(TCell.Gates)} should be 1 to 4; it is {gates}");
        if (saved < gates || saved > 4)
            throw Wrong($"{nameof(TCell.Saved)} should be from {nameof(TCell.Gates)}, {gates}, to 4; it is {saved}");
        if (last < gates - 1 || last >= saved)
        {
            throw Wrong($"{nameof(TCell.LastHiddenBlock)} should be the last gate, {gates - 1}, or a saved block after the"
                + $" gates, below {nameof(TCell.Saved)}, {saved}; it is {last}");
        }

        if (reset != -1 && (gates == 1 || reset < gates || reset >= saved || reset == last))
        {
            throw Wrong($"{nameof(TCell.ResetBlock)} should be -1, or for a cell of several gates a saved block after the gates,"
                + $" below {nameof(TCell.Saved)}, {saved}, and not {nameof(TCell.LastHiddenBlock)}; it is {reset}");
        }

        if (TCell.ForgetGate is { } forget && (forget < 0 || forget >= gates))
            throw Wrong($"{nameof(TCell.ForgetGate)} should be null or one of the {gates} gates; it is {forget}");
    }

    private static void Equations()
    {
        var forward = new TrialForward<TCell>();
        if (TCell.ResetBlock >= 0)
        {
            forward.Begin(nameof(TCell.Reset), 0, TCell.Gates - 1);
            Implemented(() => TCell.Reset<LaneScalar, TrialForward<TCell>>(ref forward));
            forward.Begin(nameof(TCell.Forward), TCell.Gates - 1, TCell.Gates);
        }
        else
        {
            forward.Begin(nameof(TCell.Forward), 0, TCell.Gates);
        }

        TCell.Forward<LaneScalar, TrialForward<TCell>>(ref forward);
        forward.End();
        var backward = new TrialBackward<TCell>(forward.Saved);
        var one = LaneScalar.Constant(1f);
        TCell.Backward(ref backward, one, one);
        if (TCell.ResetBlock >= 0)
        {
            backward.Reads(nameof(TCell.BackwardReset));
            Implemented(() => TCell.BackwardReset(ref backward, one));
        }

        backward.End();
    }

    private static void Implemented(Action equations)
    {
        try
        {
            equations();
        }
        catch (NotSupportedException missing)
        {
            throw Wrong($"{nameof(TCell.ResetBlock)} is {TCell.ResetBlock}, so {nameof(TCell.Reset)} and"
                + $" {nameof(TCell.BackwardReset)} are needed", missing);
        }
    }
}

/// <summary>The unit of a forward trial, which notes what is written and refuses what is not there.</summary>
internal struct TrialForward<TCell> : IForwardUnit<LaneScalar> where TCell : struct, IRecurrentCell
{
    private string member;
    private int firstProduct;
    private int endProduct;
    private int written;
    private bool hasCell;
    private bool hasHidden;

    /// <summary>The saved blocks, as bits.</summary>
    internal int Saved { get; private set; }

    public readonly LaneScalar PreviousHidden => LaneScalar.Constant(0.5f);

    public readonly LaneScalar PreviousCell => TCell.HasCell
        ? LaneScalar.Constant(0.5f)
        : throw Wrong($"reads {nameof(PreviousCell)}, but {nameof(TCell.HasCell)} is false");

    public readonly LaneScalar Input(int gate) => gate >= 0 && gate < TCell.Gates && (written >> gate & 1) == 0
        ? LaneScalar.Constant(0.5f)
        : throw Wrong(gate >= 0 && gate < TCell.Gates
            ? $"calls {nameof(Input)}({gate}) after {nameof(Save)}({gate}), which overwrites it"
            : $"calls {nameof(Input)}({gate}), but the gates are 0 to {TCell.Gates - 1}");

    public readonly LaneScalar Recurrent(int gate) => gate >= firstProduct && gate < endProduct
        ? LaneScalar.Constant(0.5f)
        : throw Wrong($"calls {nameof(Recurrent)}({gate}), but the gates with a product there are {firstProduct} to"
            + $" {endProduct - 1}");

    public void Save(int block, LaneScalar value)
    {
        if (block < 0 || block >= TCell.Saved)
        {
            throw Wrong($"calls {nameof(Save)}({block}), but the saved blocks are 0 to {TCell.Saved - 1}, by"
                + $" {nameof(TCell.Saved)}");
        }

        written |= 1 << block;
        Saved |= 1 << block;
    }

    public void SetCell(LaneScalar value) => hasCell = TCell.HasCell
        ? true
        : throw Wrong($"calls {nameof(SetCell)}, but {nameof(TCell.HasCell)} is false");

    public void SetHidden(LaneScalar value) => hasHidden = true;

    /// <summary>Begins a stage with the products of some gates.</summary>
    internal void Begin(string stage, int first, int end) =>
        (member, firstProduct, endProduct, written) = (stage, first, end, 0);

    /// <summary>Requires that everything was written.</summary>
    internal readonly void End()
    {
        if (!hasHidden)
            throw Wrong($"does not call {nameof(SetHidden)}");
        if (TCell.HasCell && !hasCell)
            throw Wrong($"does not call {nameof(SetCell)}, but {nameof(TCell.HasCell)} is true");
        if (TCell.ResetBlock >= 0 && (Saved >> TCell.ResetBlock & 1) == 0)
        {
            throw CellTrial<TCell>.Wrong($"{nameof(TCell.Reset)} does not save the {nameof(TCell.ResetBlock)},"
                + $" {TCell.ResetBlock}");
        }
    }

    private readonly ArgumentException Wrong(string problem) => CellTrial<TCell>.Wrong($"{member} {problem}");
}

/// <summary>The unit of a backward trial.</summary>
internal struct TrialBackward<TCell>(int saved) : IBackwardUnit<LaneScalar> where TCell : struct, IRecurrentCell
{
    private string member = nameof(TCell.Backward);
    private int written;
    private bool hasCell;
    private bool hasHidden;

    public readonly LaneScalar PreviousHidden => TCell.PassesState
        ? LaneScalar.Constant(0.5f)
        : throw Wrong($"reads {nameof(PreviousHidden)}, but {nameof(TCell.PassesState)} is false");

    public readonly LaneScalar PreviousCell => TCell.HasCell
        ? LaneScalar.Constant(0.5f)
        : throw Wrong($"reads {nameof(PreviousCell)}, but {nameof(TCell.HasCell)} is false");

    public readonly LaneScalar Saved(int block)
    {
        if (block < 0 || block >= TCell.Saved)
        {
            throw Wrong($"calls {nameof(Saved)}({block}), but the saved blocks are 0 to {TCell.Saved - 1}, by"
                + $" {nameof(TCell.Saved)}");
        }

        if ((saved >> block & 1) == 0)
            throw Wrong($"calls {nameof(Saved)}({block}), which {nameof(TCell.Forward)} does not save");
        return (written >> block & 1) == 0
            ? LaneScalar.Constant(0.5f)
            : throw Wrong($"calls {nameof(Saved)}({block}) after {nameof(SetGradient)}({block}), which overwrites it");
    }

    public void SetGradient(int block, LaneScalar value) =>
        written |= (block >= 0 && block < TCell.Gates) || block == TCell.LastHiddenBlock
            ? 1 << block
            : throw Wrong($"calls {nameof(SetGradient)}({block}), which is neither one of the gates, 0 to {TCell.Gates - 1}, nor"
                + $" {nameof(TCell.LastHiddenBlock)}");

    public void SetPreviousCellGradient(LaneScalar value) => hasCell = TCell.HasCell
        ? true
        : throw Wrong($"calls {nameof(SetPreviousCellGradient)}, but {nameof(TCell.HasCell)} is false");

    public void SetPreviousHiddenGradient(LaneScalar value) => hasHidden = TCell.PassesState
        ? true
        : throw Wrong($"calls {nameof(SetPreviousHiddenGradient)}, but {nameof(TCell.PassesState)} is false");

    public readonly void AddPreviousHiddenGradient(LaneScalar value)
    {
        if (!hasHidden)
            throw Wrong($"calls {nameof(AddPreviousHiddenGradient)} before {nameof(SetPreviousHiddenGradient)}");
    }

    /// <summary>Goes on in another member.</summary>
    internal void Reads(string stage) => member = stage;

    /// <summary>Requires that everything was written.</summary>
    internal readonly void End()
    {
        for (var block = 0; block < TCell.Saved; block++)
        {
            if ((block < TCell.Gates || block == TCell.LastHiddenBlock) && (written >> block & 1) == 0)
                throw Wrong($"does not call {nameof(SetGradient)}({block})");
        }

        if (TCell.HasCell && !hasCell)
            throw Wrong($"does not call {nameof(SetPreviousCellGradient)}, but {nameof(TCell.HasCell)} is true");
        if (TCell.PassesState && !hasHidden)
            throw Wrong($"does not call {nameof(SetPreviousHiddenGradient)}, but {nameof(TCell.PassesState)} is true");
    }

    private readonly ArgumentException Wrong(string problem) => CellTrial<TCell>.Wrong($"{member} {problem}");
}
