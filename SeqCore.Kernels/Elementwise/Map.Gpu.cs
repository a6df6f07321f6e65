using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <summary>
    /// Groups of a grid that strides: each multiprocessor gets its fill several times over, so that a slow one
    /// ends with the others.
    /// </summary>
    private const int StridingGroupsPerMultiprocessor = 32;

    /// <summary>Applies a map to operands, the inputs first, that have been checked and have the same sizes.</summary>
    private void Map<TMap>(TMap map, ReadOnlySpan<StridedSpan> operands, [CallerMemberName] string operation = "")
        where TMap : struct, IGpuMap
    {
        Span<Layout> layouts = stackalloc Layout[operands.Length];
        for (var i = 0; i < operands.Length; i++)
            layouts[i] = operands[i].Layout;
        if (layouts[0].Count == 0)
            return;
        var plan = StridedPlan.Create(layouts);
        if (ComesInFours(plan, operands, TMap.Inputs))
            MapFours(map, plan, operands, operation);
        else
            MapElements(map, plan, operands, operation);
    }

    private void MapElements<TMap>(TMap map, in StridedPlan plan, ReadOnlySpan<StridedSpan> operands, string operation)
        where TMap : struct, IGpuMap
    {
        var kernel = new MapGpuKernel<TMap>
        {
            Map = map,
            Axes = GpuAxes.Of(plan),
            Count = plan.Count,
            A = Operand(plan, operands, 0),
            B = Operand(plan, operands, TMap.Inputs > 1 ? 1 : -1),
            C = Operand(plan, operands, TMap.Inputs > 2 ? 2 : -1),
            D = Operand(plan, operands, TMap.Inputs > 3 ? 3 : -1),
            First = Operand(plan, operands, TMap.Inputs),
            Second = Operand(plan, operands, TMap.Results > 1 ? TMap.Inputs + 1 : -1),
        };
        Launch(kernel, StridingGroups<MapGpuKernel<TMap>>(plan.Count), operation);
    }

    private void MapFours<TMap>(TMap map, in StridedPlan plan, ReadOnlySpan<StridedSpan> operands, string operation)
        where TMap : struct, IGpuMap
    {
        var kernel = new MapFoursGpuKernel<TMap>
        {
            Map = map,
            Axes = GpuAxes.Of(plan, 4),
            Fours = plan.Count / 4,
            Tail = plan.Count % 4,
            A = Fours(plan, operands, 0),
            B = Fours(plan, operands, TMap.Inputs > 1 ? 1 : -1),
            C = Fours(plan, operands, TMap.Inputs > 2 ? 2 : -1),
            D = Fours(plan, operands, TMap.Inputs > 3 ? 3 : -1),
            First = Fours(plan, operands, TMap.Inputs),
            Second = Fours(plan, operands, TMap.Results > 1 ? TMap.Inputs + 1 : -1),
        };
        Launch(kernel, StridingGroups<MapFoursGpuKernel<TMap>>(Math.Max(plan.Count / 4, plan.Count % 4)), operation);
    }

    private GpuOperand Operand(in StridedPlan plan, ReadOnlySpan<StridedSpan> operands, int index) => index < 0
        ? new GpuOperand { Data = View(default(DeviceSpan<float>)) }
        : new GpuOperand { Data = View(operands[index].Data), Strides = GpuStrides.Of(plan, index) };

    private GpuFours Fours(in StridedPlan plan, ReadOnlySpan<StridedSpan> operands, int index)
    {
        var data = index < 0 ? default : operands[index].Data;
        return new GpuFours
        {
            Data = View(data),
            Fours = ViewFours(data),
            Strides = index < 0 ? default : GpuStrides.Of(plan, index, plan.InnerStride(index) == 1 ? 4 : 1),
        };
    }

    // Rows of fours; or one row, whose tail the kernel takes one by one.
    private static bool ComesInFours(in StridedPlan plan, ReadOnlySpan<StridedSpan> operands, int inputs)
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

    private static int GroupsOf<TKernel>(int threads) where TKernel : struct, IGpuKernel =>
        Rows.Chunks(threads, TKernel.GroupSize);

    private int StridingGroups<TKernel>(int threads) where TKernel : struct, IGpuKernel =>
        Math.Min(GroupsOf<TKernel>(threads), accelerator.NumMultiprocessors * StridingGroupsPerMultiprocessor);
}
