using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override int LstmWorkspace(RecurrentShape shape) =>
        new RecurrentPlan(shape, LstmCell.Gates, LstmCell.Saved).Workspace(true);

    /// <inheritdoc/>
    public override void LstmForward(in RecurrentArguments arguments, in RecurrentOutputs outputs) =>
        RecurrentForward<LstmCell>(nameof(LstmForward), arguments, outputs);

    /// <inheritdoc/>
    public override void LstmBackward(in RecurrentArguments arguments, in RecurrentGradients gradients) =>
        RecurrentBackward<LstmCell>(nameof(LstmBackward), arguments, gradients);
}

internal readonly unsafe partial struct LstmCell : IGpuCell
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UnitForward Forward(UnitForward at)
    {
        at.Gate0 = GateFunctions.Sigmoid(at.Gate0 + at.Product0);
        at.Gate1 = GateFunctions.Sigmoid(at.Gate1 + at.Product1);
        at.Gate2 = GateFunctions.Tanh(at.Gate2 + at.Product2);
        at.Gate3 = GateFunctions.Sigmoid(at.Gate3 + at.Product3);
        at.Cell = GpuIntrinsics.FusedMultiplyAdd(at.Gate1, at.Cell, at.Gate0 * at.Gate2);
        at.Hidden = at.Gate3 * GateFunctions.Tanh(at.Cell);
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UnitBackward Backward(UnitBackward at)
    {
        float i = at.Gate0, f = at.Gate1, g = at.Gate2, o = at.Gate3;
        var tanhC = GateFunctions.Tanh(GpuIntrinsics.FusedMultiplyAdd(f, at.PreviousCell, i * g));
        var dC = GpuIntrinsics.FusedMultiplyAdd(at.DHidden * o, 1f - (tanhC * tanhC), at.DCell);
        at.Gate0 = dC * g * i * (1f - i);
        at.Gate1 = dC * at.PreviousCell * f * (1f - f);
        at.Gate2 = dC * i * (1f - (g * g));
        at.Gate3 = at.DHidden * tanhC * o * (1f - o);
        at.DCell = dC * f;
        at.DHidden = 0f;
        return at;
    }
}
