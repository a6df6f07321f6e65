using SeqCore.Tensors;

namespace SeqCore.Autograd;

/// <summary>
/// Records the operations of one training step and owns every tensor made meanwhile; disposing it gives them all back to the
/// pool. Tapes belong to the thread that opened them. Without a tape nothing is recorded: that is inference.
/// </summary>
public sealed class Tape : IDisposable
{
    [ThreadStatic]
    private static Tape? current;

    private readonly Tape? outer;
    private readonly TensorScope scope;
    private readonly List<Function> functions = [];
    private readonly bool detectAnomalies;
    private bool closed;
    private bool used;
    private int paused;

    /// <summary>Opens a tape.</summary>
    /// <param name="detectAnomalies">Whether to check every result and gradient, and name the operation that first made NaN or infinity.</param>
    public Tape(bool detectAnomalies = false)
    {
        this.detectAnomalies = detectAnomalies;
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
    public IDisposable Pause()
    {
        paused++;
        return new Pausing(this);
    }

    /// <summary>Takes a tensor out of the tape, so that it outlives it.</summary>
    public Tensor Keep(Tensor tensor) => scope.Keep(tensor);

    /// <summary>Back-propagates from a loss: adds its gradient to <see cref="Variable.Gradient"/> of every leaf that asked.</summary>
    /// <param name="loss">A scalar, unless a seed is given.</param>
    /// <param name="seed">The gradient of the loss itself, with its shape; 1 for a scalar.</param>
    /// <exception cref="InvalidOperationException">The tape is closed, was used before, or the loss does not depend on any leaf that asked.</exception>
    public void Backward(Variable loss, Tensor? seed = null)
    {
        ArgumentNullException.ThrowIfNull(loss);
        if (closed)
            throw new InvalidOperationException("Tape.Backward: this tape is closed. Call it before the tape is disposed.");
        if (used)
            throw new InvalidOperationException("Tape.Backward: this tape has been used already, and what it saved is gone. Record the step again on a new tape; to add losses, add them before one Backward.");
        if (seed is null && loss.Value.ElementCount != 1)
            throw new InvalidOperationException($"Tape.Backward: the loss has shape {loss.Shape}, not one element. Reduce it with Sum or Mean, or give a seed of that shape.");
        if (seed is not null && !seed.Shape.Equals(loss.Shape))
            throw ShapeException.Wrong("Tape.Backward", "seed", loss.Shape.ToString(), seed.Shape, "that is the loss's shape");
        if (loss.Creator?.Tape != this)
            throw new InvalidOperationException("Tape.Backward: the loss was not recorded on this tape. Compute it while the tape is open, from a variable with requiresGradient.");
        used = true;
        using var pause = Pause();
        loss.Creator!.Receive(loss.CreatorOutput, seed?.Copy() ?? Tensor.Full(loss.Shape, 1f, loss.Value.Backend));
        for (var i = functions.Count - 1; i >= 0; i--)
            functions[i].Propagate();
    }

    /// <summary>Closes the tape and every tensor that it owns.</summary>
    public void Dispose()
    {
        if (closed)
            return;
        closed = true;
        current = outer;
        functions.Clear();
        scope.Dispose();
    }

    internal void Record(Function function) => functions.Add(function);

    internal void CheckForward(Function function, Tensor[] values)
    {
        if (!detectAnomalies)
            return;
        foreach (var value in values)
        {
            if (!value.IsFinite())
                throw new AnomalyException(function.Name, "forward", value.Shape);
        }
    }

    /// <summary>Routes a gradient to a leaf, or to the function that made the input.</summary>
    internal static void Deliver(Function function, Variable input, Tensor gradient)
    {
        var fitted = gradient.SumTo(input.Shape).Contiguous();
        if (fitted != gradient)
            gradient.Dispose();
        if (current is { detectAnomalies: true } && !fitted.IsFinite())
            throw new AnomalyException(function.Name, "backward", fitted.Shape);
        if (input.Creator is { } creator)
            creator.Receive(input.CreatorOutput, fitted);
        else
            input.Accumulate(fitted);
    }

    private sealed class Pausing(Tape tape) : IDisposable
    {
        private bool done;

        public void Dispose()
        {
            if (!done)
                tape.paused--;
            done = true;
        }
    }
}

/// <summary>An operation made NaN or infinity under a tape that looks for them.</summary>
public sealed class AnomalyException : ArithmeticException
{
    internal AnomalyException(string operation, string pass, Shape shape)
        : base($"{operation}: the {pass} pass made NaN or infinity in a tensor of shape {shape}. It is the first operation of this step that did.") =>
        Operation = operation;

    /// <summary>The operation that first made NaN or infinity.</summary>
    public string Operation { get; }
}
