using ILGPU;

namespace SeqCore.Kernels.Reduction;

/// <summary>
/// Reduces x: each team of threads (<see cref="GpuTeams"/>) computes the total of one part of a result's elements, which its
/// lanes take in turn, four at a time. Groups are laid out by results along x and by parts along y of the grid:
/// <code>
///   elements of a result   | part 0                      | part 1              | ...
///   lanes of a team of 4   | 0 1 2 3 0 1 2 3 0 1 2 3 ... | 0 1 2 3 ...
/// </code>
/// A thread's four elements are added in pairs and their sum is added to two floats, as are the totals of lanes, so that the
/// error does not grow with the number of elements. With one part the result is written directly; otherwise
/// <see cref="ReducePartsGpuKernel{TTotal}"/> follows.
/// </summary>
internal struct ReduceGpuKernel<TTotal, TElements> : IGpuKernel
    where TTotal : unmanaged, IGpuTotal<TTotal>
    where TElements : struct, IGpuElements
{
    internal GpuResults Results;
    internal ArrayView<float> X;

    /// <summary>The strides from results to their first elements.</summary>
    internal GpuStrides FirstElement;
    internal TElements Elements;
    internal GpuTeams Teams;

    /// <summary>The number of elements of a part.</summary>
    internal int Part;
    internal int Parts;

    /// <summary>The totals of the parts, two floats each: all first floats (parts, results) before all second ones.</summary>
    internal ArrayView<float> Totals;

    public readonly void Run()
    {
        var result = Teams.Result;
        var isResult = result < Results.Count;
        var place = Results.Axes.Place(isResult ? result : 0);
        var first = FirstElement.Offset(place, Results.Axes.Rank);
        var shift = isResult ? Results.ShiftOf(result) : 0f;
        var from = Grid.IdxY * Part;
        var count = isResult ? IntrinsicMath.Min(Part, Results.Elements - from) : 0;
        var total = TTotal.Empty;
        var i = Teams.Lane;
        for (; i < count - 3 * Teams.Width; i += 4 * Teams.Width)
        {
            // The offsets first, so that all four loads are in flight together.
            var at0 = first + Elements.Offset(from + i);
            var at1 = first + Elements.Offset(from + i + Teams.Width);
            var at2 = first + Elements.Offset(from + i + 2 * Teams.Width);
            var at3 = first + Elements.Offset(from + i + 3 * Teams.Width);
            float x0 = X[at0], x1 = X[at1], x2 = X[at2], x3 = X[at3];
            total = total.With(x0, x1, x2, x3, shift);
        }

        for (; i < count; i += Teams.Width)
            total = total.With(X[first + Elements.Offset(from + i)], shift);
        total = Teams.ForFirst(total);
        if (!isResult || Teams.Lane != 0)
            return;
        if (Parts == 1)
        {
            Results.Write(result, place, total.Value);
            return;
        }

        var at = Grid.IdxY * Results.Count + result;
        Totals[at] = total.High;
        Totals[Parts * Results.Count + at] = total.Low;
    }
}

/// <summary>
/// The second pass of a reduction: a team for each result adds the totals of its parts, lane by lane, in a fixed order.
/// </summary>
internal struct ReducePartsGpuKernel<TTotal> : IGpuKernel where TTotal : unmanaged, IGpuTotal<TTotal>
{
    internal GpuResults Results;
    internal GpuTeams Teams;
    internal int Parts;
    internal ArrayView<float> Totals;

    public readonly void Run()
    {
        var result = Teams.Result;
        var isResult = result < Results.Count;
        var total = TTotal.Empty;
        if (isResult)
        {
            for (var part = Teams.Lane; part < Parts; part += Teams.Width)
            {
                var at = part * Results.Count + result;
                total = total.Plus(Totals[at], Totals[Parts * Results.Count + at]);
            }
        }

        total = Teams.ForFirst(total);
        if (isResult && Teams.Lane == 0)
            Results.Write(result, Results.Axes.Place(result), total.Value);
    }
}

/// <summary>Writes the results of a reduction, computed from the totals.</summary>
internal struct GpuResults
{
    internal int Count;
    internal GpuAxes Axes;
    internal ArrayView<float> Y;
    internal GpuStrides Strides;

    /// <summary>The number of elements of each result.</summary>
    internal int Elements;

    /// <summary>A <see cref="GpuFinish"/>.</summary>
    internal int Finish;

    /// <summary>The shift that is subtracted from the exponents, one for each result; empty if there is none.</summary>
    internal ArrayView<float> Shift;

    internal readonly float ShiftOf(int result) => Finish == (int)GpuFinish.Logarithm ? Shift[result] : 0f;

    internal readonly void Write(int result, GpuPlace place, float total)
    {
        if (Finish == (int)GpuFinish.Shift)
            Shift[result] = IntrinsicMath.Abs(total) <= float.MaxValue ? total : 0f;
        else
            Y[Strides.Offset(place, Axes.Rank)] = Finished(total, ShiftOf(result));
    }

    private readonly float Finished(float total, float shift)
    {
        if (Finish == (int)GpuFinish.Negated)
            return -total;
        if (Finish == (int)GpuFinish.Mean)
            return total / Elements;
        if (Finish == (int)GpuFinish.Logarithm)
            return Elementary.Log(new LaneGpu(total)).Value + shift;
        return total;
    }
}

/// <summary>Specifies how a total becomes the result.</summary>
internal enum GpuFinish
{
    /// <summary>The total is the result.</summary>
    Total,

    /// <summary>The result is the negated total.</summary>
    Negated,

    /// <summary>The total is divided by the number of elements.</summary>
    Mean,

    /// <summary>The logarithm of the total, to which the shift is added.</summary>
    Logarithm,

    /// <summary>
    /// The maximum becomes the shift of exponentials: 0 if it is not finite, since they are then correct without a shift.
    /// </summary>
    Shift,
}
