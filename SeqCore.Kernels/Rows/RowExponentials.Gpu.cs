using System.Runtime.CompilerServices;

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

    /// <summary>With the elements of a part, which holds -infinity beyond the row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal RowExponentials With(RowPart part)
    {
        var here = part.Max();
        var most = here > Max ? here : Max;

        // Without this, elements that are all -infinity would give NaN although others of the row are not.
        var shift = most == float.NegativeInfinity ? 0f : most;
        return new(most, Sum * FastExp.Of(Max - shift) + part.Map(new ExpBelow(shift)).Sum());
    }

    /// <summary>Those of the whole row, from what each thread of a team has. A row of -infinity has a sum of NaN.</summary>
    internal RowExponentials OverTeam(int team)
    {
        var most = RowReduction.Max(Max, team);
        return new(most, RowReduction.Sum(Sum * FastExp.Of(Max - most), team));
    }
}
