using SeqCore.Kernels;

namespace SeqCore;

/// <summary>
/// One differentiable operation with one result, applied once: its inputs and what it saves are fields, and
/// <see cref="Backward"/> stands right below <see cref="Forward"/>. Users derive their own.
/// </summary>
/// <param name="inputs">Every variable that a gradient may flow to.</param>
public abstract class Function(params Variable[] inputs)
{
    private Tensor?[]? outputGradients;
    private List<Tensor>? saved;
    private ulong wanted;
    private int inputsVisited = -1;

    /// <summary>What errors call the operation: the type's name without <c>Function</c>.</summary>
    public virtual string Name
    {
        get
        {
            var name = GetType().Name.Split('`')[0];
            return name.EndsWith("Function", StringComparison.Ordinal) ? name[..^"Function".Length] : name;
        }
    }

    internal IReadOnlyList<Variable> Inputs => inputs;

    /// <summary>The tape that recorded this function, if one did.</summary>
    internal Tape? Tape { get; private set; }

    /// <summary>Whether any input asks for a gradient and a tape is open, so that Backward may come: save only then.</summary>
    protected bool IsRecorded { get; private set; }

    /// <summary>The moment of the recording: what was written later was not there in the forward pass.</summary>
    internal long RecordedAt { get; private set; }

    internal bool HasArrivedGradients => outputGradients is not null && Array.Exists(outputGradients, g => g is not null);

    /// <summary>The next function in the order of <see cref="BackwardOrder"/>.</summary>
    internal Function? Link { get; set; }

    /// <summary>Functions whose results this one used without taking them as inputs.</summary>
    private protected virtual IReadOnlyList<Function> HiddenCreators => [];

    /// <summary>
    /// Whether to record even where no input asks for a gradient, because something that Backward knows of does.
    /// </summary>
    private protected virtual bool HasHiddenInputs => false;

    /// <summary>Computes the result and saves in fields what Backward needs.</summary>
    protected abstract Tensor Forward();

    /// <summary>
    /// Turns the gradient of the result into gradients of the inputs, each handed over with <see cref="Give"/>.
    /// </summary>
    /// <param name="dY">Contiguous, with the shape of the result; not to be written to.</param>
    protected abstract void Backward(Tensor dY);

    /// <summary>
    /// Runs the operation and, where a gradient may be asked for, records it on the open tape. Of several results, the first.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// An input was recorded on a tape that is closed by now, or the object was applied before.
    /// </exception>
    public Variable Apply() => ApplyMany()[0];

    /// <summary>Whether the gradient of an input is wanted; there is no need to compute it otherwise.</summary>
    protected static bool Wants(Variable? input) => input is { RequiresGradient: true };

    /// <summary>
    /// Throws where a tensor was changed since the forward pass. For a Backward that uses memory kept from Forward; where it
    /// reads a tensor's values or its <see cref="Tensor.Span"/>, that checks by itself.
    /// </summary>
    /// <exception cref="InvalidOperationException">One was changed; the message says by what.</exception>
    protected static void RequireUnchanged(params ReadOnlySpan<Tensor?> tensors)
    {
        foreach (var tensor in tensors)
            _ = tensor?.Strided;
    }

    /// <summary>Throws where indices were changed since the forward pass, as for tensors.</summary>
    /// <exception cref="InvalidOperationException">They were changed; the message says by what.</exception>
    protected static void RequireUnchanged(IndexTensor? indices) => _ = indices?.Span;

    /// <summary>Whether a result's gradient is the 1 that back-propagation starts with, known without reading it.</summary>
    private protected bool IsOne(Tensor dY) => Tape!.IsSeedOfOne(dY);

    /// <summary>
    /// Notes that a tensor made in Forward serves Backward alone, so that it goes back to the pool right after it. Inputs and
    /// results need no such note: they live as long as the tape.
    /// </summary>
    /// <returns>The tensor itself.</returns>
    protected Tensor Save(Tensor tensor)
    {
        (saved ??= []).Add(tensor);
        return tensor;
    }

    /// <summary>
    /// Hands over the gradient of an input. Where the input was broadcast, it is summed over the broadcast axes here. A new
    /// tensor is taken over: do not use it afterwards. dY itself may be handed over too, as often as need be.
    /// </summary>
    /// <param name="input">One of the inputs; null, or one that asks for no gradient, gets none.</param>
    /// <param name="gradient">Its gradient, or that of the part.</param>
    /// <param name="part">
    /// Makes a view of a tensor of the input's shape; the gradient is that of these elements, and the others have none. Many
    /// parts of one input are so added into one tensor. Null: the whole.
    /// </param>
    /// <exception cref="ShapeException">The gradient's shape is not the input's or the part's.</exception>
    protected void Give(Variable? input, Tensor gradient, Func<Tensor, Tensor>? part = null)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        if (Array.Exists(outputGradients!, g => ReferenceEquals(g, gradient)))
            gradient = gradient.Alias();
        saved?.Remove(gradient);
        if (Wants(input))
            Tape.Deliver(this, input!, gradient, part);
        else
            gradient.Dispose();
    }

    /// <summary>Computes the results of a <see cref="MultiFunction"/>; otherwise the one result.</summary>
    protected virtual Tensor[] ForwardMany() => [Forward()];

    /// <summary>Turns the gradients of the results into gradients of the inputs.</summary>
    /// <param name="dY">One for each result, null where none arrived; contiguous, not to be written to.</param>
    protected virtual void BackwardMany(Tensor?[] dY) => Backward(dY[0]!);

    /// <summary>
    /// Runs the operation and, where a gradient may be asked for, records it on the open tape. Returns all results.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// An input was recorded on a tape that is closed by now, or the object was applied before.
    /// </exception>
    public Variable[] ApplyMany()
    {
        var (tape, isRecording) = Tape.Present;
        if (Tape is not null)
            throw new InvalidOperationException($"{Name}: a function object serves one application. Make a new one for each.");
        foreach (var input in inputs)
            ArgumentNullException.ThrowIfNull(input, nameof(inputs));
        IsRecorded = isRecording && (HasHiddenInputs || Array.Exists(inputs, i => i.RequiresGradient));
        Tape.CheckInputs(tape, this, IsRecorded);
        var values = ForwardMany();
        tape?.CheckForward(this, values);
        if (!IsRecorded)
        {
            ReleaseSaved();
            return Array.ConvertAll(values, v => new Variable(v));
        }

        Tape = tape;
        wanted = WantedInputs();
        RecordedAt = StaleReads.Now();
        tape!.Record(this);
        outputGradients = new Tensor?[values.Length];
        var outputs = new Variable[values.Length];
        for (var i = 0; i < values.Length; i++)
            outputs[i] = new Variable(values[i], this, i);
        return outputs;
    }

    /// <summary>The sum of the gradients that have arrived for a result.</summary>
    internal ref Tensor? ArrivedGradient(Variable result)
    {
        if (outputGradients is null)
            throw new InvalidOperationException($"{Name}: a gradient arrived for a result whose tape has run backward already.");
        return ref outputGradients[result.CreatorOutput];
    }

    /// <summary>Whether the function is of a tape, and has not been visited yet; it counts as visited from now on.</summary>
    internal bool BeginVisit(Tape? tape)
    {
        if (Tape != tape || inputsVisited >= 0)
            return false;
        inputsVisited = 0;
        return true;
    }

    /// <summary>
    /// Returns the next function whose result this one used, in the order of its inputs; null after the last. Inputs that are
    /// leaves are passed over.
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

    /// <summary>Runs Backward if any gradient has arrived, then lets go of everything that only it needed.</summary>
    internal void Propagate()
    {
        if (HasArrivedGradients)
        {
            if (wanted != WantedInputs())
            {
                throw new InvalidOperationException($"{Name}: an input was frozen or freed between the forward and the backward"
                    + " pass, so that its gradient would be lost or be one of half a step. Hint: do that between steps.");
            }

            BackwardMany(outputGradients!);
        }

        Release();
    }

    /// <summary>Lets go of everything that only Backward needed.</summary>
    internal void Release()
    {
        foreach (var gradient in outputGradients ?? [])
            gradient?.Dispose();
        outputGradients = null;
        ReleaseSaved();
    }

    /// <summary>One bit for each input that asks for its gradient; of very many, the last ones share theirs.</summary>
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
