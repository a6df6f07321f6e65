using System.Runtime.CompilerServices;
using ILGPU;

namespace SeqCore.Kernels;

/// <summary>
/// The maximum m of some elements and s = sum e^(x - m), kept together while more elements come, so that a row is read once
/// (Milakov and Gimelshein, "Online normalizer calculation for softmax", arXiv:1805.02867).
/// </summary>
internal readonly struct RowExponentials(float max, float sum)
{
    /// <summary>m; -infinity for no elements.</summary>
    internal readonly float Max = max;

    /// <summary>s</summary>
    internal readonly float Sum = sum;

    /// <summary>Those of no elements.</summary>
    internal static RowExponentials None => new(float.NegativeInfinity, 0f);

    /// <summary>
    /// With the elements of a part, which holds -infinity beyond the row, and their e^(x - m), or 0 where all
    /// so far are -infinity.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal RowExponentials With(RowPart part, out RowPart exponentials)
    {
        var most = IntrinsicMath.Max(part.Max(), Max);

        // Without this, elements that are all -infinity would give NaN although others of the row are not.
        var shift = most == float.NegativeInfinity ? 0f : most;
        exponentials = part.Map(new ExpBelow(shift));
        return new(most, Sum * FastExp.Of(Max - shift) + exponentials.Sum());
    }

    /// <summary>Those of the whole row, from what each thread of a team has. A row of -infinity has a sum of NaN.</summary>
    /// <param name="team">Threads in the team.</param>
    /// <param name="below">e^(m of the thread - m of the row), which turns the thread's exponentials into the row's.</param>
    internal RowExponentials OverTeam(int team, out float below)
    {
        var most = TeamReduction.Max(Max, team);
        below = FastExp.Of(Max - most);
        return new(most, TeamReduction.Sum(Sum * below, team));
    }
}
