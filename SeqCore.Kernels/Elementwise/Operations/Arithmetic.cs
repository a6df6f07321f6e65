using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Operations;

/// <summary>-x</summary>
public readonly struct NegateOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => -x;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Constant(-1f);
}

/// <summary>|x|; the derivative at 0 is 0, as at NaN.</summary>
public readonly struct AbsOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => T.Abs(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> =>
        T.WhereLess(x, T.Constant(0f), T.Constant(-1f), T.WhereLess(T.Constant(0f), x, T.Constant(1f), T.Constant(0f)));
}

/// <summary>The sign of x, -1, 0 or 1; NaN for NaN.</summary>
public readonly struct SignOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> =>
        T.WhereEqual(x, x, T.WhereEqual(x, T.Constant(0f), x, T.CopySign(T.Constant(1f), x)), x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Constant(0f);
}

/// <summary>x^2</summary>
public readonly struct SquareOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => x * x;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => x + x;
}

/// <summary>The square root of x; NaN below 0.</summary>
public readonly struct SqrtOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => T.Sqrt(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Constant(0.5f) / y;
}

/// <summary>1 / sqrt(x); the derivative is minus infinity at 0 and at -0.</summary>
public readonly struct RsqrtOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => T.Constant(1f) / T.Sqrt(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Constant(-0.5f) * y / x;
}

/// <summary>1 / x</summary>
public readonly struct ReciprocalOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => T.Constant(1f) / x;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => -(y * y);
}

/// <summary>scale x + shift</summary>
/// <param name="scale">The factor.</param>
/// <param name="shift">The constant that is added.</param>
public readonly struct AffineOperation(float scale, float shift) : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => T.MultiplyAdd(x, T.Constant(scale), T.Constant(shift));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Constant(scale);
}

/// <summary>min(max(x, low), high); the derivative is 1 from low to high, both included, and 0 outside.</summary>
public readonly struct ClampOperation : IUnaryOperation
{
    private readonly float low;
    private readonly float high;

    /// <summary>Makes an operation that clamps to [low, high].</summary>
    /// <param name="low">The smallest result.</param>
    /// <param name="high">The largest result.</param>
    /// <exception cref="ArgumentException">low is above high, or either is NaN.</exception>
    public ClampOperation(float low, float high)
    {
        if (!(low <= high))
            throw new ArgumentException($"Clamp: low should not be above high; got {low} and {high}.");
        this.low = low;
        this.high = high;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => T.Min(T.Max(x, T.Constant(low)), T.Constant(high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.WhereEqual(x, y, T.Constant(1f), T.Constant(0f));
}
