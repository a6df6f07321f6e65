using SeqCore.Tensors;

namespace SeqCore.Autograd;

/// <summary>
/// One differentiable operation with one result, applied once: its inputs and what it saves are fields, and
/// <see cref="Backward"/> stands right below <see cref="Forward"/>. Users derive their own.
/// </summary>
/// <param name="inputs">Every variable that a gradient may flow to.</param>
public abstract class Function(params Variable[] inputs)
{
    private Tensor?[]? outputGradients;

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

    /// <summary>Computes the result and saves in fields what Backward needs.</summary>
    protected abstract Tensor Forward();

    /// <summary>Turns the gradient of the result into gradients of the inputs, each handed over with <see cref="Give"/>.</summary>
    /// <param name="dY">Contiguous, with the shape of the result.</param>
    protected abstract void Backward(Tensor dY);

    /// <summary>Runs the operation and, where a gradient may be asked for, records it on the open tape.</summary>
    public Variable Apply() => ApplyAll()[0];

    /// <summary>Whether the gradient of an input is wanted; there is no need to compute it otherwise.</summary>
    protected static bool Wants(Variable input) => input.RequiresGradient;

    /// <summary>
    /// Hands over the gradient of an input. Where the input was broadcast, it is summed over the broadcast axes here. A new
    /// tensor is taken over: do not use it afterwards. dY itself may be handed over too, as often as need be.
    /// </summary>
    protected void Give(Variable input, Tensor gradient)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(gradient);
        if (Array.IndexOf(outputGradients!, gradient) >= 0)
            gradient = gradient.Reshape(gradient.Shape);
        if (input.RequiresGradient)
            Autograd.Tape.Deliver(this, input, gradient);
        else
            gradient.Dispose();
    }

    private protected virtual Tensor[] ForwardAll() => [Forward()];

    private protected virtual void BackwardAll(Tensor?[] gradients) => Backward(gradients[0]!);

    private protected Variable[] ApplyAll()
    {
        var tape = Autograd.Tape.Current;
        IsRecorded = tape is { IsRecording: true } && Array.Exists(inputs, i => i.RequiresGradient);
        var values = ForwardAll();
        tape?.CheckForward(this, values);
        if (!IsRecorded)
            return Array.ConvertAll(values, v => new Variable(v));
        Tape = tape;
        tape!.Record(this);
        outputGradients = new Tensor?[values.Length];
        var outputs = new Variable[values.Length];
        for (var i = 0; i < values.Length; i++)
            outputs[i] = new Variable(values[i], this, i);
        return outputs;
    }

    /// <summary>Adds a gradient that arrived for one of the outputs.</summary>
    internal void Receive(int output, Tensor gradient)
    {
        ref var slot = ref outputGradients![output];
        if (slot is null)
        {
            slot = gradient;
            return;
        }

        if (slot.SharesMemory)
        {
            var own = slot.Copy();
            slot.Dispose();
            slot = own;
        }

        slot.AddInPlace(gradient);
        gradient.Dispose();
    }

    /// <summary>Runs Backward if any gradient has arrived.</summary>
    internal void Propagate()
    {
        if (Array.TrueForAll(outputGradients!, g => g is null))
            return;
        BackwardAll(outputGradients!);
        foreach (var gradient in outputGradients!)
            gradient?.Dispose();
        outputGradients = null;
    }
}

/// <summary>A <see cref="Function"/> with several results.</summary>
/// <param name="inputs">Every variable that a gradient may flow to.</param>
public abstract class MultiFunction(params Variable[] inputs) : Function(inputs)
{
    /// <summary>Computes the results and saves in fields what Backward needs.</summary>
    protected abstract Tensor[] ForwardMany();

    /// <summary>Turns the gradients of the results into gradients of the inputs.</summary>
    /// <param name="dY">One for each result, null where none arrived; contiguous.</param>
    protected abstract void BackwardMany(Tensor?[] dY);

    /// <summary>Runs the operation and, where a gradient may be asked for, records it on the open tape.</summary>
    public Variable[] ApplyMany() => ApplyAll();

    /// <inheritdoc/>
    protected sealed override Tensor Forward() => throw new InvalidOperationException($"{Name} has several results; call ApplyMany.");

    /// <inheritdoc/>
    protected sealed override void Backward(Tensor dY) => throw new InvalidOperationException($"{Name} has several results.");

    private protected sealed override Tensor[] ForwardAll() => ForwardMany();

    private protected sealed override void BackwardAll(Tensor?[] gradients) => BackwardMany(gradients);
}
