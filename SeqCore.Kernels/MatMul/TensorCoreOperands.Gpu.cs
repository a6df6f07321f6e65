using ILGPU;

namespace SeqCore.Kernels.MatMul;

/// <summary>
/// The layout of 16 terms of an operand in shared memory for the tensor cores, and how they are copied there: 128 outer elements
/// (rows of A, columns of B) by 16 terms, of which the 32 lanes of a warp read 8 outer elements by 4 terms at once (lane 4 g + t:
/// outer g, term t). Both layouts permute Float4s so that those 32 elements are on 32 different banks.
/// </summary>
internal interface ITensorCoreLayout
{
    /// <summary>Returns the position of element (outer, k).</summary>
    static abstract int Index(int outer, int k);

    /// <summary>
    /// Returns the outer element of the first of a thread's four copies and the term of its first float, packed as outer 16 + k.
    /// </summary>
    static abstract int FirstCopy(int thread);

    /// <summary>
    /// The number of outer elements from one of a thread's copies to the next; in shared memory copies are always 512 floats
    /// apart.
    /// </summary>
    static abstract int OuterStep { get; }

    /// <summary>The number of terms from one of a thread's copies to the next.</summary>
    static abstract int KStep { get; }

    /// <summary>Returns where a lane reads for one of the four classes of <see cref="Class"/>.</summary>
    static abstract int Lane(int lane, int chosen);

    /// <summary>Returns the class of a block of 8 outer elements by 4 terms, which determines the permutation.</summary>
    static abstract int Class(int eight, int four);

    /// <summary>Returns the offset of a block from the lane's position.</summary>
    static abstract int Offset(int eight, int four);
}

/// <summary>
/// The layout along k: the 16 terms of an outer element are contiguous, and their four Float4s are permuted by its bits 1 and 2.
/// Rows 2r and 2r + 1 fill the 32 banks once:
/// <code>
///   outer 0: Float4 0 1 2 3   outer 1: 0 1 2 3
///         2:       1 0 3 2          3: 1 0 3 2
///         4:       2 3 0 1          5: 2 3 0 1
///         6:       3 2 1 0          7: 3 2 1 0
/// </code>
/// </summary>
internal readonly struct TensorCoreLayoutAlongK : ITensorCoreLayout
{
    public static int OuterStep => 32;

    public static int KStep => 0;

    public static int Index(int outer, int k) => (outer * 16) + (((k >> 2) ^ ((outer >> 1) & 3)) << 2) + (k & 3);

    public static int FirstCopy(int thread) => (thread >> 2 << 4) + ((thread & 3) << 2);

    public static int Lane(int lane, int chosen) =>
        Index(TensorCoreFragment.Group(lane), (chosen << 2) + TensorCoreFragment.Member(lane));

    public static int Class(int eight, int four) => four;

    public static int Offset(int eight, int four) => eight * 128;
}

/// <summary>
/// The layout across k: the 128 outer elements of a term are contiguous, and groups of eight are permuted by the term's two low
/// bits, so that terms t = 0 to 3 of the same group are on different banks.
/// </summary>
internal readonly struct TensorCoreLayoutAcrossK : ITensorCoreLayout
{
    public static int OuterStep => 0;

    public static int KStep => 4;

    public static int Index(int outer, int k) => (k * 128) + (outer ^ ((k & 3) << 3));

    public static int FirstCopy(int thread) => ((thread & 31) << 6) + (thread >> 5);

    public static int Lane(int lane, int chosen) =>
        Index((chosen << 3) + TensorCoreFragment.Group(lane), TensorCoreFragment.Member(lane));

    public static int Class(int eight, int four) => eight & 3;

    public static int Offset(int eight, int four) => ((eight >> 2) * 32) + (four * 512);
}

/// <summary>Copies an operand's terms to shared memory, sixteen at a time, bypassing the registers.</summary>
/// <typeparam name="TLayout">Their layout there.</typeparam>
internal struct TensorCoreCopies<TLayout> where TLayout : struct, ITensorCoreLayout
{
    private int at0;
    private int at1;
    private int at2;
    private int at3;
    private int k;
    private int to;

    internal void Start(in ProductOperand operand, int batch, int firstOuter, int firstK)
    {
        var first = TLayout.FirstCopy(Group.IdxX);
        var outer = first >> 4;
        k = first & 15;
        to = TLayout.Index(outer, k) >> 2;
        var start = (batch * operand.BatchStride) + ((firstK + k) * operand.KStride);

        // Past the outer edge the last Float4 is repeated: it only affects elements of C that do not exist.
        var last = operand.OuterStride == 1 ? operand.Outer - 4 : operand.Outer - 1;
        at0 = (start + (IntrinsicMath.Min(firstOuter + outer, last) * operand.OuterStride)) >> 2;
        at1 = (start + (TLayout.KStep * operand.KStride)
            + (IntrinsicMath.Min(firstOuter + outer + TLayout.OuterStep, last) * operand.OuterStride)) >> 2;
        at2 = (start + (2 * TLayout.KStep * operand.KStride)
            + (IntrinsicMath.Min(firstOuter + outer + (2 * TLayout.OuterStep), last) * operand.OuterStride)) >> 2;
        at3 = (start + (3 * TLayout.KStep * operand.KStride)
            + (IntrinsicMath.Min(firstOuter + outer + (3 * TLayout.OuterStep), last) * operand.OuterStride)) >> 2;
    }

    /// <summary>
    /// Starts the thread's copies of the step that starts at the given term into the stage that starts at the given Float4; terms
    /// from the end on become zeros.
    /// </summary>
    internal void Copy(ArrayView<Float4> from, int kStride, ArrayView<Float4> shared, int stage, int first, int end)
    {
        var left = end - first - k;
        var own = shared.SubView(stage + to);
        Copy(ref own[0], from, at0, left > 0);
        Copy(ref own[128], from, at1, left > TLayout.KStep);
        Copy(ref own[256], from, at2, left > 2 * TLayout.KStep);
        Copy(ref own[384], from, at3, left > 3 * TLayout.KStep);
        var step = TensorCoreTile.Depth / 4 * kStride;
        at0 += step;
        at1 += step;
        at2 += step;
        at3 += step;
    }

    // A copy of no bytes still needs an address inside the matrix.
    private static void Copy(ref Float4 shared, ArrayView<Float4> from, int at, bool exists) =>
        GpuIntrinsics.CopyToShared(ref shared, ref from[exists ? at : 0], exists ? 16 : 0);
}

/// <summary>The positions at which a lane reads an operand in shared memory, for each class of blocks.</summary>
/// <typeparam name="TLayout">The layout of the operand.</typeparam>
internal struct TensorCoreLane<TLayout> where TLayout : struct, ITensorCoreLayout
{
    private int class0;
    private int class1;
    private int class2;
    private int class3;

    /// <summary>Returns the lane's positions from an outer element (a multiple of 64) on.</summary>
    internal static TensorCoreLane<TLayout> At(int outer, int lane)
    {
        var start = TLayout.Index(outer, 0);
        return new()
        {
            class0 = start + TLayout.Lane(lane, 0),
            class1 = start + TLayout.Lane(lane, 1),
            class2 = start + TLayout.Lane(lane, 2),
            class3 = start + TLayout.Lane(lane, 3),
        };
    }

    /// <summary>Returns the lane's window on a stage.</summary>
    internal readonly TensorCoreWindow<TLayout> Window(ArrayView<float> shared, int stage) => new()
    {
        Class0 = shared.SubView(stage + class0),
        Class1 = shared.SubView(stage + class1),
        Class2 = shared.SubView(stage + class2),
        Class3 = shared.SubView(stage + class3),
    };
}

/// <summary>A lane's window on a stage of an operand, for each class of blocks.</summary>
/// <typeparam name="TLayout">The layout of the operand in shared memory.</typeparam>
internal struct TensorCoreWindow<TLayout> where TLayout : struct, ITensorCoreLayout
{
    internal ArrayView<float> Class0;
    internal ArrayView<float> Class1;
    internal ArrayView<float> Class2;
    internal ArrayView<float> Class3;

    /// <summary>Returns the lane's element of a block of 8 outer elements by 4 terms.</summary>
    internal readonly float Read(int eight, int four)
    {
        var at = TLayout.Offset(eight, four);
        return TLayout.Class(eight, four) switch
        {
            0 => Class0[at],
            1 => Class1[at],
            2 => Class2[at],
            _ => Class3[at],
        };
    }
}
