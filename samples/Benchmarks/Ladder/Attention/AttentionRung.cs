namespace SeqCore.Benchmarks;

/// <summary>y = softmax(q k' / sqrt(K)) v for one head, in one of the ways from the definition to the library's kernel.</summary>
/// <param name="Name">What is new on this rung.</param>
/// <param name="Threads">Threads it uses.</param>
/// <param name="IsCausal">Whether query i sees keys 0 to i only.</param>
/// <param name="Prepare">Puts the head where the way wants it; not timed.</param>
internal sealed record AttentionRung(string Name, int Threads, bool IsCausal, Func<Head, AttentionWay> Prepare)
{
    /// <summary>A way that works on arrays, on one thread.</summary>
    internal static AttentionRung OnArrays(string name, Action<Head, float[]> attend) => new(name, 1, false, head =>
    {
        var y = new float[head.Queries.Length];
        Array.Fill(y, float.NaN);
        return new AttentionWay(() => attend(head, y), () => y, () =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            attend(head, y);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
    });
}

/// <summary>A way to attend, ready to run.</summary>
/// <param name="Attend">One call.</param>
/// <param name="Result">Shape (T, K).</param>
/// <param name="ExtraBytes">Memory that a call takes beside its operands and its result.</param>
internal sealed record AttentionWay(Action Attend, Func<float[]> Result, Func<long> ExtraBytes);
