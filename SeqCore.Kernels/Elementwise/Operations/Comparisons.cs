using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Operations;

/// <summary>1 where x &lt; y, else 0.</summary>
public readonly struct LessOperation : IBinaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y) where T : struct, ILane<T> => T.WhereLess(x, y, T.Constant(1f), T.Constant(0f));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);
}

/// <summary>1 where x &lt;= y, else 0.</summary>
public readonly struct LessOrEqualOperation : IBinaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y) where T : struct, ILane<T> => T.WhereLessOrEqual(x, y, T.Constant(1f), T.Constant(0f));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);
}

/// <summary>1 where x &gt; y, else 0.</summary>
public readonly struct GreaterOperation : IBinaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y) where T : struct, ILane<T> => T.WhereLess(y, x, T.Constant(1f), T.Constant(0f));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);
}

/// <summary>1 where x &gt;= y, else 0.</summary>
public readonly struct GreaterOrEqualOperation : IBinaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y) where T : struct, ILane<T> => T.WhereLessOrEqual(y, x, T.Constant(1f), T.Constant(0f));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);
}

/// <summary>1 where x = y, else 0.</summary>
public readonly struct EqualOperation : IBinaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y) where T : struct, ILane<T> => T.WhereEqual(x, y, T.Constant(1f), T.Constant(0f));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);
}

/// <summary>1 where x differs from y or either is NaN, else 0.</summary>
public readonly struct NotEqualOperation : IBinaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y) where T : struct, ILane<T> => T.WhereEqual(x, y, T.Constant(0f), T.Constant(1f));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);
}
