using System.Runtime.CompilerServices;
using ILGPU;

namespace SeqCore.Kernels.CopyMixture;

/// <summary>
/// The tokens of the sources, in which equal ones are linked, so that one thread adds what belongs to a token, in the order of
/// its positions:
/// <code>
/// source    7  2  7  5  2
/// Next      2  4 -1 -1 -1     -2 past the length and for a token out of range
/// IsFirst   1  1  0  1  0
/// </code>
/// </summary>
internal struct CopyGpuSources
{
    internal const int End = -1;
    internal const int Unused = -2;

    internal ArrayView<int> Tokens;
    internal ArrayView<int> Next;
    internal ArrayView<int> IsFirst;
    internal GpuDivisor Positions;
    internal GpuDivisor Steps;

    /// <summary>Returns the row of logits that an element of the weights (B, T, S) belongs to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly int RowOf(int at) => Positions.Quotient(at);

    /// <summary>Returns where the source of a row starts in (B, S).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly int StartOf(int row) => Steps.Quotient(row) * Positions.Divisor;
}

/// <summary>Links equal tokens, with a thread for each position, and notes what is out of range.</summary>
internal struct CopyLinksGpuKernel : IGpuKernel
{
    internal ArrayView<int> Tokens;
    internal ArrayView<int> Lengths;
    internal ArrayView<int> Next;
    internal ArrayView<int> IsFirst;
    internal ArrayView<int> Notes;
    internal ArrayView<int> LengthNotes;
    internal GpuDivisor Positions;
    internal int Number;
    internal int LengthNumber;
    internal int Count;
    internal int Vocabulary;

    public readonly void Run()
    {
        var at = Grid.IdxX * IGpuKernel.MostThreads + Group.IdxX;
        if (at >= Count)
            return;
        int b = Positions.Quotient(at), start = b * Positions.Divisor, length = Positions.Divisor;
        if (Lengths.Length != 0)
        {
            length = Lengths[b];
            if (at == start && (uint)length > (uint)Positions.Divisor)
                IndexProblems.Note(LengthNotes, LengthNumber, b, length);
            length = IntrinsicMath.Clamp(length, 0, Positions.Divisor);
        }

        var token = Tokens[at];
        var isUsed = at - start < length;
        if (isUsed && (uint)token >= (uint)Vocabulary)
        {
            isUsed = false;
            IndexProblems.Note(Notes, Number, at, token);
        }

        var next = CopyGpuSources.Unused;
        var isFirst = 0;
        if (isUsed)
        {
            next = at + 1;
            while (next < start + length && Tokens[next] != token)
                next++;
            next = next < start + length ? next - start : CopyGpuSources.End;
            var before = at - 1;
            while (before >= start && Tokens[before] != token)
                before--;
            isFirst = before < start ? 1 : 0;
        }

        Next[at] = next;
        IsFirst[at] = isFirst;
    }
}
