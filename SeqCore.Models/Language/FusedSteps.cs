using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>Steps on the kernels of fused layers, with memory that is allocated once.</summary>
internal sealed class FusedSteps : RecurrentSteps
{
    private readonly FusedRecurrentLayer owner;
    private readonly LayerStep[] layers;

    internal FusedSteps(FusedRecurrentLayer owner, int batchSize, Backend backend) : base(owner, batchSize)
    {
        this.owner = owner;
        layers = [.. Enumerable.Range(0, owner.Options.Layers).Select(l => new LayerStep(owner, l, batchSize, backend))];
    }

    /// <inheritdoc/>
    internal override Tensor Hidden => layers[^1].Hidden;

    /// <inheritdoc/>
    internal override Tensor Run(Tensor x)
    {
        foreach (var layer in layers)
            x = layer.Run(x);
        return x;
    }

    /// <inheritdoc/>
    internal override void Reorder(IndexTensor rows)
    {
        foreach (var layer in layers)
            layer.Reorder(rows);
    }

    /// <inheritdoc/>
    internal override void Reset()
    {
        foreach (var layer in layers)
            layer.Reset();
    }

    /// <inheritdoc/>
    internal override RecurrentState CopyState()
    {
        using var suspension = TensorScope.Suspend();
        return new RecurrentState(
            [.. layers.Select(l => new Variable(l.Hidden.Copy()))],
            owner.HasCell ? [.. layers.Select(l => new Variable(l.Cell!.Copy()))] : null);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var layer in layers)
            layer.Dispose();
    }

    /// <inheritdoc/>
    private protected override void CopyFrom(RecurrentState state)
    {
        for (var i = 0; i < layers.Length; i++)
            layers[i].Restore(state.Hidden[i].Value, owner.HasCell ? state.Cell[i].Value : null);
    }
}
