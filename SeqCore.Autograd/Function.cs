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
    private FunctionInputs inputs = new(inputs);

    // The gradients that arrived: of the one result of Apply, or of all results of ApplyMany.
    private Tensor? outputGradient;
    private Tensor?[]? outputGradients;
    private bool isReleased;
    private bool isRunning;
    private List<Tensor>? saved;
    private Tensor? result;
    private Tensor[]? results;
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

    internal ReadOnlySpan<Variable> Inputs => inputs.Span;

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
        var value = Forward() ?? throw NoResult();
        saved?.Remove(value);
        tape?.CheckForward(this, value);
        if (IsRecorded)
        {
            Record(tape!);
            result = value;
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
    /// Marks a tensor made in Forward as needed for Backward only, so that its memory returns to the pool right after it. The
    /// value of an input and the result itself need no mark, since they live as long as the tape: keep them in a field. Marking
    /// them does no harm and changes nothing.
    /// </summary>
    /// <returns>The tensor itself.</returns>
    protected Tensor Save(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!inputs.Hold(tensor))
            (saved ??= []).Add(tensor);
        return tensor;
    }

    /// <summary>
    /// Adds a gradient to that of an input. If the input was broadcast, the gradient is summed over the broadcast axes here.
    /// </summary>
    /// <remarks>
    /// A new tensor is taken over and closed: using it afterwards, or passing it for a second input, throws. Compute from it
    /// before, or pass a <see cref="Tensor.Copy"/>. The tensors that are not the function's own (dY, the values of the inputs and
    /// the results) stay open and may be passed any number of times.
    /// </remarks>
    /// <param name="input">
    /// One of the variables that the constructor of the base got; null, or one that requires no gradient, gets none.
    /// </param>
    /// <param name="gradient">The gradient of the input, or of the part.</param>
    /// <param name="part">
    /// Makes a view of a tensor of the input's shape; the gradient, of the same shape as the view, is for its elements, and the
    /// other elements get none. Many parts of one input are thus added into one tensor. Null for the whole input.
    /// </param>
    /// <exception cref="ShapeException">The gradient does not have the shape of the input or of the part.</exception>
    /// <exception cref="ArgumentException">
    /// The variable is not an input of this function, or the part is not a view of the tensor that it was made from.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The gradient has been changed since the forward pass, or the call does not come from Backward.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The tensor has been taken over before, or disposed.</exception>
    protected void AddGradient(Variable? input, Tensor gradient, Func<Tensor, Tensor>? part = null)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        if (!isRunning)
        {
            throw new InvalidOperationException($"{Name}: AddGradient was called outside of a backward pass. Call it in Backward,"
                + " or in BackwardMany, only; the tape calls those.");
        }

        var place = input is null ? -1 : inputs.PlaceOf(input);
        if (input is not null && place < 0)
        {
            throw new ArgumentException($"{Name}: AddGradient got a variable of shape {input.Shape} that is not an input of this"
                + " function. Hint: pass every variable that gets a gradient to the constructor of the base, as in"
                + " \"class My(Variable x, Variable b) : Function(x, b)\", and none computed from them.", nameof(input));
        }

        // In a scope that Backward has opened for itself, the gradient would close before it is used.
        using var entered = Tape?.EnterScope();
        saved?.Remove(gradient);
        var isTaken = !IsOfOthers(gradient);
        if (NeedsGradient(input))
        {
            var isOlder = IsOlder(gradient, isTaken);
            var given = isTaken ? TakenGradient.Of(gradient, place) : gradient.Alias();
            Tape.Deliver(this, input!, isOlder ? GradientSum.Own(given) : given, part);
        }
        else if (isTaken)
        {
            TakenGradient.Of(gradient, place).Dispose();
        }
    }

    /// <summary>
    /// Whether a gradient lies in memory that was written before the backward pass, as that of an input may be: a function that
    /// was recorded before the write would be refused it. Throws if it was written after this function had been recorded.
    /// </summary>
    private bool IsOlder(Tensor gradient, bool isTaken)
    {
        var buffer = gradient.Strided.Data.Buffer!;
        return (!isTaken || gradient.SharesMemory) && buffer.IsWrittenSince(0) && !GotGradientIn(buffer);
    }

    /// <summary>Whether a tensor is a gradient that arrived, a result or the value of an input; none is taken over.</summary>
    private bool IsOfOthers(Tensor tensor) => ReferenceEquals(tensor, outputGradient) || ReferenceEquals(tensor, result)
        || (outputGradients is not null && Array.IndexOf(outputGradients, tensor) >= 0)
        || (results is not null && Array.IndexOf(results, tensor) >= 0) || inputs.Hold(tensor);

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
        if (values is null or [] || Array.IndexOf(values, null) >= 0)
            throw NoResult();
        saved?.RemoveAll(t => Array.IndexOf(values, t) >= 0);
        tape?.CheckForward(this, values);
        if (!IsRecorded)
        {
            ReleaseSaved();
            return Array.ConvertAll(values, static v => new Variable(v));
        }

        Record(tape!);
        results = values;
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
        inputs.RequireAll();
        IsRecorded = isRecording && (HasHiddenInputs || inputs.AnyRequiresGradient());
        Tape.CheckInputs(tape, this, IsRecorded);
        return tape;
    }

    private InvalidOperationException NoResult() => new(HasSeveralResults
        ? $"{Name}: ForwardMany should return one tensor or more, and none of them null."
        : $"{Name}: Forward returned null instead of the result.");

    private void Record(Tape tape)
    {
        Tape = tape;
        wanted = inputs.Wanted();
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
        while (inputsVisited < inputs.Count + HiddenCreators.Count)
        {
            var i = inputsVisited++;
            if ((i < inputs.Count ? inputs[i].Creator : HiddenCreators[i - inputs.Count]) is { } creator)
                return creator;
        }

        return null;
    }

    /// <summary>Whether memory holds a gradient that arrived, which others may hold too.</summary>
    internal bool GotGradientIn(DeviceBuffer buffer)
    {
        if (outputGradients is null)
            return IsIn(outputGradient);
        return Array.Exists(outputGradients, IsIn);

        bool IsIn(Tensor? gradient) => gradient is not null && ReferenceEquals(gradient.Span.Buffer, buffer);
    }

    /// <summary>Runs Backward if any gradient has arrived, then releases everything that only Backward needed.</summary>
    internal void Propagate()
    {
        if (HasArrivedGradients)
        {
            if (wanted != inputs.Wanted())
            {
                throw new InvalidOperationException($"{Name}: an input was frozen or unfrozen between the forward and the"
                    + " backward pass, so its gradient would be lost or incomplete. Hint: do that between steps.");
            }

            isRunning = true;
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
        (isReleased, isRunning) = (true, false);
        outputGradient?.Dispose();
        foreach (var gradient in outputGradients ?? [])
            gradient?.Dispose();
        (outputGradient, outputGradients) = (null, null);
        (result, results) = (null, null);
        ReleaseSaved();
    }

    private void ReleaseSaved()
    {
        saved?.ForEach(t => t.Dispose());
        saved = null;
    }
}
