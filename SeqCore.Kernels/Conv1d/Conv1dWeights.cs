using SeqCore.Kernels.MatMul;

namespace SeqCore.Kernels.Conv1d;

/// <summary>
/// The weight (O, I / groups, K) with the channels of each tap side by side, as sums over taps read it: for the convolution
/// (O, taps, I / groups), for the gradient of the inputs (groups, taps, O / groups, I / groups), and for depth-wise ones
/// (taps, O).
/// </summary>
internal unsafe struct Conv1dWeights : IChunks
{
    internal float* Weight;
    internal float* Arranged;
    internal Conv1dShape Shape;
    internal Conv1dTaps Taps;
    internal bool IsBackward;
    internal bool IsDepthwise;

    /// <summary>The number of outputs of a chunk.</summary>
    internal int PerChunk;

    internal static Conv1dWeights Arrange(CpuBackend backend, float* weight, in Conv1dShape shape, in Conv1dTaps taps,
        float* arranged, bool isBackward, bool isDepthwise)
    {
        var weights = new Conv1dWeights
        {
            Weight = weight,
            Arranged = arranged,
            Shape = shape,
            Taps = taps,
            IsBackward = isBackward,
            IsDepthwise = isDepthwise,
            PerChunk = RowChunking.PerChunk(shape.GroupInputs * shape.Kernel),
        };
        backend.Workers.For(RowChunking.Chunks(shape.Outputs, weights.PerChunk), ref weights);
        return weights;
    }

    public readonly void Invoke(int chunk)
    {
        int inputs = Shape.GroupInputs, outputs = Shape.GroupOutputs;
        for (var o = chunk * PerChunk; o < Math.Min(Shape.Outputs, (chunk + 1) * PerChunk); o++)
        {
            for (var j = 0; j < Taps.Taps; j++)
            {
                var from = Weight + (long)o * inputs * Shape.Kernel + Taps.FirstTap + j * Taps.TapStep;
                long place = IsBackward
                    ? ((long)(o / outputs) * Taps.Taps + j) * outputs + o % outputs
                    : IsDepthwise ? (long)j * Shape.Outputs + o : (long)o * Taps.Taps + j;
                var to = Arranged + place * inputs;
                for (var i = 0; i < inputs; i++)
                    to[i] = from[(long)i * Shape.Kernel];
            }
        }
    }

    /// <summary>Packs the matrix (taps x channels, results) of each group.</summary>
    internal readonly PackedPanels[] Pack(CpuBackend backend)
    {
        var panels = new PackedPanels[Shape.Groups];
        for (var g = 0; g < panels.Length; g++)
        {
            var from = Arranged + (long)g * Taps.Depth * Taps.To;
            panels[g] = IsBackward
                ? new PackedPanels(backend, from, Taps.To, 1, Taps.Depth, Taps.To)
                : new PackedPanels(backend, from, 1, Taps.Depth, Taps.Depth, Taps.To);
        }

        return panels;
    }
}
