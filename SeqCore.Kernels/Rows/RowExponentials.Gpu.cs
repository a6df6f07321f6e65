using System.Runtime.CompilerServices;
using ILGPU;

namespace SeqCore.Kernels;

/// <summary>
/// The maximum m of some elements and s = sum e^(x - m), updated together as more elements are added, so that a row is read once
/// (Milakov and Gimelshein, "Online normalizer calculation for softmax", arXiv:1805.02867).
/// </summary>
internal readonly struct RowExponentials(float max, float sum)
{
    /// <summary>m; -infinity for no elements.</summary>
    internal readonly float Max = max;

    /// <summary>s, the sum of exponentials.</summary>
    internal readonly float Sum = sum;

    /// <summary>The value for no elements.</summary>
    internal static RowExponentials None => new(float.NegativeInfinity, 0f);

    /// <summary>
    /// Adds the elements of a part, which holds -infinity past the row's end, and returns their e^(x - m), or 0 while all
    /// elements are -infinity.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal RowExponentials With(RowPart part, out RowPart exponentials)
    {
        var most = IntrinsicMath.Max(part.Max(), Max);

        // Without this, elements that are all -infinity would give NaN even if others of the row are finite.
        var shift = most == float.NegativeInfinity ? 0f : most;
        exponentials = part.Map(new ExpBelow(shift));
        return new(most, Sum * FastExp.Of(Max - shift) + exponentials.Sum());
    }

    /// <summary>Combines the values of a team's threads to that of the whole row. A row of -infinity has a sum of NaN.</summary>
    /// <param name="team">The number of threads in the team.</param>
    /// <param name="below">e^(m of the thread - m of the row), which converts the thread's exponentials to the row's.</param>
    internal RowExponentials OverTeam(int team, out float below)
    {
        var most = TeamReduction.Max(Max, team);
        below = FastExp.Of(Max - most);
        return new(most, TeamReduction.Sum(Sum * below, team));
    }
}
