using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Norms;

/// <summary>
/// The number, the mean and the squared distances from the mean of some elements, updated as more elements are added (Chan, Golub
/// and LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances"): nothing cancels, and one pass is
/// enough.
/// </summary>
internal readonly struct RowMoments(float count, float mean, float squares)
{
    /// <summary>n</summary>
    internal readonly float Count = count;

    /// <summary>sum x / n</summary>
    internal readonly float Mean = mean;

    /// <summary>sum (x - mean)^2</summary>
    internal readonly float Squares = squares;

    /// <summary>Adds the elements of a part, which holds 0 past the row's end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal RowMoments With<TAccess>(RowPart part, RowPlace place) where TAccess : struct, IFloat4Access
    {
        float count = place.Count<TAccess>();
        if (count == 0f)
            return this;
        var mean = part.Sum() / count;
        var squares = part.Pad<TAccess>(place, mean).Map(new SquareFrom(mean)).Sum();
        var all = Count + count;
        var apart = mean - Mean;
        return new(all, Mean + apart * (count / all), Squares + squares + apart * apart * (Count * (count / all)));
    }
}

/// <summary>(x - center)^2</summary>
internal readonly struct SquareFrom(float center) : IRowMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Apply(float x) => (x - center) * (x - center);
}

/// <summary>(x - mean) rstd</summary>
internal readonly struct Normalised(float mean, float rstd) : IRowMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Apply(float x) => (x - mean) * rstd;
}

/// <summary>x - factor y</summary>
internal readonly struct SubtractMultiple(float factor) : IRowZip
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Apply(float x, float y) => GpuIntrinsics.FusedMultiplyAdd(-factor, y, x);
}

/// <summary>(x - shift) factor</summary>
internal readonly struct ShiftAndScale(float shift, float factor) : IRowMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Apply(float x) => (x - shift) * factor;
}
