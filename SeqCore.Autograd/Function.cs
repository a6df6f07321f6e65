using SeqCore.Kernels;

namespace SeqCore;

/// <summary>
/// One differentiable operation with one result, applied once: its inputs and what it saves are fields, and
/// <see cref="Backward"/> is right below <see cref="Forward"/>. Users can derive their own functions.
/// </summary>
/// <param name="inputs">All variables that a gradient may flow to.</param>
/// <example>
/// <code>
/// using var tape = new Tape();
/// var x = new Variable(Tensor.FromArray([2f]), requiresGradient: true);
/// tape.Backward(new CubeFunction(x).Apply());
/// Console.WriteLine(x.Gradient!.Item());   // 12
///
/// internal sealed class CubeFunction(Variable x) : Function(x)
/// {
///     protected override Tensor Forward() => x.Value * x.Value * x.Value;
///
///     protected override void Backward(Tensor dY) => AddGradient(x, 3f * x.Value * x.Value * dY);
/// }
/// </code>
/// </example>
public abstract class Function(params Variable[] inputs)
{
    // The gradients that arrived: of the one result of Apply, or of all results of ApplyMany.
    private Tensor? outputGradient;
    private Tensor?[]? outputGradients;
    private bool isReleased;
    private List<Tensor>? saved;
    private ulong wanted;
    private int inputsVisited = -1;

    /// <summary>The name of the operation in errors: the name of the type without <c>Function</c>.</summary>
    public virtual string Name
    {
        get
        {
            var name = GetType().Name.Split('`')[0];
            return name.EndsWith("Function", StringComparison.Ordinal) ? name[..^"Function".Length] : name;
        }
    }

    internal ReadOnlySpan<Variable> Inputs => inputs;

    /// <summary>The tape that recorded this function, or null.</summary>
    internal Tape? Tape { get; private set; }

    /// <summary>
    /// Whether a tape is open and any input requires a gradient, so that Backward may run; Forward saves values only then.
    /// </summary>
    protected bool IsRecorded { get; private set; }

    /// <summary>The time of the recording; anything written later was not there in the forward pass.</summary>
    internal long RecordedAt { get; private set; }

    internal bool HasArrivedGradients =>
        outputGradient is not null || (outputGradients is not null && Array.Exists(outputGradients, static g => g is not null));

    /// <summary>The next function in the order of <see cref="BackwardOrder"/>.</summary>
    internal Function? Link { get; set; }

    /// <summary>Whether this is a <see cref="MultiFunction"/>.</summary>
    private protected virtual bool HasSeveralResults => false;

    /// <summary>The functions whose results this one used without having them as inputs.</summary>
    private protected virtual IReadOnlyList<Function> HiddenCreators => [];

    /// <summary>
    /// Whether the function is recorded even if no input requires a gradient, because Backward gives one to something that is not
    /// an input.
    /// </summary>
    private protected virtual bool HasHiddenInputs => false;

    /// <summary>
    /// Whether minus infinity in the result hides an element, as masks of attention do, so that anomaly detection accepts it.
    /// </summary>
    private protected virtual bool HidesElements => false;

    /// <summary>Computes the result and saves in fields what Backward needs.</summary>
    protected abstract Tensor Forward();

    /// <summary>
    /// Computes the gradients of the inputs from the gradient of the result, and passes each to <see cref="AddGradient"/>.
    /// </summary>
    /// <param name="dY">The gradient of the result, contiguous and of its shape; it must not be written to.</param>
    protected abstract void Backward(Tensor dY);

    /// <summary>Returns whether a result holds no NaN and no infinity, except minus infinity that hides elements.</summary>
    internal bool IsSound(Tensor result)
    {
        if (!HidesElements || result.ElementCount == 0)
            return result.IsFinite();
        using var most = result.Max();
        return most.Item() < float.PositiveInfinity;
    }

    /// <summary>
    /// Runs the operation and records it on the open tape if a gradient may be needed. Returns the first result if there are
    /// several.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// An input was recorded on a tape that has been closed, or the object was applied before.
    /// </exception>
    public Variable Apply()
    {
        if (HasSeveralResults)
            return ApplyMany()[0];
        var tape = Begin();
        var value = Forward();
        tape?.CheckForward(this, value);
        if (IsRecorded)
        {
            Record(tape!);
            return new Variable(value, this, 0);
        }

        ReleaseSaved();
        return new Variable(value);
    }

    /// <summary>Whether an input requires a gradient; if not, there is no need to compute it.</summary>
    protected static bool NeedsGradient(Variable? input) => input is { RequiresGradient: true };

    /// <summary>
    /// Throws if a tensor was changed since the forward pass. A Backward needs this if it uses memory kept from Forward; reading
    /// a tensor's values or its <see cref="Tensor.Span"/> makes the check by itself.
    /// </summary>
    /// <exception cref="InvalidOperationException">A tensor was changed; the message names the operation.</exception>
    protected static void RequireUnchanged(params ReadOnlySpan<Tensor?> tensors)
    {
        foreach (var tensor in tensors)
            _ = tensor?.Strided;
    }

    /// <summary>Throws if indices were changed since the forward pass.</summary>
    /// <exception cref="InvalidOperationException">The indices were changed; the message names the operation.</exception>
    protected static void RequireUnchanged(IndexTensor? indices) => _ = indices?.Span;

    /// <summary>
    /// Whether the gradient of a result is the 1 that back-propagation starts with, which is known without reading it.
    /// </summary>
    private protected bool IsOne(Tensor dY) => Tape!.IsSeedOfOne(dY);

    /// <summary>
    /// Marks a tensor made in Forward as needed for Backward only, so that its memory returns to the pool right after it. Inputs
    /// and results need no mark: they live as long as the tape.
    /// </summary>
    /// <returns>The tensor itself.</returns>
    protected Tensor Save(Tensor tensor)
    {
        (saved ??= []).Add(tensor);
        return tensor;
    }

    /// <summary>
    /// Adds a gradient to that of an input. If the input was broadcast, the gradient is summed over the broadcast axes here. A
    /// new tensor is taken over and must not be used afterwards; dY itself may be passed any number of times.
    /// </summary>
    /// <param name="input">One of the inputs; null, or one that requires no gradient, gets none.</param>
    /// <param name="gradient">The gradient of the input, or of the part.</param>
    /// <param name="part">
    /// Makes a view of a tensor of the input's shape; the gradient is for the elements of the view, and the other elements get
    /// none. Many parts of one input are thus added into one tensor. Null for the whole input.
    /// </param>
    /// <exception cref="ShapeException">The gradient does not have the shape of the input or of the part.</exception>
    protected void AddGradient(Variable? input, Tensor gradient, Func<Tensor, Tensor>? part = null)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        var isGiven = gradient == outputGradient
            || (outputGradients is not null && Array.IndexOf(outputGradients, gradient) >= 0);
        if (isGiven && NeedsGradient(input))
            gradient = gradient.Alias();
        saved?.Remove(gradient);
        if (NeedsGradient(input))
            Tape.Deliver(this, input!, gradient, part);
        else if (!isGiven)
            gradient.Dispose();
    }

    /// <summary>
    /// Computes all results. Override it in a <see cref="MultiFunction"/> only: any other function has one result, and
    /// <see cref="Apply"/> calls its <see cref="Forward"/>.
    /// </summary>
    protected virtual Tensor[] ForwardMany() => [Forward()];

    /// <summary>Computes the gradients of the inputs from the gradients of the results.</summary>
    /// <param name="dY">The gradient of each result, or null if none arrived; contiguous, and not to be written to.</param>
    protected virtual void BackwardMany(Tensor?[] dY) => Backward(dY[0]!);

    /// <summary>Runs the operation, records it on the open tape if a gradient may be needed, and returns all results.</summary>
    /// <exception cref="InvalidOperationException">
    /// An input was recorded on a tape that has been closed, or the object was applied before.
    /// </exception>
    public Variable[] ApplyMany()
    {
        var tape = Begin();
        var values = ForwardMany();
        tape?.CheckForward(this, values);
        if (!IsRecorded)
        {
            ReleaseSaved();
            return Array.ConvertAll(values, static v => new Variable(v));
        }

        Record(tape!);
        outputGradients = new Tensor?[values.Length];
        var outputs = new Variable[values.Length];
        for (var i = 0; i < values.Length; i++)
            outputs[i] = new Variable(values[i], this, i);
        return outputs;
    }

    /// <summary>Checks that the function can be applied, and finds out whether it is recorded. Returns the open tape.</summary>
    private Tape? Begin()
    {
        var (tape, isRecording) = Tape.Present;
        if (Tape is not null)
            throw new InvalidOperationException($"{Name}: a function object can be applied only once. Make a new one for each"
                + " application.");
        foreach (var input in inputs)
            ArgumentNullException.ThrowIfNull(input, nameof(inputs));
        IsRecorded = isRecording && (HasHiddenInputs || Array.Exists(inputs, static i => i.RequiresGradient));
        Tape.CheckInputs(tape, this, IsRecorded);
        return tape;
    }

    private void Record(Tape tape)
    {
        Tape = tape;
        wanted = WantedInputs();
        RecordedAt = StaleReads.Now();
        tape.Record(this);
    }

    /// <summary>The sum of the gradients that have arrived for a result.</summary>
    internal ref Tensor? ArrivedGradient(Variable result)
    {
        if (isReleased)
            throw new InvalidOperationException($"{Name}: a gradient arrived for a result whose tape has already run its"
                + " backward pass.");
        if (outputGradients is null)
            return ref outputGradient;
        return ref outputGradients[result.CreatorOutput];
    }

    /// <summary>Returns whether the function belongs to a tape and has not been visited yet; it then counts as visited.</summary>
    internal bool BeginVisit(Tape? tape)
    {
        if (Tape != tape || inputsVisited >= 0)
            return false;
        inputsVisited = 0;
        return true;
    }

    /// <summary>
    /// Returns the next function whose result this one used, in the order of its inputs; null after the last. Inputs that are
    /// leaves are skipped.
    /// </summary>
    internal Function? NextCreator()
    {
        while (inputsVisited < inputs.Length + HiddenCreators.Count)
        {
            var i = inputsVisited++;
            if ((i < inputs.Length ? inputs[i].Creator : HiddenCreators[i - inputs.Length]) is { } creator)
                return creator;
        }

        return null;
    }

    /// <summary>Runs Backward if any gradient has arrived, then releases everything that only Backward needed.</summary>
    internal void Propagate()
    {
        if (HasArrivedGradients)
        {
            if (wanted != WantedInputs())
            {
                throw new InvalidOperationException($"{Name}: an input was frozen or unfrozen between the forward and the"
                    + " backward pass, so its gradient would be lost or incomplete. Hint: do that between steps.");
            }

            if (outputGradients is not null)
                BackwardMany(outputGradients);
            else
                Backward(outputGradient!);
        }

        Release();
    }

    /// <summary>Releases everything that only Backward needed.</summary>
    internal void Release()
    {
        isReleased = true;
        outputGradient?.Dispose();
        foreach (var gradient in outputGradients ?? [])
            gradient?.Dispose();
        (outputGradient, outputGradients) = (null, null);
        ReleaseSaved();
    }

    /// <summary>Returns a bit for each input that requires a gradient; inputs from the 64th on share one bit.</summary>
    private ulong WantedInputs()
    {
        var bits = 0ul;
        for (var i = 0; i < inputs.Length; i++)
            bits ^= inputs[i].RequiresGradient ? 1ul << Math.Min(i, 63) : 0ul;
        return bits;
    }

    private void ReleaseSaved()
    {
        saved?.ForEach(t => t.Dispose());
        saved = null;
    }
}
