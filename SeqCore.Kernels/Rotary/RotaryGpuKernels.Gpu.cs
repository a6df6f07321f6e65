using ILGPU;

namespace SeqCore.Kernels.Rotary;

/// <summary>
/// Rotates one pair in each thread, or copies one element; since a thread has both elements of a pair, y may be x. If runs are
/// aligned it rotates four pairs, whose eight elements are two aligned runs of four, or copies four elements. The units of a row:
/// <code>
/// units    | head 0: R/2 pairs | head 1: R/2 pairs | ... | elements that are not rotated           |
/// </code>
/// </summary>
internal struct RotaryGpuKernel : IFloat4Kernel
{
    internal RotaryUnits Units;
    internal ArrayView<float> X;
    internal ArrayView<float> Y;
    internal ArrayView<float> Table;
    internal float Direction;

    public readonly void Run<TAccess>() where TAccess : struct, IFloat4Access
    {
        var at = Grid.GlobalIndex.X;
        if (at >= Units.Count)
            return;
        if (TAccess.IsAligned)
            TurnFour(at);
        else
            TurnOne(at);
    }

    private readonly void TurnOne(int at)
    {
        int row = at / Units.PerRow, unit = at % Units.PerRow, start = row * Units.Columns;
        if (unit >= Units.Turned)
        {
            var copied = start + Units.CopiedColumn(unit - Units.Turned);
            Y[copied] = X[copied];
            return;
        }

        int half = Units.RotarySize / 2, pair = unit % half, head = start + unit / half * Units.HeadSize;
        var first = Units.HalfSplit != 0 ? pair : 2 * pair;
        var second = Units.HalfSplit != 0 ? pair + half : first + 1;
        var table = Units.TableRow(row);
        float a = X[head + first], b = X[head + second], c = Table[table + first],
            s = Table[table + Units.RotarySize + second] * Direction;
        Y[head + first] = a * c - b * s;
        Y[head + second] = b * c + a * s;
    }

    private readonly void TurnFour(int at)
    {
        int row = at / Units.PerRow, unit = at % Units.PerRow, start = row * Units.Columns;
        var x = Float4.Cast(X);
        var y = Float4.Cast(Y);
        if (unit >= Units.Turned)
        {
            var copied = (start + Units.CopiedColumn(4 * (unit - Units.Turned))) >> 2;
            y[copied] = x[copied];
            return;
        }

        int eighth = Units.RotarySize / 8, four = unit % eighth, head = start + unit / eighth * Units.HeadSize;
        var first = Units.HalfSplit != 0 ? 4 * four : 8 * four;
        var second = Units.HalfSplit != 0 ? first + Units.RotarySize / 2 : first + 4;
        var table = Float4.Cast(Table);
        int cosines = Units.TableRow(row), sines = cosines + Units.RotarySize;
        Float4 a = x[(head + first) >> 2], b = x[(head + second) >> 2], c = table[(cosines + first) >> 2],
            s = table[(sines + second) >> 2];
        var d = Direction;
        if (Units.HalfSplit != 0)
        {
            y[(head + first) >> 2] = new(a.X * c.X - b.X * (s.X * d), a.Y * c.Y - b.Y * (s.Y * d), a.Z * c.Z - b.Z * (s.Z * d),
                a.W * c.W - b.W * (s.W * d));
            y[(head + second) >> 2] = new(b.X * c.X + a.X * (s.X * d), b.Y * c.Y + a.Y * (s.Y * d), b.Z * c.Z + a.Z * (s.Z * d),
                b.W * c.W + a.W * (s.W * d));
            return;
        }

        // Neighbours are pairs: (x, y) and (z, w); s is the second run's, the first run has its own.
        Float4 c2 = table[(cosines + second) >> 2], s1 = table[(sines + first) >> 2];
        y[(head + first) >> 2] = new(a.X * c.X - a.Y * (s1.Y * d), a.Y * c.X + a.X * (s1.Y * d), a.Z * c.Z - a.W * (s1.W * d),
            a.W * c.Z + a.Z * (s1.W * d));
        y[(head + second) >> 2] = new(b.X * c2.X - b.Y * (s.Y * d), b.Y * c2.X + b.X * (s.Y * d), b.Z * c2.Z - b.W * (s.W * d),
            b.W * c2.Z + b.Z * (s.W * d));
    }
}

/// <summary>Divides the work of <see cref="RotaryShape"/> into units, each of a number of pairs or of elements to copy.</summary>
internal readonly struct RotaryUnits(in RotaryShape shape, int pairs)
{
    /// <summary>The number of units of a row that are rotated.</summary>
    internal readonly int Turned = shape.HeadCount * shape.RotarySize / 2 / pairs;

    /// <summary>The number of units of a row.</summary>
    internal readonly int PerRow =
        (shape.HeadCount * shape.RotarySize / 2 + shape.Columns - shape.HeadCount * shape.RotarySize) / pairs;

    /// <summary>The number of units of all rows.</summary>
    internal readonly int Count = (shape.HeadCount * shape.RotarySize / 2 + shape.Columns - shape.HeadCount * shape.RotarySize)
        / pairs * shape.Batch * shape.Steps;

    internal readonly int Columns = shape.Columns;
    internal readonly int HeadCount = shape.HeadCount;
    internal readonly int HeadSize = shape.HeadSize;
    internal readonly int RotarySize = shape.RotarySize;
    internal readonly int Steps = shape.Steps;
    internal readonly int FirstPosition = shape.FirstPosition;

    /// <summary>1 for pairs that are half a head apart, 0 for neighbours.</summary>
    internal readonly int HalfSplit = shape.Pairs == RotaryPairs.HalfSplit ? 1 : 0;

    /// <summary>Returns where the angles of a row's position start in the table.</summary>
    internal int TableRow(int row) => (FirstPosition + row % Steps) * 2 * RotarySize;

    /// <summary>
    /// Returns the column of an element that is not rotated, counted over the ends of the heads and then the elements after the
    /// heads.
    /// </summary>
    internal int CopiedColumn(int element)
    {
        // This compiles without a branch, so both results are computed: the divisor may not be 0 if no head has such elements.
        int ofHead = HeadSize - RotarySize, some = IntrinsicMath.Max(ofHead, 1);
        return element < HeadCount * ofHead
            ? element / some * HeadSize + RotarySize + element % some
            : HeadCount * RotarySize + element;
    }
}
