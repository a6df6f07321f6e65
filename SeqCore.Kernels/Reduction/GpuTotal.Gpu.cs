using ILGPU;

namespace SeqCore.Kernels.Reduction;

/// <summary>A thread's running result, two floats.</summary>
internal interface IGpuTotal<TSelf> : ITeamValue<TSelf> where TSelf : struct
{
    /// <summary>The result of no elements.</summary>
    static abstract TSelf Empty { get; }

    /// <summary>The first float.</summary>
    float High { get; }

    /// <summary>The second float.</summary>
    float Low { get; }

    /// <summary>The result in one float.</summary>
    float Value { get; }

    /// <summary>Includes an element; the shift is known before the pass.</summary>
    TSelf With(float x, float shift);

    /// <summary>Includes four elements.</summary>
    TSelf With(float x0, float x1, float x2, float x3, float shift);

    /// <summary>Includes the total of a part, given as its two floats.</summary>
    TSelf Plus(float high, float low);
}

/// <summary>
/// A sum or maximum; for sums, the second float holds the rounding error (see <see cref="Accumulator{TReducer}"/>).
/// </summary>
internal readonly struct GpuTotal<TReducer>(float high, float low)
    : IGpuTotal<GpuTotal<TReducer>> where TReducer : struct, IReducer
{
    public float High { get; } = high;

    public float Low { get; } = low;

    public static GpuTotal<TReducer> Empty => new(TReducer.Empty, 0f);

    /// <summary>The result in one float; if a sum is infinite or NaN, the second part is meaningless.</summary>
    public float Value => IntrinsicMath.Abs(High) <= float.MaxValue ? High + Low : High;

    public GpuTotal<TReducer> With(float x, float shift) => Plus(Contribution(x, shift), 0f);

    public GpuTotal<TReducer> With(float x0, float x1, float x2, float x3, float shift) =>
        Plus(Combine(Combine(Contribution(x0, shift), Contribution(x1, shift)),
            Combine(Contribution(x2, shift), Contribution(x3, shift))), 0f);

    public GpuTotal<TReducer> Plus(float high, float low)
    {
        if (!TReducer.Adds)
            return new(Combine(High, high), 0f);
        var sum = High + high;
        var rest = sum - High;
        return new(sum, Low + (High - (sum - rest) + (high - rest) + low));
    }

    public GpuTotal<TReducer> Combine(GpuTotal<TReducer> other) => Plus(other.High, other.Low);

    private static float Combine(float x, float y) => TeamReduction.Combine<TReducer>(x, y);

    private static float Contribution(float x, float shift) => TReducer.Map(new LaneGpu(x), new LaneGpu(shift)).Value;
}

/// <summary>
/// A product, as a mantissa and an exponent (see <see cref="ScaledFloat"/>), so that it may leave the range of floats and return.
/// </summary>
internal readonly struct GpuProduct(ScaledFloat product) : IGpuTotal<GpuProduct>
{
    private readonly ScaledFloat product = product;

    public static GpuProduct Empty => new(ScaledFloat.One);

    public float High => product.Mantissa;

    public float Low => product.Exponent;

    public float Value => product.Value;

    public GpuProduct With(float x, float shift) => new(product.Times(ScaledFloat.Of(x)));

    public GpuProduct With(float x0, float x1, float x2, float x3, float shift) =>
        new(product.Times(ScaledFloat.Of(x0).Times(ScaledFloat.Of(x1)).Times(ScaledFloat.Of(x2).Times(ScaledFloat.Of(x3)))));

    public GpuProduct Plus(float high, float low) => new(product.Times(new ScaledFloat(high, low)));

    public GpuProduct Combine(GpuProduct other) => new(product.Times(other.product));
}
