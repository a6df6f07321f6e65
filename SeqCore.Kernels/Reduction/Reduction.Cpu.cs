using SeqCore.Kernels.Reduction;

namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
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
        var results = plan.Kept.Count;
        using var workspace = Take((2L * plan.Parts + 1) * results * sizeof(float));
        var high = workspace.Pointer;
        var shift = high + 2L * plan.Parts * results;
        switch (kind)
        {
            case ReductionKind.Sum:
                Pass<SumReducer>(plan, x, null, high);
                Finish<SumReducer, Identity>(plan, high, null, y);
                break;
            case ReductionKind.Mean:
                Pass<SumReducer>(plan, x, null, high);
                Finish<SumReducer, Mean>(plan, high, null, y);
                break;
            case ReductionKind.SumOfSquares:
                Pass<SumOfSquaresReducer>(plan, x, null, high);
                Finish<SumOfSquaresReducer, Identity>(plan, high, null, y);
                break;
            case ReductionKind.Max:
                Pass<MaxReducer>(plan, x, null, high);
                Finish<MaxReducer, Identity>(plan, high, null, y);
                break;
            case ReductionKind.Min:
                Pass<NegatedMinReducer>(plan, x, null, high);
                Finish<NegatedMinReducer, Negation>(plan, high, null, y);
                break;
            case ReductionKind.Product:
                Multiply(plan, x, y);
                break;
            case ReductionKind.LogSumExp:
                Pass<MaxReducer>(plan, x, null, high);
                Shifts(plan, high, shift);
                Pass<SumOfExponentialsReducer>(plan, x, shift, high);
                Finish<SumOfExponentialsReducer, Logarithm>(plan, high, shift, y);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "Reduce: no such kind of reduction.");
        }
    }

    private void Multiply(in ReducePlan plan, in StridedSpan x, in StridedSpan y)
    {
        var results = plan.Kept.Count;
        using var workspace = Take((long)plan.Parts * results * sizeof(ScaledDouble));
        var products = (ScaledDouble*)workspace.Pointer;
        var kernel = new ProductKernel { Plan = plan, X = x.Data.Pointer(), Products = products };
        Workers.For(plan.Tiles * plan.Parts, ref kernel);
        var to = y.Data.Pointer();
        var walk = new StridedWalk(plan.Kept, 0);
        for (var i = 0; i < results; i++)
        {
            var product = products[i];
            for (nint part = 1; part < plan.Parts; part++)
                product *= products[part * results + i];
            to[walk.Offset(1)] = product.Value;
            walk.Move(plan.Kept, 1);
        }
    }

    private void Pass<TReducer>(in ReducePlan plan, in StridedSpan x, float* shift, float* high) where TReducer : struct, IReducer
    {
        var kernel = new ReduceKernel<TReducer>
        {
            Plan = plan,
            X = x.Data.Pointer(),
            Shift = shift,
            High = high,
            Low = high + (nint)plan.Parts * plan.Kept.Count,
        };
        Workers.For(plan.Tiles * plan.Parts, ref kernel);
    }

    // e^(x - max) for a finite maximum; with an infinite one or NaN the result is correct without a shift.
    private static void Shifts(in ReducePlan plan, float* high, float* shift)
    {
        var results = plan.Kept.Count;
        for (var i = 0; i < results; i++)
        {
            var max = (float)Total<MaxReducer>(high + i, results, plan.Parts);
            shift[i] = float.IsFinite(max) ? max : 0f;
        }
    }

    private static void Finish<TReducer, TFinish>(in ReducePlan plan, float* high, float* shift, in StridedSpan y)
        where TReducer : struct, IReducer
        where TFinish : struct, IFinish
    {
        var to = y.Data.Pointer();
        var results = plan.Kept.Count;
        var walk = new StridedWalk(plan.Kept, 0);
        for (var i = 0; i < results; i++)
        {
            var total = Total<TReducer>(high + i, results, plan.Parts);
            to[walk.Offset(1)] = (float)TFinish.Of(total, plan.Reduced.Count, shift == null ? 0f : shift[i]);
            walk.Move(plan.Kept, 1);
        }
    }

    private static double Total<TReducer>(float* high, int results, int parts) where TReducer : struct, IReducer
    {
        var low = high + (nint)parts * results;
        var total = Accumulator<TReducer>.Empty;
        for (nint part = 0; part < parts; part++)
            total.Add(high[part * results], low[part * results]);
        return total.Value;
    }

    private interface IFinish
    {
        static abstract double Of(double total, int count, float shift);
    }

    private readonly struct Identity : IFinish
    {
        public static double Of(double total, int count, float shift) => total;
    }

    private readonly struct Negation : IFinish
    {
        public static double Of(double total, int count, float shift) => -total;
    }

    private readonly struct Mean : IFinish
    {
        public static double Of(double total, int count, float shift) => total / count;
    }

    private readonly struct Logarithm : IFinish
    {
        public static double Of(double total, int count, float shift) => Math.Log(total) + shift;
    }
}
