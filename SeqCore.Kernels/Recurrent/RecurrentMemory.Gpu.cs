namespace SeqCore.Kernels.Recurrent;

/// <summary>
/// The memory of a layer's gates and states. Workspace: gates (T, B, Saved H), hidden states (T + 1, B, H), cell states likewise;
/// the states around step t are those of slots t and t + 1. Without a workspace: the gates of a segment of steps, two alternating
/// slots of hidden states, and one of cell states.
/// </summary>
internal readonly struct RecurrentMemory(RecurrentPlan plan, bool reverse, bool keepsAll, DeviceSpan<float> gates,
    DeviceSpan<float> hidden, DeviceSpan<float> cells)
{
    /// <summary>
    /// The number of floats of gates that inference holds at a time: 64 MB, enough for a product that occupies the device.
    /// </summary>
    private const int SegmentFloats = 1 << 24;

    /// <summary>The first time step whose gates are in memory.</summary>
    internal int FirstTime { get; init; }

    internal DeviceSpan<float> AllGates => gates;

    internal DeviceSpan<float> AllHidden => hidden;

    internal DeviceSpan<float> AllCells => cells;

    /// <summary>Returns the number of steps whose gates are in memory at a time if there is no workspace.</summary>
    internal static int Segment(in RecurrentPlan plan) => Math.Clamp(SegmentFloats / plan.GatesSize, 1, plan.Steps);

    /// <summary>Divides a workspace into its parts.</summary>
    internal static RecurrentMemory Of(in RecurrentPlan plan, in RecurrentArguments a, bool hasCell)
    {
        int gates = plan.Steps * plan.GatesSize, states = (plan.Steps + 1) * plan.StateSize;
        return new(plan, a.Reverse, true, a.Workspace.Slice(0, gates), a.Workspace.Slice(gates, states),
            hasCell ? a.Workspace.Slice(gates + states, states) : default);
    }

    /// <summary>Returns the time of a step; steps are counted in the order of processing.</summary>
    internal int Time(int step) => reverse ? plan.Steps - 1 - step : step;

    internal DeviceSpan<float> Gates(int step) => gates.Slice((Time(step) - FirstTime) * plan.GatesSize, plan.GatesSize);

    /// <summary>Returns the hidden states before a step.</summary>
    internal DeviceSpan<float> Before(int step) => Slot(hidden, keepsAll ? Time(step) + (reverse ? 1 : 0) : step & 1);

    /// <summary>Returns the hidden states after a step.</summary>
    internal DeviceSpan<float> After(int step) => Slot(hidden, keepsAll ? Time(step) + (reverse ? 0 : 1) : (step + 1) & 1);

    internal DeviceSpan<float> CellBefore(int step) => Slot(cells, keepsAll ? Time(step) + (reverse ? 1 : 0) : 0);

    internal DeviceSpan<float> CellAfter(int step) => Slot(cells, keepsAll ? Time(step) + (reverse ? 0 : 1) : 0);

    private DeviceSpan<float> Slot(DeviceSpan<float> states, int slot) =>
        states.IsAbsent ? default : states.Slice(slot * plan.StateSize, plan.StateSize);
}
