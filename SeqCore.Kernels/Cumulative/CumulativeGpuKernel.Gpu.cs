using ILGPU;

namespace SeqCore.Kernels.Cumulative;

/// <summary>
/// What a run of elements does to the result before it; runs that follow each other are combined in any grouping.
/// </summary>
internal interface ICumulativeState<TSelf> where TSelf : struct
{
    /// <summary>The state of no elements.</summary>
    static abstract TSelf Empty { get; }

    /// <summary>Combines this run with the one that follows it.</summary>
    TSelf Then(TSelf next);
}

/// <summary>Reads the elements and writes the results.</summary>
internal interface ICumulativeElements<TState> where TState : struct
{
    /// <summary>Returns the state of one element.</summary>
    TState Load(int at);

    /// <summary>Writes the result of an element, given the states of the elements before it and of those up to it.</summary>
    void Store(int at, TState before, TState upTo);
}

/// <summary>
/// Combines the elements of a row up to each one, with a group for each row, which takes 1024 elements at a time: each thread
/// combines four neighbours; then each adds the run of the thread before it, of two threads before it, of four, and so on:
/// <code>
/// thread    0      1      2      3      4
/// own       a      b      c      d      e
/// + 1       a      ab     bc     cd     de
/// + 2       a      ab     abc    abcd   bcde
/// + 4       a      ab     abc    abcd   abcde
/// </code>
/// The order depends on the number of columns only.
/// </summary>
internal struct CumulativeGpuKernel<TState, TElements> : IGpuKernel
    where TState : unmanaged, ICumulativeState<TState>
    where TElements : struct, ICumulativeElements<TState>
{
    private const int PerThread = 4;

    internal int Columns;

    /// <summary>1 if the elements are taken from the end of the row.</summary>
    internal int Reverse;
    internal TElements Elements;

    public readonly void Run()
    {
        var runs = SharedMemory.Allocate<TState>(IGpuKernel.MostThreads);

        // Two, so that no thread writes the next one before all have read this one.
        var totals = SharedMemory.Allocate<TState>(2);
        var carry = TState.Empty;
        var turn = 0;
        for (var first = 0; first < Columns; first += PerThread * IGpuKernel.MostThreads)
        {
            var start = first + PerThread * Group.IdxX;
            TState s0 = Load(start), s1 = Load(start + 1), s2 = Load(start + 2), s3 = Load(start + 3);
            var run = s0.Then(s1).Then(s2.Then(s3));
            for (var apart = 1; apart < IGpuKernel.MostThreads; apart <<= 1)
            {
                runs[Group.IdxX] = run;
                Group.Barrier();
                if (Group.IdxX >= apart)
                    run = runs[Group.IdxX - apart].Then(run);
                Group.Barrier();
            }

            runs[Group.IdxX] = run;
            if (Group.IdxX == IGpuKernel.MostThreads - 1)
                totals[turn] = run;
            Group.Barrier();
            var before = carry;
            if (Group.IdxX > 0)
                before = before.Then(runs[Group.IdxX - 1]);
            before = Store(start, before, s0);
            before = Store(start + 1, before, s1);
            before = Store(start + 2, before, s2);
            Store(start + 3, before, s3);
            carry = carry.Then(totals[turn]);
            turn ^= 1;
            Group.Barrier();
        }
    }

    private readonly TState Load(int column) => column < Columns ? Elements.Load(At(column)) : TState.Empty;

    private readonly TState Store(int column, TState before, TState own)
    {
        var upTo = before.Then(own);
        if (column < Columns)
            Elements.Store(At(column), before, upTo);
        return upTo;
    }

    private readonly int At(int column) => Grid.IdxX * Columns + (Reverse != 0 ? Columns - 1 - column : column);
}

/// <summary>A sum; the second float holds the rounding error of the first.</summary>
internal readonly struct CumulativeTotal(float high, float low) : ICumulativeState<CumulativeTotal>
{
    private readonly float high = high;
    private readonly float low = low;

    public static CumulativeTotal Empty => new(0f, 0f);

    /// <summary>The sum in one float; if it is infinite or NaN, the second part is meaningless.</summary>
    internal float Value => IntrinsicMath.Abs(high) <= float.MaxValue ? high + low : high;

    public CumulativeTotal Then(CumulativeTotal next)
    {
        var sum = high + next.high;
        var rest = sum - high;
        return new(sum, low + (high - (sum - rest) + (next.high - rest) + next.low));
    }
}

/// <summary>
/// A product. A run beside a 0 may exceed the range of floats, and infinity times 0 would be NaN: hence the exponent.
/// </summary>
internal readonly struct CumulativeFactor(ScaledFloat value) : ICumulativeState<CumulativeFactor>
{
    internal readonly ScaledFloat Value = value;

    public static CumulativeFactor Empty => new(ScaledFloat.One);

    public CumulativeFactor Then(CumulativeFactor next) => new(Value.Times(next.Value));
}

/// <summary>The line s to factor s + summand.</summary>
internal readonly struct CumulativeLine(ScaledFloat factor, ScaledFloat summand) : ICumulativeState<CumulativeLine>
{
    private readonly ScaledFloat factor = factor;

    /// <summary>The line at 0.</summary>
    internal readonly ScaledFloat Summand = summand;

    public static CumulativeLine Empty => new(ScaledFloat.One, ScaledFloat.Zero);

    public CumulativeLine Then(CumulativeLine next) =>
        new(next.factor.Times(factor), next.factor.Times(Summand).Plus(next.Summand));
}

/// <summary>y_i = sum x_j.</summary>
internal struct CumulativeSums : ICumulativeElements<CumulativeTotal>
{
    internal ArrayView<float> X;
    internal ArrayView<float> Y;
    internal int Exclusive;

    public readonly CumulativeTotal Load(int at) => new(X[at], 0f);

    public readonly void Store(int at, CumulativeTotal before, CumulativeTotal upTo) =>
        Y[at] = Exclusive != 0 ? before.Value : upTo.Value;
}

/// <summary>y_i = prod x_j.</summary>
internal struct CumulativeProducts : ICumulativeElements<CumulativeFactor>
{
    internal ArrayView<float> X;
    internal ArrayView<float> Y;
    internal int Exclusive;

    public readonly CumulativeFactor Load(int at) => new(ScaledFloat.Of(X[at]));

    public readonly void Store(int at, CumulativeFactor before, CumulativeFactor upTo) =>
        Y[at] = Exclusive != 0 ? before.Value.Value : upTo.Value.Value;
}

/// <summary>The products of the elements before each one, as mantissas and exponents.</summary>
internal struct CumulativeScaledProducts : ICumulativeElements<CumulativeFactor>
{
    internal ArrayView<float> X;
    internal ArrayView<float> Mantissas;
    internal ArrayView<float> Exponents;

    public readonly CumulativeFactor Load(int at) => new(ScaledFloat.Of(X[at]));

    public readonly void Store(int at, CumulativeFactor before, CumulativeFactor upTo)
    {
        Mantissas[at] = before.Value.Mantissa;
        Exponents[at] = before.Value.Exponent;
    }
}

/// <summary>
/// dX_i = p_i s_i, where dX and the exponents hold p_i. With u the part of s that comes from behind, s_i = dY_i + u and u becomes
/// x_i s_i; if the products leave element i out, s_i = u and u becomes dY_i + x_i u.
/// </summary>
internal struct CumulativeGradients : ICumulativeElements<CumulativeLine>
{
    internal ArrayView<float> X;
    internal ArrayView<float> DY;
    internal ArrayView<float> DX;
    internal ArrayView<float> Exponents;
    internal int Exclusive;

    public readonly CumulativeLine Load(int at)
    {
        ScaledFloat x = ScaledFloat.Of(X[at]), dY = ScaledFloat.Of(DY[at]);
        return new(x, Exclusive != 0 ? dY : x.Times(dY));
    }

    public readonly void Store(int at, CumulativeLine before, CumulativeLine upTo)
    {
        var product = new ScaledFloat(DX[at], Exponents[at]);
        var sum = Exclusive != 0 ? before.Summand : ScaledFloat.Of(DY[at]).Plus(before.Summand);
        DX[at] = product.Times(sum).Value;
    }
}
