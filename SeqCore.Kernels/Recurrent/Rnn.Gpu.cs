using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override int RnnWorkspace(RecurrentShape shape) =>
        new RecurrentPlan(shape, TanhCell.Gates, TanhCell.Saved).Workspace(false);

    /// <inheritdoc/>
    public override void RnnForward(RnnNonlinearity nonlinearity, in RecurrentArguments arguments, in RecurrentOutputs outputs)
    {
        if (nonlinearity == RnnNonlinearity.Relu)
            RecurrentForward<ReluCell>(nameof(RnnForward), arguments, outputs);
        else
            RecurrentForward<TanhCell>(nameof(RnnForward), arguments, outputs);
    }

    /// <inheritdoc/>
    public override void RnnBackward(RnnNonlinearity nonlinearity, in RecurrentArguments arguments,
        in RecurrentGradients gradients)
    {
        if (nonlinearity == RnnNonlinearity.Relu)
            RecurrentBackward<ReluCell>(nameof(RnnBackward), arguments, gradients);
        else
            RecurrentBackward<TanhCell>(nameof(RnnBackward), arguments, gradients);
    }
}

internal readonly unsafe partial struct TanhCell : IGpuCell
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UnitForward Forward(UnitForward at)
    {
        at.Hidden = GateFunctions.Tanh(at.Gate0 + at.Product0);
        at.Gate0 = at.Hidden;
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UnitBackward Backward(UnitBackward at)
    {
        at.Gate0 = at.DHidden * (1f - (at.Gate0 * at.Gate0));
        at.DHidden = 0f;
        return at;
    }
}

internal readonly unsafe partial struct ReluCell : IGpuCell
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UnitForward Forward(UnitForward at)
    {
        at.Hidden = LaneGpu.Max(new LaneGpu(at.Gate0 + at.Product0), new LaneGpu(0f)).Value;
        at.Gate0 = at.Hidden;
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UnitBackward Backward(UnitBackward at)
    {
        at.Gate0 = at.Gate0 > 0f ? at.DHidden : 0f;
        at.DHidden = 0f;
        return at;
    }
}
