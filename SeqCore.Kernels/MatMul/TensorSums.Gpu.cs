namespace SeqCore.Kernels;

/// <summary>What a lane holds of 64 x 64 elements of C: four bands of 16 rows.</summary>
internal struct TensorSums
{
    private TensorBand band0;
    private TensorBand band1;
    private TensorBand band2;
    private TensorBand band3;

    /// <summary>Adds the products of eight terms.</summary>
    /// <param name="a">The lane's window on A.</param>
    /// <param name="b">The lane's window on B.</param>
    /// <param name="four">Which fours of terms: this and the next.</param>
    internal void Add<TA, TB>(in TensorWindow<TA> a, in TensorWindow<TB> b, int four)
        where TA : struct, ITensorLayout
        where TB : struct, ITensorLayout
    {
        var columns = new TensorColumns
        {
            Low = new Int4(b.Read(0, four), b.Read(1, four), b.Read(2, four), b.Read(3, four)),
            LowNext = new Int4(b.Read(0, four + 1), b.Read(1, four + 1), b.Read(2, four + 1), b.Read(3, four + 1)),
            High = new Int4(b.Read(4, four), b.Read(5, four), b.Read(6, four), b.Read(7, four)),
            HighNext = new Int4(b.Read(4, four + 1), b.Read(5, four + 1), b.Read(6, four + 1), b.Read(7, four + 1)),
        };
        band0.Add(Rows(a, 0, four), columns);
        band1.Add(Rows(a, 2, four), columns);
        band2.Add(Rows(a, 4, four), columns);
        band3.Add(Rows(a, 6, four), columns);
    }

    /// <summary>One of the bands, chosen by comparing.</summary>
    internal readonly TensorBand Row(int band) =>
        TensorBand.Choose(band < 2, TensorBand.Choose(band == 0, band0, band1), TensorBand.Choose(band == 2, band2, band3));

    // In the order a0 to a3 of TensorFragment.
    private static Int4 Rows<TA>(in TensorWindow<TA> a, int eight, int four) where TA : struct, ITensorLayout =>
        new(a.Read(eight, four), a.Read(eight + 1, four), a.Read(eight, four + 1), a.Read(eight + 1, four + 1));
}

/// <summary>A lane's elements of B for eight terms and 64 columns: b0 of columns 0, 8, 16, 24 and 32, 40, 48, 56, and b1 of the same.</summary>
internal struct TensorColumns
{
    internal Int4 Low;
    internal Int4 LowNext;
    internal Int4 High;
    internal Int4 HighNext;
}

/// <summary>What a lane holds of 16 x 64 elements of C: eight parts of eight columns.</summary>
internal struct TensorBand
{
    private Float4 part0;
    private Float4 part1;
    private Float4 part2;
    private Float4 part3;
    private Float4 part4;
    private Float4 part5;
    private Float4 part6;
    private Float4 part7;

    internal void Add(Int4 a, in TensorColumns b)
    {
        part0 = GpuIntrinsics.MultiplyAddTf32(a, b.Low.X, b.LowNext.X, part0);
        part1 = GpuIntrinsics.MultiplyAddTf32(a, b.Low.Y, b.LowNext.Y, part1);
        part2 = GpuIntrinsics.MultiplyAddTf32(a, b.Low.Z, b.LowNext.Z, part2);
        part3 = GpuIntrinsics.MultiplyAddTf32(a, b.Low.W, b.LowNext.W, part3);
        part4 = GpuIntrinsics.MultiplyAddTf32(a, b.High.X, b.HighNext.X, part4);
        part5 = GpuIntrinsics.MultiplyAddTf32(a, b.High.Y, b.HighNext.Y, part5);
        part6 = GpuIntrinsics.MultiplyAddTf32(a, b.High.Z, b.HighNext.Z, part6);
        part7 = GpuIntrinsics.MultiplyAddTf32(a, b.High.W, b.HighNext.W, part7);
    }

    /// <summary>One of the parts, chosen by comparing.</summary>
    internal readonly Float4 Part(int part)
    {
        var low = Choose(part < 2, Choose(part == 0, part0, part1), Choose(part == 2, part2, part3));
        var high = Choose(part < 6, Choose(part == 4, part4, part5), Choose(part == 6, part6, part7));
        return Choose(part < 4, low, high);
    }

    /// <summary>One band or the other, register by register.</summary>
    internal static TensorBand Choose(bool first, in TensorBand x, in TensorBand y) => new()
    {
        part0 = Choose(first, x.part0, y.part0),
        part1 = Choose(first, x.part1, y.part1),
        part2 = Choose(first, x.part2, y.part2),
        part3 = Choose(first, x.part3, y.part3),
        part4 = Choose(first, x.part4, y.part4),
        part5 = Choose(first, x.part5, y.part5),
        part6 = Choose(first, x.part6, y.part6),
        part7 = Choose(first, x.part7, y.part7),
    };

    private static Float4 Choose(bool first, Float4 x, Float4 y) =>
        new(first ? x.X : y.X, first ? x.Y : y.Y, first ? x.Z : y.Z, first ? x.W : y.W);
}
