namespace SeqCore;

/// <summary>A <see cref="Function"/> with several results.</summary>
/// <param name="inputs">Every variable that a gradient may flow to.</param>
public abstract class MultiFunction(params Variable[] inputs) : Function(inputs)
{
    /// <summary>Computes the results and saves in fields what Backward needs.</summary>
    protected abstract Tensor[] ForwardMany();

    /// <summary>Turns the gradients of the results into gradients of the inputs.</summary>
    /// <param name="dY">One for each result, null where none arrived; contiguous, not to be written to.</param>
    protected abstract void BackwardMany(Tensor?[] dY);

    /// <summary>Runs the operation and, where a gradient may be asked for, records it on the open tape.</summary>
    /// <exception cref="InvalidOperationException">An input was recorded on a tape that is closed by now.</exception>
    public Variable[] ApplyMany() => ApplyAll();

    /// <inheritdoc/>
    protected sealed override Tensor Forward() => ForwardMany()[0];

    /// <inheritdoc/>
    protected sealed override void Backward(Tensor dY) => BackwardMany([dY]);

    private protected sealed override Tensor[] ForwardAll() => ForwardMany();

    private protected sealed override void BackwardAll(Tensor?[] gradients) => BackwardMany(gradients);
}
