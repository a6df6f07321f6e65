namespace SeqCore.Kernels;

/// <summary>
/// The arithmetic that an element-wise formula is written in, once: the same generic method runs on Vector512, Vector256,
/// Vector128, one float, and, as the oracle in tests, one double. Every member of a lane must be inlined aggressively.
/// </summary>
/// <typeparam name="T">The lane itself.</typeparam>
public interface ILane<T> where T : struct, ILane<T>
{
    /// <summary>The same value in every element.</summary>
    static abstract T Constant(float value);

    /// <summary>x + y</summary>
    static abstract T operator +(T x, T y);

    /// <summary>x - y</summary>
    static abstract T operator -(T x, T y);

    /// <summary>x y</summary>
    static abstract T operator *(T x, T y);

    /// <summary>x / y, correctly rounded.</summary>
    static abstract T operator /(T x, T y);

    /// <summary>-x</summary>
    static abstract T operator -(T x);

    /// <summary>x y + z, in one rounding where the machine can.</summary>
    static abstract T MultiplyAdd(T x, T y, T z);

    /// <summary>x y less product, where product is x y rounded: what the rounding lost.</summary>
    static abstract T ProductError(T x, T y, T product);

    /// <summary>The lesser; NaN if either is.</summary>
    static abstract T Min(T x, T y);

    /// <summary>The greater; NaN if either is.</summary>
    static abstract T Max(T x, T y);

    /// <summary>|x|</summary>
    static abstract T Abs(T x);

    /// <summary>The square root, correctly rounded.</summary>
    static abstract T Sqrt(T x);

    /// <summary>The nearest integer, ties to even.</summary>
    static abstract T Round(T x);

    /// <summary>The greatest integer not above x.</summary>
    static abstract T Floor(T x);

    /// <summary>x with the sign of y.</summary>
    static abstract T CopySign(T x, T y);

    /// <summary>Where x &lt; y: yes, else no (also for NaN).</summary>
    static abstract T WhereLess(T x, T y, T yes, T no);

    /// <summary>Where x &lt;= y: yes, else no (also for NaN).</summary>
    static abstract T WhereLessOrEqual(T x, T y, T yes, T no);

    /// <summary>Where x = y: yes, else no (also for NaN).</summary>
    static abstract T WhereEqual(T x, T y, T yes, T no);

    /// <summary>e to the power x.</summary>
    static abstract T Exp(T x);

    /// <summary>The natural logarithm.</summary>
    static abstract T Log(T x);

    /// <summary>The hyperbolic tangent.</summary>
    static abstract T Tanh(T x);

    /// <summary>1 / (1 + e^-x)</summary>
    static abstract T Sigmoid(T x);

    /// <summary>The error function.</summary>
    static abstract T Erf(T x);

    /// <summary>The normal distribution function (1 + erf(x / sqrt 2)) / 2, accurate in the left tail too.</summary>
    static abstract T NormalCdf(T x);
}

/// <summary>
/// A lane that is a vector of floats in the processor: it can be loaded and stored, and its bits can be taken apart.
/// </summary>
/// <typeparam name="T">The lane itself.</typeparam>
internal unsafe interface IVectorLane<T> : ILane<T> where T : struct, IVectorLane<T>
{
    /// <summary>Floats in the vector.</summary>
    static abstract int Count { get; }

    static abstract T Load(float* source);

    static abstract void Store(T value, float* destination);

    /// <summary>
    /// Loads the first count elements (at most <see cref="Count"/>) and fills the others with 0: for the end of a row.
    /// </summary>
    static abstract T LoadPartial(float* source, int count);

    /// <summary>Stores the first count elements only.</summary>
    static abstract void StorePartial(T value, float* destination, int count);

    /// <summary>Stores past the caches, for results too large to be read again soon; aligned to the vector's size.</summary>
    static abstract void StoreNonTemporal(T value, float* destination);

    /// <summary>The lesser, in one instruction; y where y is NaN.</summary>
    static abstract T MinNative(T x, T y);

    /// <summary>The greater, in one instruction; y where y is NaN.</summary>
    static abstract T MaxNative(T x, T y);

    /// <summary>Elements 2i and 2i + 1 exchanged, for every i; needs a vector of more than one.</summary>
    static abstract T SwapNeighbours(T value);

    /// <summary>The sum of the elements, in a fixed order of halves.</summary>
    static abstract float Sum(T value);

    /// <summary>The greatest element.</summary>
    static abstract float MaxElement(T value);

    /// <summary>x 2^n for an integral n in [-252, 254] (two steps, so that subnormal results are right).</summary>
    static abstract T Scale(T x, T n);

    /// <summary>Splits a positive, normal x into m 2^e with m in [sqrt(1/2), sqrt(2)).</summary>
    static abstract T SplitExponent(T x, out T exponent);
}
