namespace SeqCore.Kernels.MatMul;

/// <summary>A lane's part of 64 x 64 elements of C: eight columns of four parts.</summary>
internal struct TensorCoreSums
{
    private TensorCoreParts column0;
    private TensorCoreParts column1;
    private TensorCoreParts column2;
    private TensorCoreParts column3;
    private TensorCoreParts column4;
    private TensorCoreParts column5;
    private TensorCoreParts column6;
    private TensorCoreParts column7;

    /// <summary>
    /// Adds the products of eight terms. The elements of A stay in registers meanwhile, those of B are loaded as needed.
    /// </summary>
    /// <param name="a">The lane's window on A.</param>
    /// <param name="b">The lane's window on B.</param>
    /// <param name="four">The number of the first of two Float4s of terms.</param>
    internal void Add<TA, TB, TRounding>(in TensorCoreWindow<TA> a, in TensorCoreWindow<TB> b, int four)
        where TA : struct, ITensorCoreLayout
        where TB : struct, ITensorCoreLayout
        where TRounding : struct, ITensorCoreRounding
    {
        var rows = TensorCoreRows.Read<TA, TRounding>(a, four);
        column0 = Column<TB, TRounding>(rows, b, 0, four, column0);
        column1 = Column<TB, TRounding>(rows, b, 1, four, column1);
        column2 = Column<TB, TRounding>(rows, b, 2, four, column2);
        column3 = Column<TB, TRounding>(rows, b, 3, four, column3);
        column4 = Column<TB, TRounding>(rows, b, 4, four, column4);
        column5 = Column<TB, TRounding>(rows, b, 5, four, column5);
        column6 = Column<TB, TRounding>(rows, b, 6, four, column6);
        column7 = Column<TB, TRounding>(rows, b, 7, four, column7);
    }

    /// <summary>Returns one of the four bands of 16 rows, selected by comparisons.</summary>
    internal readonly TensorCoreBand Row(int band) => new(
        new(column0.Part(band), column1.Part(band), column2.Part(band), column3.Part(band)),
        new(column4.Part(band), column5.Part(band), column6.Part(band), column7.Part(band)));

    private static TensorCoreParts Column<TB, TRounding>(in TensorCoreRows rows, in TensorCoreWindow<TB> b, int eight,
        int four, in TensorCoreParts sums)
        where TB : struct, ITensorCoreLayout
        where TRounding : struct, ITensorCoreRounding
    {
        TRounding.Separate();
        return TRounding.Add(rows, TRounding.Round(b.Read(eight, four)), TRounding.Round(b.Read(eight, four + 1)), sums);
    }
}

/// <summary>
/// A lane's elements of A for 64 rows and eight terms, each group of four in the order a0 to a3 of
/// <see cref="TensorCoreFragment"/>.
/// </summary>
internal struct TensorCoreRows
{
    internal Int4 High0;
    internal Int4 Low0;
    internal Int4 High1;
    internal Int4 Low1;
    internal Int4 High2;
    internal Int4 Low2;
    internal Int4 High3;
    internal Int4 Low3;

    internal static TensorCoreRows Read<TA, TRounding>(in TensorCoreWindow<TA> a, int four)
        where TA : struct, ITensorCoreLayout
        where TRounding : struct, ITensorCoreRounding
    {
        var rows = default(TensorCoreRows);
        Read<TA, TRounding>(a, 0, four, out rows.High0, out rows.Low0);
        Read<TA, TRounding>(a, 2, four, out rows.High1, out rows.Low1);
        Read<TA, TRounding>(a, 4, four, out rows.High2, out rows.Low2);
        Read<TA, TRounding>(a, 6, four, out rows.High3, out rows.Low3);
        return rows;
    }

    private static void Read<TA, TRounding>(in TensorCoreWindow<TA> a, int eight, int four, out Int4 high, out Int4 low)
        where TA : struct, ITensorCoreLayout
        where TRounding : struct, ITensorCoreRounding
    {
        TensorCoreFactor a0 = TRounding.Round(a.Read(eight, four)), a1 = TRounding.Round(a.Read(eight + 1, four));
        TensorCoreFactor a2 = TRounding.Round(a.Read(eight, four + 1)), a3 = TRounding.Round(a.Read(eight + 1, four + 1));
        high = new Int4(a0.High, a1.High, a2.High, a3.High);
        low = new Int4(a0.Low, a1.Low, a2.Low, a3.Low);
    }
}

/// <summary>
/// Four parts of a lane's sums, each four elements of 16 x 8: one below the other in a column of C, or side by side.
/// </summary>
internal struct TensorCoreParts(Float4 part0, Float4 part1, Float4 part2, Float4 part3)
{
    internal Float4 Part0 = part0;
    internal Float4 Part1 = part1;
    internal Float4 Part2 = part2;
    internal Float4 Part3 = part3;

    /// <summary>One of the parts, chosen by comparing.</summary>
    internal readonly Float4 Part(int part) => Choose(part < 2, Choose(part == 0, Part0, Part1), Choose(part == 2, Part2, Part3));

    internal static Float4 Choose(bool first, Float4 x, Float4 y) =>
        new(first ? x.X : y.X, first ? x.Y : y.Y, first ? x.Z : y.Z, first ? x.W : y.W);
}

/// <summary>A lane's part of 16 x 64 elements of C: eight parts side by side.</summary>
internal readonly struct TensorCoreBand(TensorCoreParts low, TensorCoreParts high)
{
    /// <summary>One of the parts, chosen by comparing.</summary>
    internal Float4 Part(int part) => TensorCoreParts.Choose(part < 4, low.Part(part), high.Part(part - 4));
}
