using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override int GruWorkspace(RecurrentShape shape) =>
        new RecurrentPlan(shape, GruCell.Gates, GruCell.Saved).Workspace(false);

    /// <inheritdoc/>
    public override void GruForward(in RecurrentArguments arguments, in RecurrentOutputs outputs) =>
        RecurrentForward<GruCell>(nameof(GruForward), arguments, outputs);

    /// <inheritdoc/>
    public override void GruBackward(in RecurrentArguments arguments, in RecurrentGradients gradients) =>
        RecurrentBackward<GruCell>(nameof(GruBackward), arguments, gradients);
}

internal readonly unsafe partial struct GruCell : IGpuCell
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UnitForward Forward(UnitForward at)
    {
        at.Gate0 = GateFunctions.Sigmoid(at.Gate0 + at.Product0);
        at.Gate1 = GateFunctions.Sigmoid(at.Gate1 + at.Product1);
        at.Gate2 = GateFunctions.Tanh(GpuIntrinsics.FusedMultiplyAdd(at.Gate0, at.Product2, at.Gate2));
        at.Gate3 = at.Product2;
        at.Hidden = GpuIntrinsics.FusedMultiplyAdd(at.Gate1, at.Hidden - at.Gate2, at.Gate2);
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UnitBackward Backward(UnitBackward at)
    {
        float r = at.Gate0, z = at.Gate1, n = at.Gate2, q = at.Gate3;
        var dA = at.DHidden * (1f - z) * (1f - (n * n));
        at.Gate0 = dA * q * r * (1f - r);
        at.Gate1 = at.DHidden * (at.PreviousHidden - n) * z * (1f - z);
        at.Gate2 = dA;
        at.Gate3 = dA * r;
        at.DHidden *= z;
        return at;
    }
}
