using ILGPU;

namespace SeqCore.Kernels.Reduction;

/// <summary>
/// A thread's running result; for sums, the second float holds the rounding error (see <see cref="Accumulator{TReducer}"/>).
/// </summary>
internal readonly struct GpuTotal<TReducer>(float high, float low)
    : ITeamValue<GpuTotal<TReducer>> where TReducer : struct, IReducer
{
    internal float High { get; } = high;

    internal float Low { get; } = low;

    internal static GpuTotal<TReducer> Empty => new(TReducer.Empty, 0f);

    /// <summary>The result in one float; if a sum is infinite or NaN, the second part is meaningless.</summary>
    internal float Value => IntrinsicMath.Abs(High) <= float.MaxValue ? High + Low : High;

    /// <summary>Combines two contributions.</summary>
    internal static float Combine(float x, float y) => TReducer.Combine(new LaneGpu(x), new LaneGpu(y)).Value;

    internal GpuTotal<TReducer> Plus(float value, float low = 0f)
    {
        if (!TReducer.Adds)
            return new(Combine(High, value), 0f);
        var sum = High + value;
        var rest = sum - High;
        return new(sum, Low + (High - (sum - rest) + (value - rest) + low));
    }

    public GpuTotal<TReducer> Combine(GpuTotal<TReducer> other) => Plus(other.High, other.Low);
}
