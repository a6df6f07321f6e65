using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Steps of layers without a kernel for one: each step is a sequence of length 1 from the state that the last one left.
/// </summary>
internal sealed class ForwardSteps : RecurrentSteps
{
    private readonly RecurrentLayer owner;
    private readonly int batchSize;
    private readonly Tensor output;
    private RecurrentState? state;

    internal ForwardSteps(RecurrentLayer owner, int batchSize, Backend backend) : base(owner, batchSize)
    {
        (this.owner, this.batchSize) = (owner, batchSize);
        output = Tensor.Zeros(new Shape(batchSize, owner.OutputSize), backend);
    }

    /// <inheritdoc/>
    internal override Tensor Hidden => (state ??= owner.ZeroState(batchSize)).Hidden[^1].Value;

    /// <inheritdoc/>
    internal override Tensor Run(Tensor x)
    {
        using var pause = Tape.Current?.Pause();
        using var inference = InferenceScope.Open();
        using var scope = new TensorScope("step");
        var (y, next) = owner.Forward(x.Unsqueeze(1), state);
        TensorCopy.Into(y.Value.Select(1, 0), output);
        Replace(next.Copy());
        return output;
    }

    /// <inheritdoc/>
    internal override void Reorder(IndexTensor rows)
    {
        if (state is null)
            return;
        using var suspension = TensorScope.Suspend();
        Replace(RecurrentState.FromParts([.. state.Parts.Select(
            part => part.Select(v => new Variable(v.Value.Gather(rows))).ToArray())]));
    }

    /// <inheritdoc/>
    internal override void Reset() => Replace(null);

    /// <inheritdoc/>
    internal override RecurrentState CopyState() => state?.Copy() ?? owner.ZeroState(batchSize);

    /// <inheritdoc/>
    public override void Dispose()
    {
        Replace(null);
        output.Dispose();
    }

    /// <inheritdoc/>
    private protected override void CopyFrom(RecurrentState state) => Replace(state.Copy());

    private void Replace(RecurrentState? next)
    {
        state?.Dispose();
        state = next;
    }
}
