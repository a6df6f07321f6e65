namespace SeqCore.Kernels;

/// <summary>Sixteen neighbouring elements of C, which a thread sums in registers: four rows of four columns.</summary>
internal struct Block4x4
{
    private Float4 row0;
    private Float4 row1;
    private Float4 row2;
    private Float4 row3;

    /// <summary>Adds the outer product of four elements of a column of A and four of a row of B.</summary>
    internal void Add(Float4 a, Float4 b)
    {
        row0 = MultiplyAdd(a.X, b, row0);
        row1 = MultiplyAdd(a.Y, b, row1);
        row2 = MultiplyAdd(a.Z, b, row2);
        row3 = MultiplyAdd(a.W, b, row3);
    }

    /// <summary>A row, chosen by comparing: registers have no index.</summary>
    internal readonly Float4 Row(int row) => Choose(row < 2, Choose(row == 0, row0, row1), Choose(row == 2, row2, row3));

    /// <summary>One block or the other, register by register.</summary>
    internal static Block4x4 Choose(bool first, in Block4x4 x, in Block4x4 y) => new()
    {
        row0 = Choose(first, x.row0, y.row0),
        row1 = Choose(first, x.row1, y.row1),
        row2 = Choose(first, x.row2, y.row2),
        row3 = Choose(first, x.row3, y.row3),
    };

    private static Float4 Choose(bool first, Float4 x, Float4 y) =>
        new(first ? x.X : y.X, first ? x.Y : y.Y, first ? x.Z : y.Z, first ? x.W : y.W);

    private static Float4 MultiplyAdd(float a, Float4 b, Float4 sum) => new(
        GpuIntrinsics.FusedMultiplyAdd(a, b.X, sum.X),
        GpuIntrinsics.FusedMultiplyAdd(a, b.Y, sum.Y),
        GpuIntrinsics.FusedMultiplyAdd(a, b.Z, sum.Z),
        GpuIntrinsics.FusedMultiplyAdd(a, b.W, sum.W));
}
