using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

/// <summary>Defines how each element is mapped and how two results are combined.</summary>
internal interface IReducer
{
    /// <summary>Whether results are added, with compensation for rounding.</summary>
    static abstract bool Adds { get; }

    /// <summary>The result over no elements.</summary>
    static abstract float Empty { get; }

    /// <summary>A neutral x, which fills up the last vector of a row.</summary>
    static abstract float Padding { get; }

    /// <summary>Returns the element's contribution; shift is known before the pass.</summary>
    static abstract T Map<T>(T x, T shift) where T : struct, IVectorLane<T>;

    /// <summary>Combines two contributions.</summary>
    static abstract T Combine<T>(T x, T y) where T : struct, IVectorLane<T>;

    /// <summary>Combines the elements of a vector, in a fixed order.</summary>
    static abstract float OfElements<T>(T vector) where T : struct, IVectorLane<T>;
}

/// <summary>The sum of x.</summary>
internal readonly struct SumReducer : IReducer
{
    public static bool Adds => true;

    public static float Empty => 0f;

    public static float Padding => 0f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Map<T>(T x, T shift) where T : struct, IVectorLane<T> => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine<T>(T x, T y) where T : struct, IVectorLane<T> => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float OfElements<T>(T vector) where T : struct, IVectorLane<T> => T.Sum(vector);
}

/// <summary>The sum of x^2.</summary>
internal readonly struct SumOfSquaresReducer : IReducer
{
    public static bool Adds => true;

    public static float Empty => 0f;

    public static float Padding => 0f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Map<T>(T x, T shift) where T : struct, IVectorLane<T> => x * x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine<T>(T x, T y) where T : struct, IVectorLane<T> => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float OfElements<T>(T vector) where T : struct, IVectorLane<T> => T.Sum(vector);
}

/// <summary>The sum of e^(x - shift).</summary>
internal readonly struct SumOfExponentialsReducer : IReducer
{
    public static bool Adds => true;

    public static float Empty => 0f;

    public static float Padding => float.NegativeInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Map<T>(T x, T shift) where T : struct, IVectorLane<T> => T.Exp(x - shift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine<T>(T x, T y) where T : struct, IVectorLane<T> => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float OfElements<T>(T vector) where T : struct, IVectorLane<T> => T.Sum(vector);
}

/// <summary>The maximum of x; NaN if any is.</summary>
internal readonly struct MaxReducer : IReducer
{
    public static bool Adds => false;

    public static float Empty => float.NegativeInfinity;

    public static float Padding => float.NegativeInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Map<T>(T x, T shift) where T : struct, IVectorLane<T> => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine<T>(T x, T y) where T : struct, IVectorLane<T> => T.Max(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float OfElements<T>(T vector) where T : struct, IVectorLane<T> => T.MaxElement(vector);
}

/// <summary>The maximum of -x, which is the negated minimum of x; NaN if any is.</summary>
internal readonly struct NegatedMinReducer : IReducer
{
    public static bool Adds => false;

    public static float Empty => float.NegativeInfinity;

    public static float Padding => float.PositiveInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Map<T>(T x, T shift) where T : struct, IVectorLane<T> => -x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine<T>(T x, T y) where T : struct, IVectorLane<T> => T.Max(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float OfElements<T>(T vector) where T : struct, IVectorLane<T> => T.MaxElement(vector);
}
