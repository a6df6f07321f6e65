using ILGPU;
using SeqCore.Kernels.Reduction;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <summary>
    /// The number of groups that fill a large GPU twice; fewer results are cut into parts. It is the same on every device,
    /// because the order of a sum depends on it.
    /// </summary>
    private const int ReductionGroups = 2048;

    /// <summary>The number of elements that each thread should have before a result is cut.</summary>
    private const int ElementsPerThread = 16;

    private protected override void RunReduce(ReductionKind kind, in StridedSpan x, in StridedSpan y)
    {
        if (y.Layout.Count == 0)
            return;
        if (x.Layout.Count == 0)
        {
            Fill(y, ReductionChecks.OfNothing(kind));
            return;
        }

        var plan = new ReducePlan(x.Layout, y.Layout);
        switch (kind)
        {
            case ReductionKind.Sum:
                Reduce<GpuTotal<SumReducer>>(plan, x, Results(plan, y, GpuFinish.Total));
                break;
            case ReductionKind.Mean:
                Reduce<GpuTotal<SumReducer>>(plan, x, Results(plan, y, GpuFinish.Mean));
                break;
            case ReductionKind.SumOfSquares:
                Reduce<GpuTotal<SumOfSquaresReducer>>(plan, x, Results(plan, y, GpuFinish.Total));
                break;
            case ReductionKind.Max:
                Reduce<GpuTotal<MaxReducer>>(plan, x, Results(plan, y, GpuFinish.Total));
                break;
            case ReductionKind.Min:
                Reduce<GpuTotal<NegatedMinReducer>>(plan, x, Results(plan, y, GpuFinish.Negated));
                break;
            case ReductionKind.Product:
                Reduce<GpuProduct>(plan, x, Results(plan, y, GpuFinish.Total));
                break;
            case ReductionKind.LogSumExp:
                LogSumExp(plan, x, y);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "Reduce: no such kind of reduction.");
        }
    }

    // First the maximum of each result, which is subtracted from the exponents in the second pass over x.
    private void LogSumExp(in ReducePlan plan, in StridedSpan x, in StridedSpan y)
    {
        using var memory = Scratch(plan.Kept.Count, out var shift);
        var results = Results(plan, y, GpuFinish.Shift);
        results.Shift = View(shift);
        Reduce<GpuTotal<MaxReducer>>(plan, x, results);
        results.Finish = (int)GpuFinish.Logarithm;
        Reduce<GpuTotal<SumOfExponentialsReducer>>(plan, x, results);
    }

    private GpuResults Results(in ReducePlan plan, in StridedSpan y, GpuFinish finish) => new()
    {
        Count = plan.Kept.Count,
        Axes = GpuAxes.Of(plan.Kept),
        Y = View(y.Data),
        Strides = GpuStrides.Of(plan.Kept, 1),
        Elements = plan.Reduced.Count,
        Finish = (int)finish,
        Shift = View(default(DeviceSpan<float>)),
    };

    private void Reduce<TTotal>(in ReducePlan plan, in StridedSpan x, in GpuResults results)
        where TTotal : unmanaged, IGpuTotal<TTotal>
    {
        if (plan.Reduced.Rank <= 1)
            Reduce<TTotal, ElementsInLine>(plan, x, results, new(plan.Reduced.InnerStride(0)));
        else
            Reduce<TTotal, ElementsOnAxes>(plan, x, results, new(GpuAxes.Of(plan.Reduced), GpuStrides.Of(plan.Reduced, 0)));
    }

    private void Reduce<TTotal, TElements>(in ReducePlan plan, in StridedSpan x, in GpuResults results,
        TElements elementsOfResult)
        where TTotal : unmanaged, IGpuTotal<TTotal>
        where TElements : struct, IGpuElements
    {
        int count = plan.Kept.Count, elements = plan.Reduced.Count;

        // Across if neighbouring results are closer together than neighbouring reduced elements.
        var teams = GpuTeams.For(count, elements,
            plan.Kept.Rank > 0 && plan.Reduced.InnerStride(0) != 1 && plan.Kept.InnerStride(0) < plan.Reduced.InnerStride(0));
        var groups = RowChunking.Chunks(count, teams.Teams);
        var part = RowChunking.Chunks(elements,
            Math.Clamp(ReductionGroups / groups, 1, RowChunking.Chunks(elements, teams.Width * ElementsPerThread)));
        var parts = RowChunking.Chunks(elements, part);
        DeviceSpan<float> totals = default;
        using var memory = parts == 1 ? null : Scratch(2L * parts * count, out totals);
        var kernel = new ReduceGpuKernel<TTotal, TElements>
        {
            Teams = teams,
            Results = results,
            X = View(x.Data),
            FirstElement = GpuStrides.Of(plan.Kept, 0),
            Elements = elementsOfResult,
            Part = part,
            Parts = parts,
            Totals = View(totals),
        };
        Launch(kernel, new Index3D(groups, parts, 1));
        if (parts == 1)
            return;
        teams = GpuTeams.For(count, parts, across: true);
        Launch(new ReducePartsGpuKernel<TTotal> { Teams = teams, Results = results, Parts = parts, Totals = View(totals) },
            RowChunking.Chunks(count, teams.Teams));
    }

    private protected override void RunArgMax(in StridedSpan x, int axis, DeviceSpan<int> indices, bool last)
    {
        var kept = ReductionChecks.ArgMax(x, axis, indices);
        if (kept.Count == 0)
            return;
        int size = x.Layout.Size(axis), stride = x.Layout.Stride(axis);
        var teams = GpuTeams.For(kept.Count, size, kept.Rank > 0 && stride != 1 && kept.InnerStride(0) < stride);
        var kernel = new ArgMaxGpuKernel
        {
            Teams = teams,
            X = View(x.Data),
            Axes = GpuAxes.Of(kept),
            FirstElement = GpuStrides.Of(kept, 0),
            Place = GpuStrides.Of(kept, 1),
            Results = kept.Count,
            Size = size,
            Stride = stride,
            Turn = last ? -1 : 0,
            Indices = View(indices),
        };
        Launch(kernel, RowChunking.Chunks(kept.Count, teams.Teams), nameof(ArgMax));
    }
}
