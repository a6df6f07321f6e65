using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Cells;

/// <summary>
/// A nonlinearity of a recurrent cell. Its derivative is a function of its result, so that only the result is saved.
/// </summary>
public interface ICellActivation
{
    /// <summary>Returns the value at x.</summary>
    static abstract T Of<T>(T x) where T : struct, ILane<T>;

    /// <summary>Returns the derivative at the point where the value is y.</summary>
    static abstract T Derivative<T>(T y) where T : struct, ILane<T>;

    /// <summary>Returns the gradient of x, given the gradient of the value y.</summary>
    static abstract T Backward<T>(T gradient, T y) where T : struct, ILane<T>;
}

/// <summary>y = 1 / (1 + e^-x), y' = y (1 - y).</summary>
public readonly struct SigmoidActivation : ICellActivation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x) where T : struct, ILane<T> => T.Sigmoid(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Derivative<T>(T y) where T : struct, ILane<T> => y * (T.Constant(1f) - y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Backward<T>(T gradient, T y) where T : struct, ILane<T> => gradient * y * (T.Constant(1f) - y);
}

/// <summary>y = tanh(x), y' = 1 - y^2.</summary>
public readonly struct TanhActivation : ICellActivation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x) where T : struct, ILane<T> => T.Tanh(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Derivative<T>(T y) where T : struct, ILane<T> => T.Constant(1f) - (y * y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Backward<T>(T gradient, T y) where T : struct, ILane<T> => gradient * Derivative(y);
}

/// <summary>y = max(x, 0), y' = 1 where y > 0 and 0 elsewhere.</summary>
public readonly struct ReluActivation : ICellActivation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x) where T : struct, ILane<T> => T.Max(x, T.Constant(0f));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Derivative<T>(T y) where T : struct, ILane<T> => Backward(T.Constant(1f), y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Backward<T>(T gradient, T y) where T : struct, ILane<T> =>
        T.WhereLess(T.Constant(0f), y, gradient, T.Constant(0f));
}

/// <summary>
/// y = min(max(x / 6 + 1/2, 0), 1), y' = 1/6 where 0 &lt; y &lt; 1 and 0 elsewhere, as in PyTorch's Hardsigmoid and Keras 3's
/// hard_sigmoid. (Keras 2 has x / 5.)
/// </summary>
public readonly struct HardSigmoidActivation : ICellActivation
{
    private const float Rise = 1f / 6f;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x) where T : struct, ILane<T> =>
        T.Min(T.Max(T.MultiplyAdd(x, T.Constant(Rise), T.Constant(0.5f)), T.Constant(0f)), T.Constant(1f));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Derivative<T>(T y) where T : struct, ILane<T> => Backward(T.Constant(1f), y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Backward<T>(T gradient, T y) where T : struct, ILane<T> =>
        T.WhereLess(T.Constant(0f), y, T.WhereLess(y, T.Constant(1f), gradient * T.Constant(Rise), T.Constant(0f)),
            T.Constant(0f));
}
