namespace SeqCore;

/// <summary>
/// The tapes of an execution context, innermost first, as a linked list: a tape that was opened or entered, or a pause of one.
/// The references to tapes are weak, so that a tape whose <c>using</c> was forgotten is collected.
/// </summary>
internal sealed class TapeFrame
{
    private readonly WeakReference<Tape> tape;
    private readonly TapeFrame? outer;
    private readonly bool isPause;
    private readonly ICollection<Function>? used;
    private int ended;

    private TapeFrame(Tape tape, TapeFrame? outer, bool isPause, ICollection<Function>? used)
    {
        this.tape = new WeakReference<Tape>(tape);
        this.outer = FirstOpen(outer);
        this.isPause = isPause;
        this.used = used;
    }

    internal TapeFrame? Outer => outer;

    private Tape? OpenTape => ended == 0 && tape.TryGetTarget(out var target) && target.IsOpen ? target : null;

    internal static TapeFrame Of(Tape tape, TapeFrame? outer) => new(tape, outer, isPause: false, used: null);

    internal static TapeFrame PauseOf(Tape tape, TapeFrame? outer, ICollection<Function>? used) =>
        new(tape, outer, isPause: true, used);

    internal static TapeFrame? FirstOpen(TapeFrame? top)
    {
        while (top is { OpenTape: null })
            top = top.outer;
        return top;
    }

    /// <summary>Returns the innermost open tape.</summary>
    internal static Tape? TapeOf(TapeFrame? top)
    {
        for (var frame = top; frame is not null; frame = frame.outer)
        {
            if (!frame.isPause && frame.OpenTape is { } open)
                return open;
        }

        return null;
    }

    /// <summary>Returns every open tape once, innermost first.</summary>
    internal static IReadOnlyList<Tape> TapesOf(TapeFrame? top)
    {
        var tapes = new List<Tape>();
        for (var frame = top; frame is not null; frame = frame.outer)
        {
            if (frame.OpenTape is { } open && !tapes.Contains(open))
                tapes.Add(open);
        }

        return tapes;
    }

    internal static bool Contains(TapeFrame? top, Tape tape)
    {
        for (var frame = top; frame is not null; frame = frame.outer)
        {
            if (frame.OpenTape == tape)
                return true;
        }

        return false;
    }

    internal static bool IsPaused(TapeFrame? top, Tape tape)
    {
        for (var frame = top; frame is not null; frame = frame.outer)
        {
            if (frame.isPause && frame.OpenTape == tape)
                return true;
        }

        return false;
    }

    /// <summary>Notifies every pause that asked for it that a recorded result is used.</summary>
    internal static void NoteUse(TapeFrame? top, Function creator)
    {
        for (var frame = top; frame is not null; frame = frame.outer)
        {
            if (frame is not { used: { } functions, ended: 0 })
                continue;
            lock (functions)
                functions.Add(creator);
        }
    }

    /// <summary>Ends an entry or a pause, here and wherever it was inherited.</summary>
    internal void End() => Volatile.Write(ref ended, 1);
}
