namespace SeqCore.Kernels;

/// <summary>
/// A cell's equations for one unit of one sequence, as a GPU's thread computes them in registers; see the CPU's for the formulas.
/// </summary>
internal interface IGpuCell : IRecurrentCell
{
    /// <summary>One step; zoneout is left to the kernels.</summary>
    static abstract UnitForward Forward(UnitForward at);

    /// <summary>The same step backwards.</summary>
    static abstract UnitBackward Backward(UnitBackward at);
}

/// <summary>One unit's numbers in a step forward.</summary>
internal struct UnitForward
{
    /// <summary>The inputs' part of the gates on entry; what is saved on return.</summary>
    internal float Gate0;
    internal float Gate1;
    internal float Gate2;
    internal float Gate3;

    /// <summary>The hidden state's part of the gates, its bias included.</summary>
    internal float Product0;
    internal float Product1;
    internal float Product2;
    internal float Product3;

    /// <summary>The states: of the step before on entry, of this step on return.</summary>
    internal float Hidden;
    internal float Cell;
}

/// <summary>One unit's numbers in a step backward.</summary>
internal struct UnitBackward
{
    /// <summary>What was saved on entry; the gates' gradients on return.</summary>
    internal float Gate0;
    internal float Gate1;
    internal float Gate2;
    internal float Gate3;

    /// <summary>The states before the step.</summary>
    internal float PreviousHidden;
    internal float PreviousCell;

    /// <summary>
    /// The gradient of the new hidden state on entry; on return the part of the previous one's that passes by the gates' product.
    /// </summary>
    internal float DHidden;

    /// <summary>The gradient of the new cell state on entry, of the previous one on return.</summary>
    internal float DCell;
}

/// <summary>Nonlinearities in a GPU's thread.</summary>
internal static class GateFunctions
{
    /// <summary>1 / (1 + e^-x), as accurate as on the CPU.</summary>
    internal static float Sigmoid(float x) => Elementary.Sigmoid(new LaneGpu(x)).Value;

    /// <summary>The hyperbolic tangent, as accurate as on the CPU.</summary>
    internal static float Tanh(float x) => Elementary.Tanh(new LaneGpu(x)).Value;
}
