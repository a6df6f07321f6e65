using SeqCore.Kernels.MatMul;

namespace SeqCore.Kernels.Recurrent;

/// <summary>
/// The recurrent weights in the order in which the micro-kernel reads them, packed once for a sequence. Forward, the panel of
/// block j and gate g holds the transposed rows [g H + j w, g H + (j + 1) w) of W_hh, depth H; backward, the panel of block j
/// holds the columns [j w, (j + 1) w) of W_hh, depth G H.
/// </summary>
internal unsafe struct HiddenPanels : IChunks
{
    private readonly RecurrentPlan plan;
    private readonly float* weights;
    private readonly float* panels;
    private readonly bool backward;

    private HiddenPanels(in RecurrentPlan plan, float* weights, float* panels, bool backward)
    {
        this.plan = plan;
        this.weights = weights;
        this.panels = panels;
        this.backward = backward;
    }

    internal static Scratch Pack(CpuBackend backend, in RecurrentPlan plan, float* weights, bool backward)
    {
        var buffer = backend.Take((long)plan.Gates * plan.HiddenSize * plan.Blocks * plan.Width * sizeof(float));
        var chunks = new HiddenPanels(plan, weights, buffer.Pointer, backward);
        var count = plan.Blocks * plan.Gates;
        if (plan.HiddenSize >= 128)
        {
            backend.Workers.For(count, ref chunks);
            return buffer;
        }

        for (var i = 0; i < count; i++)
            chunks.Invoke(i);
        return buffer;
    }

    /// <summary>Both directions divide the work in the same way: chunk (j, g) is block j of gate g.</summary>
    public readonly void Invoke(int chunk)
    {
        int h = plan.HiddenSize, w = plan.Width, j = chunk / plan.Gates, g = chunk % plan.Gates;
        var to = panels + ((nint)chunk * h * w);
        var units = Math.Min(w, h - (j * w));
        if (backward)
            PanelPacking.Pack(weights + ((nint)g * h * h) + (j * w), h, 1, h, units, w, to);
        else
            PanelPacking.Pack(weights + ((nint)((g * h) + (j * w)) * h), 1, h, h, units, w, to);
    }
}
