namespace SeqCore;

/// <summary>
/// Records the operations of one training step and owns every tensor made meanwhile; disposing it gives them all back to the
/// pool. Tapes belong to the thread that opened them. Without a tape nothing is recorded: that is inference.
/// </summary>
/// <remarks>
/// Tapes nest: the innermost one records. A gradient that reaches a variable of an outer tape waits there for the outer
/// tape's own backward pass, so that the losses of both add up.
/// </remarks>
public sealed class Tape : IDisposable
{
    [ThreadStatic]
    private static Tape? current;

    private readonly Tape? outer;
    private readonly TensorScope scope;
    private readonly List<Function> functions = [];
    private readonly List<Variable> reachedLeaves = [];
    private readonly bool detectAnomalies;
    private Tensor? seedOfOne;
    private bool closed;
    private bool used;
    private int paused;

    /// <summary>Opens a tape.</summary>
    /// <param name="detectAnomalies">
    /// Whether to check every result and gradient, and name the operation that first made NaN or infinity. An inner tape looks
    /// for them where the outer one does.
    /// </param>
    public Tape(bool detectAnomalies = false)
    {
        this.detectAnomalies = detectAnomalies || current is { detectAnomalies: true };
        scope = new TensorScope("tape");
        outer = current;
        current = this;
    }

    /// <summary>The innermost open tape of this thread, or null.</summary>
    public static Tape? Current => current;

    /// <summary>Whether operations are recorded now.</summary>
    public bool IsRecording => !closed && paused == 0;

    /// <summary>Operations recorded so far.</summary>
    public int Count => functions.Count;

    /// <summary>Stops recording until the result is disposed: for inference inside a training step.</summary>
    public IDisposable Pause() => new Pausing(this);

    /// <summary>Takes a tensor out of the tape, so that it outlives it.</summary>
    public Tensor Keep(Tensor tensor) => scope.Keep(tensor);

    /// <summary>
    /// Back-propagates from a loss: adds its gradient to <see cref="Variable.Gradient"/> of every leaf that asked.
    /// </summary>
    /// <param name="loss">A scalar, unless a seed is given.</param>
    /// <param name="seed">The gradient of the loss itself, with its shape; 1 for a scalar.</param>
    /// <exception cref="InvalidOperationException">
    /// The tape is closed, was used before, or the loss does not depend on any leaf that asked.
    /// </exception>
    /// <exception cref="ShapeException">The seed's shape is not the loss's.</exception>
    public void Backward(Variable loss, Tensor? seed = null)
    {
        ArgumentNullException.ThrowIfNull(loss);
        Check(loss);
        if (seed is null && loss.Value.ElementCount != 1)
        {
            throw new InvalidOperationException($"Tape.Backward: the loss has shape {loss.Shape}, not one element."
                + " Reduce it with Sum or Mean, or give a seed of that shape.");
        }

        if (seed is not null && !seed.Shape.Equals(loss.Shape))
            throw ShapeException.Wrong("Tape.Backward", "seed", loss.Shape.ToString(), seed.Shape, "that is the loss's shape");
        var start = seed is null ? Tensor.Full(loss.Shape, 1f, loss.Value.Backend) : seed.Contiguous();
        if (seed is null && loss.Creator!.ArrivedGradient(loss) is null)
            seedOfOne = start;
        Propagate([(loss, start == seed ? start.Alias() : start)]);
    }

    /// <summary>Back-propagates from several results at once.</summary>
    /// <param name="seeds">The gradient of each, contiguous, with its shape; taken over.</param>
    internal void Propagate(params ReadOnlySpan<(Variable Result, Tensor Gradient)> seeds)
    {
        used = true;
        using var pause = Pause();
        foreach (var (result, gradient) in seeds)
            result.Accumulate(gradient, null, this);
        for (var i = functions.Count - 1; i >= 0; i--)
            functions[i].Propagate();
        foreach (var leaf in reachedLeaves)
            leaf.OwnGradient();
        reachedLeaves.Clear();
    }

    /// <summary>Closes the tape and every tensor that it owns.</summary>
    /// <exception cref="InvalidOperationException">A tape or scope opened later on this thread is still open.</exception>
    public void Dispose()
    {
        if (closed)
            return;
        scope.Dispose();
        closed = true;
        current = outer;
        functions.Clear();
    }

    internal void Record(Function function) => functions.Add(function);

    internal bool IsSeedOfOne(Tensor gradient) => gradient == seedOfOne;

    /// <summary>Notes that something is added to a gradient.</summary>
    internal void NoteChange(Tensor gradient)
    {
        if (IsSeedOfOne(gradient))
            seedOfOne = null;
    }

    /// <summary>Refuses results of a closed tape: their gradient could go nowhere.</summary>
    internal void CheckInputs(Function function)
    {
        for (var i = 0; i < function.Inputs.Count; i++)
        {
            if (function.Inputs[i].Creator?.Tape is { closed: true })
                throw new InvalidOperationException(
                    $"{function.Name}: input {i}, of shape {function.Inputs[i].Shape}, was recorded on a tape that is closed. "
                    + "To go on from its value, keep that with Tape.Keep and use Detach().");
        }
    }

    internal void CheckForward(Function function, Tensor[] values)
    {
        if (!detectAnomalies || Array.TrueForAll(values, v => v.IsFinite()))
            return;
        var bad = Array.Find(values, v => !v.IsFinite())!;
        for (var i = 0; i < function.Inputs.Count; i++)
        {
            if (!function.Inputs[i].Value.IsFinite())
            {
                throw new AnomalyException(function.Name, "forward", bad.Shape,
                    $"Its input {i}, of shape {function.Inputs[i].Shape}, held some already.");
            }
        }

        throw new AnomalyException(function.Name, "forward", bad.Shape, null);
    }

    /// <summary>Routes a gradient to a leaf, or to the function that made the input.</summary>
    internal static void Deliver(Function function, Variable input, Tensor gradient, Func<Tensor, Tensor>? part)
    {
        var tape = function.Tape!;
        var fitted = part is null ? Fit(function, input.Shape, gradient) : gradient;
        if (tape.detectAnomalies && !fitted.IsFinite())
            throw new AnomalyException(function.Name, "backward", fitted.Shape, null);
        input.Accumulate(fitted, part, tape);
        if (input.IsLeaf)
            tape.reachedLeaves.Add(input);
    }

    /// <summary>Sums over broadcast axes and closes gaps; the gradient itself where it fits already.</summary>
    private static Tensor Fit(Function function, Shape shape, Tensor gradient)
    {
        if (!ReducesTo(gradient.Shape, shape))
        {
            throw ShapeException.Wrong(function.Name, "the gradient handed over by Backward", shape.ToString(), gradient.Shape,
                "that is its input's shape");
        }

        var summed = gradient.SumTo(shape);
        var fitted = summed.Contiguous();
        if (summed != fitted && summed != gradient)
            summed.Dispose();
        if (fitted != gradient)
            gradient.Dispose();
        return fitted;
    }

    /// <summary>Whether a gradient becomes one of the given shape when it is summed over broadcast axes.</summary>
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
        if (closed)
            throw new InvalidOperationException("Tape.Backward: this tape is closed. Call it before the tape is disposed.");
        if (used)
        {
            throw new InvalidOperationException("Tape.Backward: this tape has been used already, and what it saved is gone."
                + " Record the step again on a new tape; to add losses, add them before one Backward.");
        }

        if (loss.Creator?.Tape != this)
        {
            throw new InvalidOperationException("Tape.Backward: the loss was not recorded on this tape."
                + " Compute it while the tape is open, from a variable with requiresGradient.");
        }
    }

    private sealed class Pausing : IDisposable
    {
        private Tape? tape;

        internal Pausing(Tape tape)
        {
            this.tape = tape;
            tape.paused++;
        }

        public void Dispose()
        {
            if (tape is not null)
                tape.paused--;
            tape = null;
        }
    }
}
