using SeqCore.Kernels.Elementwise;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <summary>
    /// The size of a grid whose threads stride over the elements: each multiprocessor is filled several times over, so that a
    /// slow one finishes together with the others.
    /// </summary>
    private const int StridingGroupsPerMultiprocessor = 32;

    /// <summary>Applies a map to operands that have been checked and have the same sizes; the inputs come first.</summary>
    private void Map<TMap>(string operation, TMap map, ReadOnlySpan<StridedSpan> operands)
        where TMap : struct, IGpuMap
    {
        Span<Layout> layouts = stackalloc Layout[operands.Length];
        for (var i = 0; i < operands.Length; i++)
            layouts[i] = operands[i].Layout;
        if (layouts[0].Count == 0)
            return;
        var plan = StridedPlan.Create(layouts);
        var isAligned = IsAligned(plan, operands, TMap.Inputs);
        var kernel = new MapGpuKernel<TMap>
        {
            Map = map,
            Axes = GpuAxes.Of(plan, isAligned ? 4 : 1),
            Count = plan.Count,
            A = Operand(plan, operands, 0, isAligned),
            B = Operand(plan, operands, TMap.Inputs > 1 ? 1 : -1, isAligned),
            C = Operand(plan, operands, TMap.Inputs > 2 ? 2 : -1, isAligned),
            D = Operand(plan, operands, TMap.Inputs > 3 ? 3 : -1, isAligned),
            First = Operand(plan, operands, TMap.Inputs, isAligned),
            Second = Operand(plan, operands, TMap.Results > 1 ? TMap.Inputs + 1 : -1, isAligned),
        };
        var threads = isAligned ? Math.Max(plan.Count / 4, plan.Count % 4) : plan.Count;
        var most = accelerator.NumMultiprocessors * StridingGroupsPerMultiprocessor;
        LaunchAligned(kernel, isAligned, Math.Min(RowChunking.Chunks(threads, IGpuKernel.MostThreads), most), operation);
    }

    private GpuOperand Operand(in StridedPlan plan, ReadOnlySpan<StridedSpan> operands, int index, bool isAligned) => index < 0
        ? new GpuOperand { Data = View(default(DeviceSpan<float>)) }
        : new GpuOperand
        {
            Data = View(operands[index].Data),
            Strides = GpuStrides.Of(plan, index, isAligned && plan.InnerStride(index) == 1 ? 4 : 1),
        };

    // Rows are multiples of four, or there is one row, whose tail the kernel handles element by element.
    private static bool IsAligned(in StridedPlan plan, ReadOnlySpan<StridedSpan> operands, int inputs)
    {
        if (plan.Rank > 1 && plan.InnerSize % 4 != 0)
            return false;
        for (var i = 0; i < operands.Length; i++)
        {
            if (plan.InnerStride(i) == 0 && i < inputs)
                continue;
            if (plan.InnerStride(i) != 1 || operands[i].Data.Offset % 4 != 0)
                return false;
            for (var axis = 0; axis < plan.Rank - 1; axis++)
            {
                if (plan.Stride(i, axis) % 4 != 0)
                    return false;
            }
        }

        return true;
    }
}
