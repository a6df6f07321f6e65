using SeqCore.Kernels;
using SeqCore.Tests.Kernels.Rows;

namespace SeqCore.Tests.Kernels.Attention;

/// <summary>Runs a case on a backend, forward and backward, with its operands laid out as the case says.</summary>
internal sealed class AttentionRun
{
    private readonly AttentionCase c;

    internal AttentionRun(AttentionCase c, int threads = 2, int[]? pieces = null)
    {
        this.c = c;
        using var arena = new Arena(threads);
        HeadsSpan q = Put(arena, c.Query, c.Heads, c.Queries, c.Size),
            k = Put(arena, c.Key, c.KeyHeads, c.Keys, c.Size), v = Put(arena, c.Value, c.KeyHeads, c.Keys, c.ValueSize);
        HeadsSpan y = Output(arena, c.Heads, c.Queries, c.ValueSize), dY = Put(arena, c.DY, c.Heads, c.Queries, c.ValueSize);
        HeadsSpan dQuery = Output(arena, c.Heads, c.Queries, c.Size), dKey = Output(arena, c.KeyHeads, c.Keys, c.Size),
            dValue = Output(arena, c.KeyHeads, c.Keys, c.ValueSize);
        var logSumExp = arena.Output(c.Batch * c.Heads * c.Queries);
        var arguments = new AttentionArguments
        {
            Batch = c.Batch,
            HeadCount = c.Heads,
            KeyHeadCount = c.KeyHeads,
            QueryLength = c.Queries,
            KeyLength = c.Keys,
            HeadSize = c.Size,
            ValueSize = c.ValueSize,
            Query = q,
            Key = k,
            Value = v,
            Scale = c.Scale,
            Softcap = c.Softcap,
            QueryOffset = c.QueryOffset,
            IsCausal = c.Causal,
            Window = c.Window,
            KeyLengths = c.Lengths is null ? default : arena.PutIndices(c.Lengths),
            Mask = c.MaskSizes is null ? default : Mask(arena),
            Blocks = c.BlockSizes is null ? default : Blocks(arena),
            Slopes = c.Slopes ? arena.Put(c.SlopeValues) : default,
            Dropout = c.Dropout,
            Stream = c.Stream,
        };
        if (pieces is null)
            arena.Backend.Attention(arguments, y, logSumExp);
        else
            InPieces(arena.Backend, arguments, pieces, y, logSumExp);
        arena.Backend.AttentionGradient(arguments, y, logSumExp, dY, dQuery, dKey, dValue);
        (Y, LogSumExp) = (Values(y, c.Heads, c.Queries, c.ValueSize), logSumExp.AsHostSpan().ToArray());
        (DQuery, DKey, DValue) = (Values(dQuery, c.Heads, c.Queries, c.Size), Values(dKey, c.KeyHeads, c.Keys, c.Size),
            Values(dValue, c.KeyHeads, c.Keys, c.ValueSize));
    }

    internal float[] Y { get; }

    internal float[] LogSumExp { get; }

    internal float[] DQuery { get; }

    internal float[] DKey { get; }

    internal float[] DValue { get; }

    internal void ShouldMatch(AttentionExpected expected)
    {
        Numbers.ShouldBeNear(Y, expected.Y, 1e-5, 1e-5, $"y of {c}");
        for (var i = 0; i < LogSumExp.Length; i++)
        {
            if (double.IsNegativeInfinity(expected.LogSumExp[i]))
                LogSumExp[i].Should().Be(float.NegativeInfinity, "query {0} of {1} sees no key", i, c);
            else
                LogSumExp[i].Should().BeApproximately((float)expected.LogSumExp[i], 1e-4f, "of {0}", c);
        }

        Numbers.ShouldBeNear(DQuery, expected.DQuery, 2e-5, 2e-5, $"dQuery of {c}");
        Numbers.ShouldBeNear(DKey, expected.DKey, 2e-5, 5e-5, $"dKey of {c}");
        Numbers.ShouldBeNear(DValue, expected.DValue, 2e-5, 5e-5, $"dValue of {c}");
    }

    /// <summary>The forward pass over the keys piece by piece, as a cache in several pieces has them.</summary>
    internal static void InPieces(Backend backend, AttentionArguments all, int[] pieces, HeadsSpan y, DeviceSpan<float> logSumExp)
    {
        var start = 0;
        foreach (var length in pieces)
        {
            var piece = all with
            {
                KeyLength = length,
                Key = From(all.Key, start),
                Value = From(all.Value, start),
                QueryOffset = all.QueryOffset - start,
                Mask = all.Mask.Data.IsAbsent
                    ? default
                    : all.Mask with { Data = all.Mask.Data.Slice(start, all.Mask.Data.Length - start) },
            };
            backend.Attention(piece, y, logSumExp, continues: start > 0);
            start += length;
        }

        static HeadsSpan From(HeadsSpan heads, int step) =>
            heads with { Data = heads.Data.Slice(step * heads.StepStride, heads.Data.Length - (step * heads.StepStride)) };
    }

    private MaskSpan Mask(Arena arena)
    {
        var (b, n, t) = c.MaskSizes!.Value;
        return new MaskSpan(arena.Put(c.Mask), b == 1 ? 0 : n * t * c.Keys, n == 1 ? 0 : t * c.Keys, t == 1 ? 0 : c.Keys);
    }

    private AttentionBlocks Blocks(Arena arena)
    {
        var (byQuery, byKey, masks) = AttentionCaseBlocks.Tables(c);
        return AttentionCaseBlocks.Span(c, arena.PutIndices(byQuery), arena.PutIndices(byKey), arena.PutIndices(masks));
    }

    /// <summary>(B, heads, steps, size) without gaps, or interleaved as (B, steps, heads, size + gap).</summary>
    internal static (int Batch, int Head, int Step) Strides(AttentionCase c, int heads, int steps, int size) =>
        c.Interleaved
            ? (steps * heads * (size + c.Gap), size + c.Gap, heads * (size + c.Gap))
            : (heads * steps * size, steps * size, size);

    private HeadsSpan Output(Arena arena, int heads, int steps, int size)
    {
        var (batch, head, step) = Strides(c, heads, steps, size);
        return new HeadsSpan(arena.Output(c.Batch * batch), batch, head, step);
    }

    private HeadsSpan Put(Arena arena, float[] values, int heads, int steps, int size)
    {
        var span = Output(arena, heads, steps, size);
        for (var i = 0; i < values.Length; i++)
            span.Data.AsHostSpan()[Index(span, i, heads, steps, size)] = values[i];
        return span;
    }

    private float[] Values(HeadsSpan span, int heads, int steps, int size)
    {
        var values = new float[c.Batch * heads * steps * size];
        for (var i = 0; i < values.Length; i++)
            values[i] = span.Data.AsHostSpan()[Index(span, i, heads, steps, size)];
        return values;
    }

    /// <summary>Where element i of heads without gaps lies.</summary>
    internal static int Index(int batch, int head, int step, int i, int heads, int steps, int size) =>
        (i / size / steps / heads * batch) + (i / size / steps % heads * head) + (i / size % steps * step) + (i % size);

    private static int Index(HeadsSpan span, int i, int heads, int steps, int size) =>
        Index(span.BatchStride, span.HeadStride, span.StepStride, i, heads, steps, size);
}
