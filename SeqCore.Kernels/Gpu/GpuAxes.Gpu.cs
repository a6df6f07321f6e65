namespace SeqCore.Kernels;

/// <summary>
/// The axes of a <see cref="StridedPlan"/> as a kernel receives them: it computes the index of the n-th element of the walk with
/// one multiplication for each axis. Axis 0 is the innermost here. No field is indexed by a variable, so all stay in registers.
/// </summary>
internal struct GpuAxes
{
    private GpuDivisor size0;
    private GpuDivisor size1;
    private GpuDivisor size2;
    private GpuDivisor size3;
    private GpuDivisor size4;
    private GpuDivisor size5;
    private GpuDivisor size6;

    /// <summary>The number of axes, 0 to 8.</summary>
    internal int Rank { get; private set; }

    /// <summary>
    /// Makes the axes of a plan, in which a run of elements along the innermost axis (of four, for example) counts as one.
    /// </summary>
    internal static GpuAxes Of(in StridedPlan plan, int run = 1) => new()
    {
        Rank = plan.Rank,
        size0 = Size(plan, 0, run),
        size1 = Size(plan, 1, 1),
        size2 = Size(plan, 2, 1),
        size3 = Size(plan, 3, 1),
        size4 = Size(plan, 4, 1),
        size5 = Size(plan, 5, 1),
        size6 = Size(plan, 6, 1),
    };

    /// <summary>Returns the index of the n-th element along each axis.</summary>
    internal readonly GpuPlace Place(int element)
    {
        var place = default(GpuPlace);
        place.At0 = element;
        if (Rank > 1)
        {
            place.At1 = size0.Quotient(element);
            place.At0 = element - place.At1 * size0.Divisor;
        }

        if (Rank > 2)
        {
            place.At2 = size1.Quotient(place.At1);
            place.At1 -= place.At2 * size1.Divisor;
        }

        if (Rank > 3)
        {
            place.At3 = size2.Quotient(place.At2);
            place.At2 -= place.At3 * size2.Divisor;
        }

        if (Rank > 4)
        {
            place.At4 = size3.Quotient(place.At3);
            place.At3 -= place.At4 * size3.Divisor;
            place.At5 = size4.Quotient(place.At4);
            place.At4 -= place.At5 * size4.Divisor;
            place.At6 = size5.Quotient(place.At5);
            place.At5 -= place.At6 * size5.Divisor;
            place.At7 = size6.Quotient(place.At6);
            place.At6 -= place.At7 * size6.Divisor;
        }

        return place;
    }

    // Axes beyond the rank have a size larger than any index, so that their index is 0.
    private static GpuDivisor Size(in StridedPlan plan, int axis, int run) =>
        new(axis < plan.Rank ? Math.Max(1, plan.Size(plan.Rank - 1 - axis) / run) : int.MaxValue);
}

/// <summary>An index along each of the axes.</summary>
internal struct GpuPlace
{
    internal int At0;
    internal int At1;
    internal int At2;
    internal int At3;
    internal int At4;
    internal int At5;
    internal int At6;
    internal int At7;
}

/// <summary>An operand's strides along the axes of a <see cref="GpuAxes"/>, 0 beyond its rank.</summary>
internal struct GpuStrides
{
    private int stride1;
    private int stride2;
    private int stride3;
    private int stride4;
    private int stride5;
    private int stride6;
    private int stride7;

    /// <summary>The stride along the innermost axis.</summary>
    internal int Inner { get; private set; }

    /// <summary>Makes the strides of one operand of a plan; all but the innermost are in units of several elements.</summary>
    internal static GpuStrides Of(in StridedPlan plan, int operand, int unit = 1) => new()
    {
        Inner = Stride(plan, operand, 0),
        stride1 = Stride(plan, operand, 1) / unit,
        stride2 = Stride(plan, operand, 2) / unit,
        stride3 = Stride(plan, operand, 3) / unit,
        stride4 = Stride(plan, operand, 4) / unit,
        stride5 = Stride(plan, operand, 5) / unit,
        stride6 = Stride(plan, operand, 6) / unit,
        stride7 = Stride(plan, operand, 7) / unit,
    };

    /// <summary>Returns the offset of an index, given the number of axes.</summary>
    internal readonly int Offset(GpuPlace place, int rank)
    {
        var offset = place.At0 * Inner;
        if (rank > 1)
            offset += place.At1 * stride1;
        if (rank > 2)
            offset += place.At2 * stride2 + place.At3 * stride3;
        if (rank > 4)
            offset += place.At4 * stride4 + place.At5 * stride5 + place.At6 * stride6 + place.At7 * stride7;
        return offset;
    }

    private static int Stride(in StridedPlan plan, int operand, int axis) =>
        axis < plan.Rank ? plan.Stride(operand, plan.Rank - 1 - axis) : 0;
}
