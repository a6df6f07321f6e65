using ILGPU;

namespace SeqCore.Kernels.MatMul;

/// <summary>
/// An operand of a product, A or B, as a kernel sees it: its outer index counts rows of A or columns of B, and k the terms of the
/// sums. Element (outer, k) is at outer OuterStride + k KStride, and one of these strides is 1.
/// </summary>
internal struct ProductOperand
{
    internal ArrayView<float> Data;
    internal int Outer;
    internal int OuterStride;
    internal int KStride;
    internal int BatchStride;

    /// <summary>Returns where an outer element starts; elements past the end repeat the last one.</summary>
    internal readonly int Row(int batch, int outer) =>
        (batch * BatchStride) + (IntrinsicMath.Min(outer, Outer - 1) * OuterStride);
}

/// <summary>
/// Loads the next <see cref="ProductTile.Depth"/> = 8 terms of an operand into shared memory. Each thread loads four elements
/// into registers before the group computes and stores them afterwards, which hides the latency of memory. In shared memory
/// element (outer, k) is at k (Side + 4) + outer: the padding of 4 keeps the threads that store a column on different banks.
/// Elements past the last term are zeros; those past the outer edge repeat the last row, since they only affect elements of C
/// that do not exist.
/// </summary>
internal interface IOperandLoader
{
    /// <summary>Computes where the thread starts.</summary>
    void Start(in ProductOperand operand, int batch, int firstOuter, int firstK, int side);

    /// <summary>Loads the thread's four elements of the step that starts at term k.</summary>
    Float4 Load(in ProductOperand operand, int k, int end);

    /// <summary>Stores them in shared memory, at the given stage's first element.</summary>
    void Put(ArrayView<Float4> shared, ArrayView<float> singles, int stage, Float4 values, int side);
}

/// <summary>
/// Loads four neighbours along k (A as it is, B transposed), with two threads for each row, and stores the four below each other.
/// <code>
///   memory   row 0:  [thread 0: k 0-3][thread 1: k 4-7]        shared   k 0:  r0 r1 r2 ...
///            row 1:  [thread 2       ][thread 3       ]   ->            k 1:  r0 r1 r2 ...
/// </code>
/// In a warp, the even threads store 16 neighbours and the odd threads 16 neighbours four rows below, which are on the other 16
/// banks, because 4 (Side + 4) = 16 modulo 32.
/// </summary>
internal struct LoaderAlongK : IOperandLoader
{
    private int at;
    private int outer;
    private int k;

    public void Start(in ProductOperand operand, int batch, int firstOuter, int firstK, int side)
    {
        outer = Group.IdxX >> 1;
        k = (Group.IdxX & 1) * 4;
        at = ((batch * operand.BatchStride)
            + (IntrinsicMath.Min(firstOuter + outer, operand.Outer - 1) * operand.OuterStride) + firstK + k) >> 2;
    }

    public Float4 Load(in ProductOperand operand, int k, int end)
    {
        var four = default(Float4);
        if (k + this.k < end)
            four = Float4.Cast(operand.Data)[at];
        at += ProductTile.Depth / 4;
        return four;
    }

    public readonly void Put(ArrayView<Float4> shared, ArrayView<float> singles, int stage, Float4 values, int side)
    {
        var column = singles.SubView(stage + (k * (side + 4)) + outer);
        column[0] = values.X;
        column[side + 4] = values.Y;
        column[2 * (side + 4)] = values.Z;
        column[3 * (side + 4)] = values.W;
    }
}

/// <summary>Loads four neighbours along the outer axis (A transposed, B as it is), with a row of threads for each k.</summary>
internal struct LoaderAcrossK : IOperandLoader
{
    private int at;
    private int four;
    private int k;

    public void Start(in ProductOperand operand, int batch, int firstOuter, int firstK, int side)
    {
        k = Group.IdxX / (side / 4);
        four = Group.IdxX % (side / 4);
        at = (((batch * operand.BatchStride) + ((firstK + k) * operand.KStride)) >> 2)
            + IntrinsicMath.Min((firstOuter >> 2) + four, (operand.Outer >> 2) - 1);
    }

    public Float4 Load(in ProductOperand operand, int k, int end)
    {
        var four = default(Float4);
        if (k + this.k < end)
            four = Float4.Cast(operand.Data)[at];
        at += ProductTile.Depth / 4 * operand.KStride;
        return four;
    }

    public readonly void Put(ArrayView<Float4> shared, ArrayView<float> singles, int stage, Float4 values, int side) =>
        shared[(stage >> 2) + (k * ((side / 4) + 1)) + four] = values;
}

/// <summary>
/// Loads single elements of operands that are not aligned to 16 bytes: neighbouring threads load neighbours in memory, in either
/// direction, four times.
/// </summary>
internal struct LoaderOfSingles : IOperandLoader
{
    private int at0;
    private int at1;
    private int at2;
    private int at3;
    private int outer;
    private int outerStep;
    private int k;
    private int kStep;

    public void Start(in ProductOperand operand, int batch, int firstOuter, int firstK, int side)
    {
        var alongK = operand.KStride == 1;
        outer = alongK ? Group.IdxX / ProductTile.Depth : Group.IdxX % side;
        outerStep = alongK ? side / 4 : 0;
        k = alongK ? Group.IdxX % ProductTile.Depth : Group.IdxX / side;
        kStep = alongK ? 0 : 2;
        var start = (batch * operand.BatchStride) + ((firstK + k) * operand.KStride);
        var last = operand.Outer - 1;
        at0 = start + (IntrinsicMath.Min(firstOuter + outer, last) * operand.OuterStride);
        at1 = start + (kStep * operand.KStride) + (IntrinsicMath.Min(firstOuter + outer + outerStep, last) * operand.OuterStride);
        at2 = start + (2 * kStep * operand.KStride)
            + (IntrinsicMath.Min(firstOuter + outer + (2 * outerStep), last) * operand.OuterStride);
        at3 = start + (3 * kStep * operand.KStride)
            + (IntrinsicMath.Min(firstOuter + outer + (3 * outerStep), last) * operand.OuterStride);
    }

    public Float4 Load(in ProductOperand operand, int k, int end)
    {
        float x = 0f, y = 0f, z = 0f, w = 0f;
        var from = k + this.k;
        if (from < end)
            x = operand.Data[at0];
        if (from + kStep < end)
            y = operand.Data[at1];
        if (from + (2 * kStep) < end)
            z = operand.Data[at2];
        if (from + (3 * kStep) < end)
            w = operand.Data[at3];
        var step = ProductTile.Depth * operand.KStride;
        at0 += step;
        at1 += step;
        at2 += step;
        at3 += step;
        return new Float4(x, y, z, w);
    }

    public readonly void Put(ArrayView<Float4> shared, ArrayView<float> singles, int stage, Float4 values, int side)
    {
        var to = stage + (k * (side + 4)) + outer;
        var step = (kStep * (side + 4)) + outerStep;
        singles[to] = values.X;
        singles[to + step] = values.Y;
        singles[to + (2 * step)] = values.Z;
        singles[to + (3 * step)] = values.W;
    }
}
