namespace SeqCore.Kernels;

/// <summary>
/// The arithmetic of element-wise formulas, which are written once: the same generic method runs on Vector512, Vector256,
/// Vector128, one float, and, as the reference in tests, one double. Every member of a lane must be inlined aggressively.
/// </summary>
/// <typeparam name="T">The lane itself.</typeparam>
public interface ILane<T> where T : struct, ILane<T>
{
    /// <summary>Returns a lane with the same value in every element.</summary>
    static abstract T Constant(float value);

    /// <summary>Returns x + y.</summary>
    static abstract T operator +(T x, T y);

    /// <summary>Returns x - y.</summary>
    static abstract T operator -(T x, T y);

    /// <summary>Returns x y.</summary>
    static abstract T operator *(T x, T y);

    /// <summary>Returns x / y, correctly rounded.</summary>
    static abstract T operator /(T x, T y);

    /// <summary>Returns -x.</summary>
    static abstract T operator -(T x);

    /// <summary>Returns x y + z, in one rounding if the machine supports it.</summary>
    static abstract T MultiplyAdd(T x, T y, T z);

    /// <summary>Returns x y - product, where product is x y rounded: the rounding error.</summary>
    static abstract T ProductError(T x, T y, T product);

    /// <summary>Returns the smaller of x and y; NaN if either is.</summary>
    static abstract T Min(T x, T y);

    /// <summary>Returns the larger of x and y; NaN if either is.</summary>
    static abstract T Max(T x, T y);

    /// <summary>Returns |x|.</summary>
    static abstract T Abs(T x);

    /// <summary>Returns the square root of x, correctly rounded.</summary>
    static abstract T Sqrt(T x);

    /// <summary>Returns the nearest integer, ties to even.</summary>
    static abstract T Round(T x);

    /// <summary>Returns the largest integer not above x.</summary>
    static abstract T Floor(T x);

    /// <summary>Returns x with the sign of y.</summary>
    static abstract T CopySign(T x, T y);

    /// <summary>Returns yes where x &lt; y, else no (also for NaN).</summary>
    static abstract T WhereLess(T x, T y, T yes, T no);

    /// <summary>Returns yes where x &lt;= y, else no (also for NaN).</summary>
    static abstract T WhereLessOrEqual(T x, T y, T yes, T no);

    /// <summary>Returns yes where x = y, else no (also for NaN).</summary>
    static abstract T WhereEqual(T x, T y, T yes, T no);

    /// <summary>Returns e^x.</summary>
    static abstract T Exp(T x);

    /// <summary>Returns the natural logarithm of x.</summary>
    static abstract T Log(T x);

    /// <summary>Returns the hyperbolic tangent of x.</summary>
    static abstract T Tanh(T x);

    /// <summary>Returns 1 / (1 + e^-x).</summary>
    static abstract T Sigmoid(T x);

    /// <summary>Returns the error function of x.</summary>
    static abstract T Erf(T x);

    /// <summary>Returns the normal distribution function (1 + erf(x / sqrt 2)) / 2, accurate in the left tail too.</summary>
    static abstract T NormalCdf(T x);

    /// <summary>Returns 2^x.</summary>
    static abstract T Exp2(T x);

    /// <summary>Returns the logarithm of x to base 2.</summary>
    static abstract T Log2(T x);

    /// <summary>Returns the logarithm of x to base 10.</summary>
    static abstract T Log10(T x);

    /// <summary>Returns the sine of x.</summary>
    static abstract T Sin(T x);

    /// <summary>Returns the cosine of x.</summary>
    static abstract T Cos(T x);

    /// <summary>Returns the tangent of x.</summary>
    static abstract T Tan(T x);

    /// <summary>Returns x - y trunc(x / y), exact, with the sign of x.</summary>
    static abstract T Remainder(T x, T y);
}

/// <summary>A lane that is a vector of floats in the CPU: it can be loaded and stored, and its bits are accessible.</summary>
/// <typeparam name="T">The lane itself.</typeparam>
internal unsafe interface IVectorLane<T> : ILane<T> where T : struct, IVectorLane<T>
{
    /// <summary>The number of floats in the vector.</summary>
    static abstract int Count { get; }

    static abstract T Load(float* source);

    static abstract void Store(T value, float* destination);

    /// <summary>
    /// Loads the first count elements (at most <see cref="Count"/>) and sets the others to 0, for the end of a row.
    /// </summary>
    static abstract T LoadPartial(float* source, int count);

    /// <summary>Stores the first count elements only.</summary>
    static abstract void StorePartial(T value, float* destination, int count);

    /// <summary>Stores bypassing the caches, for results too large to be read again soon; aligned to the vector's size.</summary>
    static abstract void StoreNonTemporal(T value, float* destination);

    /// <summary>Returns the smaller of x and y in one instruction; y where y is NaN.</summary>
    static abstract T MinNative(T x, T y);

    /// <summary>Returns the larger of x and y in one instruction; y where y is NaN.</summary>
    static abstract T MaxNative(T x, T y);

    /// <summary>Exchanges elements 2i and 2i + 1 for every i; needs a vector of more than one element.</summary>
    static abstract T SwapNeighbours(T value);

    /// <summary>Returns the sum of the elements, in a fixed order of halves.</summary>
    static abstract float Sum(T value);

    /// <summary>Returns the largest element.</summary>
    static abstract float MaxElement(T value);

    /// <summary>Returns x 2^n for an integer n in [-252, 254] (in two steps, so that subnormal results are correct).</summary>
    static abstract T Scale(T x, T n);

    /// <summary>Splits a positive, normal x into m 2^e with m in [sqrt(1/2), sqrt(2)).</summary>
    static abstract T SplitExponent(T x, out T exponent);

    /// <summary>Returns the remainder of x on division by pi / 2, and the quotient rounded to the nearest integer.</summary>
    static abstract T QuarterTurns(T x, out T n);
}
