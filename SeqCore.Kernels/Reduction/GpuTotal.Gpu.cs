using ILGPU;

namespace SeqCore.Kernels;

/// <summary>
/// A thread's running result; of sums, the second float holds what rounding lost (see <see cref="Accumulator{TReducer}"/>).
/// </summary>
internal readonly struct GpuTotal<TReducer>(float high, float low) where TReducer : struct, IReducer
{
    internal float High { get; } = high;

    internal float Low { get; } = low;

    internal static GpuTotal<TReducer> Empty => new(TReducer.Empty, 0f);

    /// <summary>The result in one float; once a sum is infinite or NaN the second part means nothing.</summary>
    internal float Value => IntrinsicMath.Abs(High) <= float.MaxValue ? High + Low : High;

    /// <summary>Two contributions as one.</summary>
    internal static float Combine(float x, float y) => TReducer.Adds ? x + y : LaneGpu.Max(new(x), new(y)).Value;

    internal GpuTotal<TReducer> Plus(float value, float low = 0f)
    {
        if (!TReducer.Adds)
            return new(Combine(High, value), 0f);
        var sum = High + value;
        var rest = sum - High;
        return new(sum, Low + (High - (sum - rest) + (value - rest) + low));
    }

    /// <summary>
    /// The total of a team, in its first lane: the second half of the lanes is added to the first, then the second quarter, and
    /// so on. All threads of the group take part.
    /// </summary>
    internal static GpuTotal<TReducer> OfTeam(GpuTeams teams, GpuTotal<TReducer> total)
    {
        var highs = SharedMemory.Allocate<float>(GpuTeams.Threads);
        var lows = SharedMemory.Allocate<float>(GpuTeams.Threads);
        var lane = teams.Lane;
        for (var lanes = teams.Width >> 1; lanes > 0; lanes >>= 1)
        {
            highs[Group.IdxX] = total.High;
            lows[Group.IdxX] = total.Low;
            Group.Barrier();
            if (lane < lanes)
                total = total.Plus(highs[teams.Behind(lanes)], lows[teams.Behind(lanes)]);
            Group.Barrier();
        }

        return total;
    }
}
