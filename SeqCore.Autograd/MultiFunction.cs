namespace SeqCore;

/// <summary>A <see cref="Function"/> with several results; <see cref="Function.ApplyMany"/> returns them all.</summary>
/// <param name="inputs">All variables that a gradient may flow to.</param>
public abstract class MultiFunction(params Variable[] inputs) : Function(inputs)
{
    /// <summary>Computes the results and saves in fields what Backward needs.</summary>
    protected abstract override Tensor[] ForwardMany();

    /// <summary>Computes the gradients of the inputs from the gradients of the results.</summary>
    /// <param name="dY">The gradient of each result, or null if none arrived; contiguous, and not to be written to.</param>
    protected abstract override void BackwardMany(Tensor?[] dY);

    private protected sealed override bool HasSeveralResults => true;

    /// <inheritdoc/>
    protected sealed override Tensor Forward() => ForwardMany()[0];

    /// <inheritdoc/>
    protected sealed override void Backward(Tensor dY) => BackwardMany([dY]);
}
