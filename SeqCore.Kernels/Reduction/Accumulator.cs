using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Reduction;

/// <summary>
/// A running result. Sums are kept in two floats, of which the second holds the rounding error of the first (D. E. Knuth, The Art
/// of Computer Programming, volume 2, section 4.2.2), so that the number of blocks does not matter for the error.
/// </summary>
internal struct Accumulator<TReducer> where TReducer : struct, IReducer
{
    internal float High;
    internal float Low;

    internal static Accumulator<TReducer> Empty => new() { High = TReducer.Empty };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(float value, float low = 0f)
    {
        if (!TReducer.Adds)
        {
            High = TReducer.OfElements(TReducer.Combine(new LaneScalar(High), new LaneScalar(value)));
            return;
        }

        var sum = High + value;
        var rest = sum - High;
        Low += (High - (sum - rest)) + (value - rest) + low;
        High = sum;
    }

    /// <summary>The result; if the sum is infinite or NaN, the second part is meaningless.</summary>
    internal readonly double Value => float.IsFinite(High) ? (double)High + Low : High;
}
