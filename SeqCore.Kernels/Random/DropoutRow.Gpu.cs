using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Random;

/// <summary>Dropout of a row on the GPU, in the same pass as what follows it.</summary>
internal static class DropoutRowGpu
{
    /// <summary>
    /// Returns dropout(x) of a part of a row, with the random numbers of <see cref="Backend.Dropout"/> over the whole tensor.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static RowPart Apply<TAccess>(RowPart x, RowPlace place, ulong seed, ulong counter, float probability)
        where TAccess : struct, IFloat4Access
    {
        var uniform = new RowPart(
            Uniform<TAccess>(place, seed, counter, 0),
            Uniform<TAccess>(place, seed, counter, 1),
            Uniform<TAccess>(place, seed, counter, 2),
            Uniform<TAccess>(place, seed, counter, 3));
        return x.Zip(uniform, new DropRows(probability));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Float4 Uniform<TAccess>(RowPlace place, ulong seed, ulong counter, int chunk)
        where TAccess : struct, IFloat4Access
    {
        var at = place.Start + place.First + place.Column<TAccess>(chunk);
        return TAccess.IsAligned
            ? PhiloxGpu.Block(seed, counter + (ulong)(at >> 2)).Uniform
            : new(Uniform(seed, counter, at), Uniform(seed, counter, at + place.Team),
                Uniform(seed, counter, at + 2 * place.Team), Uniform(seed, counter, at + 3 * place.Team));
    }

    // One of a block's four numbers, since the neighbouring elements belong to other threads.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Uniform(ulong seed, ulong counter, int at)
    {
        var block = PhiloxGpu.Block(seed, counter + (ulong)(at >> 2));
        var pair = (at & 2) == 0 ? (Even: block.X0, Odd: block.X1) : (Even: block.X2, Odd: block.X3);
        return Philox.ToUniform((at & 1) == 0 ? pair.Even : pair.Odd);
    }
}

/// <summary>0 where u is less than the probability, else x / (1 - probability)</summary>
internal readonly struct DropRows(float probability) : IRowZip
{
    private readonly DroppedNumbers numbers = new(probability);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Apply(float x, float u) => numbers.Next(u, x);
}
