using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

/// <summary>
/// A running result. Sums are kept in two floats, the second holding what the rounding of the first lost (D. E. Knuth, The Art
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
            High = MathF.Max(High, value);
            return;
        }

        var sum = High + value;
        var rest = sum - High;
        Low += (High - (sum - rest)) + (value - rest) + low;
        High = sum;
    }

    /// <summary>The result; once the sum is infinite or NaN the second part means nothing.</summary>
    internal readonly double Value => float.IsFinite(High) ? (double)High + Low : High;
}
