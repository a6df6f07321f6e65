using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SeqCore.Benchmarks;

/// <summary>
/// The same pass with the query and its result in four vectors each, which stay in registers while the loop runs over the keys.
/// </summary>
internal static class OnlineVectors
{
    internal static void Attend(Head head, float[] y)
    {
        for (var i = 0; i < head.Length; i++)
            Query(head, new FourVectors(head.Query(i)), y.AsSpan(i * Head.Size, Head.Size));
    }

    private static void Query(Head head, FourVectors query, Span<float> y)
    {
        var result = new FourVectors(0f);
        float greatest = float.NegativeInfinity, sum = 0f;
        for (var j = 0; j < head.Length; j++)
        {
            var score = Head.Scale * query.Dot(head.Key(j));
            if (score > greatest)
            {
                var factor = MathF.Exp(greatest - score);
                sum *= factor;
                result.Multiply(factor);
                greatest = score;
            }

            var weight = MathF.Exp(score - greatest);
            sum += weight;
            result.Add(weight, head.Value(j));
        }

        result.Multiply(1f / sum);
        result.Store(y);
    }
}

/// <summary>The 64 elements of a head in registers.</summary>
internal struct FourVectors
{
    private Vector512<float> x0;
    private Vector512<float> x1;
    private Vector512<float> x2;
    private Vector512<float> x3;

    internal FourVectors(float value) => x0 = x1 = x2 = x3 = Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal FourVectors(ReadOnlySpan<float> values) =>
        (x0, x1, x2, x3) = (At(values, 0), At(values, 16), At(values, 32), At(values, 48));

    /// <summary>The products of all elements, summed down the vectors and then across one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly float Dot(ReadOnlySpan<float> y) => Vector512.Sum(
        Vector512.MultiplyAddEstimate(x0, At(y, 0), x1 * At(y, 16))
            + Vector512.MultiplyAddEstimate(x2, At(y, 32), x3 * At(y, 48)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Multiply(float factor) => (x0, x1, x2, x3) = (x0 * factor, x1 * factor, x2 * factor, x3 * factor);

    /// <summary>this += weight y</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(float weight, ReadOnlySpan<float> y)
    {
        var w = Vector512.Create(weight);
        x0 = Vector512.MultiplyAddEstimate(w, At(y, 0), x0);
        x1 = Vector512.MultiplyAddEstimate(w, At(y, 16), x1);
        x2 = Vector512.MultiplyAddEstimate(w, At(y, 32), x2);
        x3 = Vector512.MultiplyAddEstimate(w, At(y, 48), x3);
    }

    internal readonly void Store(Span<float> y)
    {
        x0.CopyTo(y);
        x1.CopyTo(y[16..]);
        x2.CopyTo(y[32..]);
        x3.CopyTo(y[48..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> At(ReadOnlySpan<float> y, int element) =>
        Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(y), (nuint)element);
}
