using SeqCore.Kernels;

namespace SeqCore;

/// <summary>
/// Records the operations of one training step and owns every tensor made meanwhile; disposing it returns them all to the pool.
/// Without a tape nothing is recorded. Dropout and similar layers do not depend on it: the model's mode switches them.
/// </summary>
/// <remarks>
/// <para>
/// Tapes nest: the innermost one records. A gradient that reaches a variable of an outer tape is kept for the backward pass of
/// the outer tape, so that the losses of both add up.
/// </para>
/// <para>
/// A tape follows the execution context: it records after an <c>await</c>, and in tasks and threads that were started while it is
/// open. Parts of a loss that run in parallel give the same bits as in sequence: the order of the backward pass follows from how
/// the results were combined, not from when they were computed. Finish all of them before <see cref="Backward"/>.
/// </para>
/// <para>
/// Hold it in a <c>using</c>. A tape without references is collected and records nothing from then on.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// var w = new Variable(Tensor.Ones([4]), requiresGradient: true);   // made before the tapes, so it outlives them
/// foreach (var factor in new[] { 2f, 3f })
/// {
///     using var tape = new Tape();
///     tape.Backward((w * factor).Sum());                            // adds to the gradient
/// }
/// Console.WriteLine(w.Gradient![0].Item());                         // 5
/// </code>
/// </example>
public sealed partial class Tape : IDisposable
{
    private static readonly AsyncLocal<TapeFrame?> Top = new();

    private readonly TensorScope scope;
    private readonly Lock gate = new();
    private List<Function> functions = new(16);
    private int count;
    private readonly List<Variable> reachedLeaves = [];
    private readonly bool detectAnomalies;
    private readonly TapeFrame frame;
    private Tensor? seedOfOne;
    private Function? running;
    private StaleReads? reads;
    private bool closed;
    private volatile bool used;
    private int isTaken;

    /// <summary>Opens a tape.</summary>
    /// <param name="detectAnomalies">
    /// Whether every result and gradient is checked, and the error names the operation that first gave NaN or infinity. An inner
    /// tape checks if the outer one does.
    /// </param>
    public Tape(bool detectAnomalies = false)
    {
        this.detectAnomalies = detectAnomalies || Current is { detectAnomalies: true };
        scope = new TensorScope("tape");
        frame = TapeFrame.Of(this, Top.Value);
        Top.Value = frame;
    }

    /// <summary>The innermost open tape of this execution context, or null.</summary>
    public static Tape? Current => TapeFrame.TapeOf(Top.Value);

    /// <summary>
    /// The open tapes of this execution context, innermost first; those outside <see cref="Current"/> record again when it
    /// closes.
    /// </summary>
    public static IReadOnlyList<Tape> AllOpen => TapeFrame.TapesOf(Top.Value);

    /// <summary>Whether this tape is recording now, in this execution context.</summary>
    public bool IsRecording => IsOpen && !used && !TapeFrame.IsPaused(Top.Value, this);

    /// <summary>Whether the backward pass has started; from then on nothing is recorded.</summary>
    public bool HasRunBackward => used;

    /// <summary>The number of operations recorded so far.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return count + functions.Count;
        }
    }

    internal bool IsOpen => !closed && scope.IsOpen;

    /// <summary>The current tape, and whether it records here and now.</summary>
    internal static (Tape? Tape, bool IsRecording) Present
    {
        get
        {
            var top = Top.Value;
            var tape = TapeFrame.TapeOf(top);
            return (tape, tape is { used: false } && !TapeFrame.IsPaused(top, tape));
        }
    }

    /// <summary>
    /// Stops recording until the result is disposed, for inference inside a training step. It affects this execution context and
    /// work started in it, not parts of the step that run at the same time.
    /// </summary>
    public IDisposable Pause() => Push(TapeFrame.PauseOf(this, Top.Value, null), null);

    /// <summary>
    /// Makes this tape the current one until the result is disposed, on a thread or in a callback that did not inherit it, such
    /// as a thread that was started before.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The tape is closed.</exception>
    public IDisposable Enter()
    {
        if (!IsOpen)
            throw new ObjectDisposedException(nameof(Tape), "Tape.Enter: this tape is closed; open a new one for each step.");
        return Push(TapeFrame.Of(this, Top.Value), scope.Enter());
    }

    /// <summary>Takes a tensor out of the tape, so that it outlives the tape.</summary>
    public Tensor Keep(Tensor tensor) => scope.Keep(tensor);

    /// <summary>
    /// Back-propagates from a loss: adds its gradient to <see cref="Variable.Gradient"/> of every leaf that requires one. There
    /// are no second-order gradients: a gradient is a tensor without a history, and back-propagating from one is an error.
    /// </summary>
    /// <param name="loss">The loss, which is a scalar unless a seed is given.</param>
    /// <param name="seed">The gradient of the loss itself, of its shape; null for 1, if the loss is a scalar.</param>
    /// <exception cref="InvalidOperationException">
    /// The tape is closed or was used before, or the loss does not depend on any leaf that requires a gradient.
    /// </exception>
    /// <exception cref="ShapeException">The seed does not have the shape of the loss.</exception>
    /// <remarks>
    /// If the backward pass of a function throws, the tape is used up, and the leaves reached so far hold a part of the gradient,
    /// added to what they had. Clear it (<see cref="Variable.ZeroGradient"/>) before the next step.
    /// </remarks>
    public void Backward(Variable loss, Tensor? seed = null)
    {
        ArgumentNullException.ThrowIfNull(loss);
        Check(loss);
        if (seed is null && loss.Value.ElementCount != 1)
        {
            throw new InvalidOperationException($"Tape.Backward: the loss has shape {loss.Shape}, not one element."
                + " Reduce it with Sum or Mean, or pass a seed of that shape.");
        }

        if (seed is not null && !seed.Shape.Equals(loss.Shape))
            throw ShapeException.Wrong("Tape.Backward", "seed", loss.Shape.ToString(), seed.Shape, "that is the loss's shape");
        var start = seed switch
        {
            null => Tensor.Full(loss.Shape, 1f, loss.Value.Backend),

            // A function that was recorded before the write would be refused it.
            _ when seed.Strided.Data.Buffer!.IsWrittenSince(0) => seed.Copy(),
            _ => seed.Contiguous(),
        };
        if (seed is null && loss.Creator!.ArrivedGradient(loss) is null)
            seedOfOne = start;
        Propagate([(loss, ReferenceEquals(start, seed) ? start.Alias() : start)]);
    }

    /// <summary>Back-propagates from several results at once.</summary>
    /// <param name="seeds">
    /// The results and the gradient of each, contiguous and of its shape; the gradients are taken over.
    /// </param>
    internal void Propagate(params ReadOnlySpan<(Variable Result, Tensor Gradient)> seeds)
    {
        if (Interlocked.Exchange(ref isTaken, 1) != 0)
            throw UsedBefore();
        used = true;
        using var entered = Current == this && TensorScope.Current == scope ? null : Enter();
        foreach (var (result, gradient) in seeds)
            result.Accumulate(gradient, null, this);
        List<Function> recorded;
        lock (gate)
            (recorded, functions) = (functions, []);
        count = recorded.Count;
        using (reads = new StaleReads(Stale, RefuseWrite))
        {
            for (var function = BackwardOrder.Of(recorded); function is not null; function = function.Link)
            {
                (running, reads.Since) = (function, function.RecordedAt);
                function.Propagate();
            }
        }

        foreach (var function in recorded)
            function.Release();
        foreach (var leaf in reachedLeaves)
            leaf.OwnGradient(this);
        leaves.AddRange(reachedLeaves);
        reachedLeaves.Clear();
    }

    /// <summary>Closes the tape, everything that was opened inside it and is still open, and every tensor that it owns.</summary>
    public void Dispose()
    {
        if (closed)
            return;
        closed = true;
        scope.Dispose();
        Top.Value = TapeFrame.FirstOpen(Top.Value);
        lock (gate)
            functions.Clear();
    }

    internal void Record(Function function)
    {
        lock (gate)
            functions.Add(function);
    }

    /// <summary>
    /// Stops recording as <see cref="Pause"/> does, and collects the functions whose results are used meanwhile.
    /// </summary>
    internal IDisposable PauseNoting(ICollection<Function> creators) =>
        Push(TapeFrame.PauseOf(this, Top.Value, creators), null);

    internal bool IsSeedOfOne(Tensor gradient) => ReferenceEquals(gradient, seedOfOne);

    /// <summary>Records that something is added to a gradient.</summary>
    internal void NoteChange(Tensor gradient)
    {
        if (IsSeedOfOne(gradient))
            seedOfOne = null;
    }

    /// <summary>Makes the tape's scope the current one until the result is disposed; null if it is.</summary>
    internal TensorScope.Suspension? EnterScope() => TensorScope.Current == scope ? null : scope.Enter();

    /// <summary>Passes a gradient to a leaf, or to the function that made the input.</summary>
    internal static void Deliver(Function function, Variable input, Tensor gradient, Func<Tensor, Tensor>? part)
    {
        var tape = function.Tape!;
        var fitted = part is null ? Fit(function, input.Shape, gradient) : gradient;
        if (tape.detectAnomalies && !fitted.IsFinite())
            throw new AnomalyException(function.Name, "backward", fitted.Shape, null);
        // The sum so far may come from other tapes and be older than this function.
        tape.reads!.Since = null;
        input.Accumulate(fitted, part is null ? null : new GradientPart(function.Name, part), tape);
        tape.reads.Since = function.RecordedAt;
        if (input.IsLeaf)
            tape.reachedLeaves.Add(input);
    }

    /// <summary>Adds the rows of a gradient to those that the indices name in the gradient of a leaf.</summary>
    internal static void DeliverRows(Function function, Variable table, Tensor dY, IndexTensor indices, int? padding)
    {
        var tape = function.Tape!;
        tape.reads!.Since = null;
        table.AccumulateRows(dY, indices, padding, tape, tape.detectAnomalies ? Check : null);
        tape.reads.Since = function.RecordedAt;
        tape.reachedLeaves.Add(table);

        void Check(Tensor rows)
        {
            if (!rows.IsFinite())
                throw new AnomalyException(function.Name, "backward", table.Shape, null);
        }
    }

    /// <summary>
    /// Sums a gradient over broadcast axes and makes it contiguous; returns the gradient itself if it fits already.
    /// </summary>
    private static Tensor Fit(Function function, Shape shape, Tensor gradient)
    {
        if (gradient.Shape.Equals(shape) && gradient.IsContiguous)
            return gradient;
        if (!ReducesTo(gradient.Shape, shape))
        {
            throw ShapeException.Wrong(function.Name, "the gradient from Backward", shape.ToString(), gradient.Shape,
                "that is its input's shape");
        }

        var summed = gradient.SumTo(shape);
        var fitted = summed.Contiguous();
        if (!ReferenceEquals(summed, fitted) && !ReferenceEquals(summed, gradient))
            summed.Dispose();
        if (!ReferenceEquals(fitted, gradient))
            gradient.Dispose();
        return fitted;
    }

    /// <summary>Whether summing over broadcast axes turns a gradient into the given shape.</summary>
    private static bool ReducesTo(Shape gradient, Shape input)
    {
        if (gradient.Rank < input.Rank)
            return false;
        for (var i = 1; i <= input.Rank; i++)
        {
            if (input[-i] != gradient[-i] && input[-i] != 1)
                return false;
        }

        return true;
    }

    private void Check(Variable loss)
    {
        if (!IsOpen)
            throw new InvalidOperationException("Tape.Backward: this tape is closed. Call it before the tape is disposed.");
        if (used)
            throw UsedBefore();

        if (loss.Creator?.Tape is { } other && other != this)
        {
            throw new InvalidOperationException("Tape.Backward: another tape recorded the loss, the current one when it was"
                + $" computed{(other.IsOpen ? "" : ", which is closed by now")}. Call Backward on that tape while it is open, or"
                + " compute the loss while this one is the current tape: before the other is opened or after it is disposed, or"
                + " within Enter() of this one.");
        }

        if (loss.Creator?.Tape is null)
        {
            throw new InvalidOperationException("Tape.Backward: the loss was not recorded on this tape."
                + " Compute it while the tape is open, from a variable with requiresGradient.");
        }
    }

    private static InvalidOperationException UsedBefore() => new(
        "Tape.Backward: this tape has been used already, and its saved tensors are released. Record the step again"
        + " on a new tape; to add losses, add them before one Backward.");

    private static Pushed Push(TapeFrame frame, TensorScope.Suspension? entered)
    {
        Top.Value = frame;
        return new Pushed(frame, entered);
    }

    private sealed class Pushed(TapeFrame frame, TensorScope.Suspension? entered) : IDisposable
    {
        private int isDisposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isDisposed, 1) != 0)
                return;
            entered?.Dispose();

            // Work that was started inside and is still running keeps the pause: it does not end in the middle of that work.
            if (Top.Value == frame)
                Top.Value = frame.Outer;
            else
                frame.End();
        }
    }
}
