using System.Runtime.CompilerServices;
using SeqCore.Kernels.Elementwise;

namespace SeqCore.Kernels.Operations;

/// <summary>1 / (1 + e^-x)</summary>
public readonly struct SigmoidOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => T.Sigmoid(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => y * (T.Constant(1f) - y);
}

/// <summary>max(x, 0); the derivative at 0 is 0, as at NaN.</summary>
public readonly struct ReluOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => T.WhereLess(x, T.Constant(0f), T.Constant(0f), x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.WhereLess(T.Constant(0f), x, T.Constant(1f), T.Constant(0f));
}

/// <summary>x where x &gt; 0, else slope x</summary>
/// <param name="slope">The derivative below 0; PyTorch's default is 0.01.</param>
public readonly struct LeakyReluOperation(float slope) : IUnaryOperation
{
    private readonly float slope = float.IsFinite(slope)
        ? slope
        : throw new ArgumentOutOfRangeException(nameof(slope), slope, "LeakyRelu: the slope should be finite.");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => T.WhereLess(T.Constant(0f), x, x, x * T.Constant(slope));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> =>
        T.WhereLess(T.Constant(0f), x, T.Constant(1f), T.Constant(slope));
}

/// <summary>x where x &gt; 0, else alpha (e^x - 1)</summary>
/// <param name="alpha">The magnitude of the limit at -infinity; PyTorch's default is 1.</param>
public readonly struct EluOperation(float alpha) : IUnaryOperation
{
    private readonly float alpha = float.IsFinite(alpha)
        ? alpha
        : throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "Elu: alpha should be finite.");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T>
    {
        var negative = T.Constant(alpha) * Formulas.ExpMinusOne(T.WhereLess(T.Constant(0f), x, T.Constant(0f), x));
        return T.WhereLess(T.Constant(0f), x, x, negative);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> =>
        T.WhereLess(T.Constant(0f), x, T.Constant(1f), y + T.Constant(alpha));
}

/// <summary>x / (1 + e^-x), 0 at -infinity (Hendrycks and Gimpel, "Gaussian error linear units", arXiv:1606.08415)</summary>
public readonly struct SiluOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => Of(x, T.Sigmoid(x), out _);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T>
    {
        _ = Of(x, T.Sigmoid(x), out var slope);
        return slope;
    }

    /// <summary>x s and its derivative, s + x s (1 - s), for s = 1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Of<T>(T x, T s, out T slope) where T : struct, ILane<T>
    {
        // Where |x| is above 110, s or 1 - s is 0 in float32; the limits avoid infinity times 0.
        T low = T.Constant(-110f), high = T.Constant(110f);
        var limited = T.WhereLess(x, low, low, x);
        slope = T.MultiplyAdd(T.WhereLess(high, limited, high, limited) * s, T.Constant(1f) - s, s);
        return limited * s;
    }
}

/// <summary>log(1 + e^x), without overflow</summary>
public readonly struct SoftplusOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T>
    {
        // max(x, 0) + log(1 + e^-|x|)
        var positive = T.WhereLess(x, T.Constant(0f), T.Constant(0f), x);
        return positive + Formulas.LogOnePlus(T.Exp(-T.Abs(x)));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Sigmoid(x);
}

/// <summary>x tanh(log(1 + e^x)), 0 at -infinity (Misra, "Mish", arXiv:1908.08681, equation 1)</summary>
public readonly struct MishOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T>
    {
        // tanh(log(1 + e)) = n / (n + 2) for n = e (e + 2): no digits cancel where e is small.
        var (e, limited) = Exponential(x);
        var n = e * (e + T.Constant(2f));
        return T.WhereLess(x, limited, limited, x) * (n / (n + T.Constant(2f)));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T>
    {
        // n / (n + 2) + 4 x e (1 + e) / (n + 2)^2
        var (e, limited) = Exponential(x);
        var n = e * (e + T.Constant(2f));
        var inverse = T.Constant(1f) / (n + T.Constant(2f));
        var slope = T.Constant(4f) * limited * (e * inverse) * ((T.Constant(1f) + e) * inverse);
        return T.MultiplyAdd(n, inverse, slope);
    }

    // Beyond the limits the hyperbolic tangent is 0 or 1 in float32; they keep infinity times 0 and overflow away.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (T E, T Limited) Exponential<T>(T x) where T : struct, ILane<T>
    {
        T low = T.Constant(-110f), high = T.Constant(20f);
        var limited = T.WhereLess(x, low, low, x);
        limited = T.WhereLess(high, limited, high, limited);
        return (T.Exp(limited), limited);
    }
}

/// <summary>log(1 / (1 + e^-x)) = -log(1 + e^-x), without overflow</summary>
public readonly struct LogSigmoidOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => -new SoftplusOperation().Apply(-x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Sigmoid(-x);
}

/// <summary>x / (1 + |x|), -1 and 1 at the infinities</summary>
public readonly struct SoftsignOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T>
    {
        T a = T.Abs(x), one = T.Constant(1f);
        return T.WhereEqual(a, T.Constant(float.PositiveInfinity), T.CopySign(one, x), x / (one + a));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T>
    {
        var inverse = T.Constant(1f) / (T.Constant(1f) + T.Abs(x));
        return inverse * inverse;
    }
}

/// <summary>
/// scale x where x &gt; 0, else scale alpha (e^x - 1), with scale = 1.0507 and alpha = 1.67326, for which mean 0 and variance 1
/// are a fixed point (Klambauer et al., "Self-normalizing neural networks", arXiv:1706.02515, equation 2)
/// </summary>
public readonly struct SeluOperation : IUnaryOperation
{
    private const float Scale = 1.05070099f;
    private const float ScaleAlpha = 1.75809934f;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> =>
        T.WhereLess(T.Constant(0f), x, T.Constant(Scale) * x, T.Constant(ScaleAlpha) * Formulas.Expm1(x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> =>
        T.WhereLess(T.Constant(0f), x, T.Constant(Scale), y + T.Constant(ScaleAlpha));
}

/// <summary>
/// x where x &gt; 0, else alpha (e^(x / alpha) - 1) (Barron, "Continuously differentiable exponential linear units",
/// arXiv:1704.07483)
/// </summary>
/// <param name="alpha">The magnitude of the limit at -infinity, above 0; PyTorch's default is 1.</param>
public readonly struct CeluOperation(float alpha) : IUnaryOperation
{
    private readonly float alpha = alpha > 0f && float.IsFinite(alpha)
        ? alpha
        : throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "Celu: alpha should be above 0 and finite.");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> =>
        T.WhereLess(T.Constant(0f), x, x, T.Constant(alpha) * Formulas.Expm1(x / T.Constant(alpha)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> =>
        T.WhereLess(T.Constant(0f), x, T.Constant(1f), T.Exp(x / T.Constant(alpha)));
}

/// <summary>min(max(x, low), high), as <see cref="ClampOperation"/>, but the derivative at low and high is 0.</summary>
/// <param name="low">The smallest result.</param>
/// <param name="high">The largest result.</param>
/// <exception cref="ArgumentException">low is above high, or either is NaN.</exception>
public readonly struct HardtanhOperation(float low, float high) : IUnaryOperation
{
    private readonly float low = low <= high
        ? low
        : throw new ArgumentException($"Hardtanh: low should not be above high; got {low} and {high}.");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => T.Min(T.Max(x, T.Constant(low)), T.Constant(high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T>
    {
        T zero = T.Constant(0f), one = T.Constant(1f);
        return T.WhereLess(T.Constant(low), x, T.WhereLess(x, T.Constant(high), one, zero), zero);
    }
}

/// <summary>min(max(x / 6 + 1/2, 0), 1); the derivative at -3 and 3 is 0.</summary>
public readonly struct HardsigmoidOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => Formulas.Hardsigmoid(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> =>
        T.WhereLess(T.Abs(x), T.Constant(3f), T.Constant(1f / 6f), T.Constant(0f));
}

/// <summary>
/// x min(max(x / 6 + 1/2, 0), 1), 0 at -infinity; the derivative at -3 is 0 and at 3 is 1 (Howard et al., "Searching for
/// MobileNetV3", arXiv:1905.02244, section 5.2)
/// </summary>
public readonly struct HardswishOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => Formulas.AtLeast(x, -3f) * Formulas.Hardsigmoid(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T>
    {
        T three = T.Constant(3f), inside = T.MultiplyAdd(x, T.Constant(1f / 3f), T.Constant(0.5f));
        return T.WhereLessOrEqual(x, -three, T.Constant(0f), T.WhereLessOrEqual(three, x, T.Constant(1f), inside));
    }
}
