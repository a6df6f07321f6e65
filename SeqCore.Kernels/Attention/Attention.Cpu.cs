using SeqCore.Kernels.Attention;

namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    /// <summary>Up to this number of queries, packing the keys costs more than it saves.</summary>
    private const int FewQueries = 4;

    /// <summary>Chunks that the backward pass should have at least, so that many threads share few heads.</summary>
    private const int LeastKeyRanges = 8;

    private protected override void RunAttention(in AttentionArguments arguments, HeadsSpan y, DeviceSpan<float> logSumExp,
        bool continues)
    {
        AttentionChecks.CheckKeyLengths(arguments);
        AttentionChecks.CheckBlockEntries(arguments);
        if (arguments.Batch == 0 || arguments.QueryLength == 0)
            return;
        var a = arguments;
        var plan = new AttentionPlan(a);
        if (a.QueryLength <= FewQueries)
        {
            var heads = new AttentionFewQueries(plan, new HeadsPointer(y), logSumExp.Pointer(), continues);
            var operations = (long)a.Batch * a.HeadCount * a.QueryLength * a.KeyLength * ((long)a.HeadSize + a.ValueSize);
            Run(heads.Count, ref heads, operations, Workers);
        }
        else
        {
            using var keys = AttentionPanels.Transposed(this, plan.Key, a.Batch, a.KeyHeadCount, a.KeyLength, a.HeadSize);
            using var values = AttentionPanels.ByRows(this, plan.Value, a.Batch, a.KeyHeadCount, a.KeyLength, a.ValueSize);
            var blocks = new AttentionForward(this, plan, keys, values, new HeadsPointer(y), logSumExp.Pointer(), continues);
            Workers.For(blocks.Count, ref blocks);
        }
    }

    private protected override void RunAttentionGradient(in AttentionArguments arguments, HeadsSpan y,
        DeviceSpan<float> logSumExp, HeadsSpan dY, HeadsSpan dQuery, HeadsSpan dKey, HeadsSpan dValue)
    {
        AttentionChecks.CheckKeyLengths(arguments);
        AttentionChecks.CheckBlockEntries(arguments);
        if (arguments.Batch == 0)
            return;
        var a = arguments;
        var plan = new AttentionPlan(a);
        var heads = a.Batch * a.KeyHeadCount;
        var ranges = Math.Clamp((LeastKeyRanges + heads - 1) / heads, 1,
            Math.Max(1, (a.KeyLength + AttentionBackward.KeyBlock - 1) / AttentionBackward.KeyBlock));
        var elements = (long)a.Batch * a.HeadCount * a.QueryLength * a.HeadSize;
        using var parts = Take(ranges == 1 ? 0 : ranges * elements * sizeof(float));
        var dQueryPointer = new HeadsPointer(dQuery);
        var first = ranges == 1 ? dQueryPointer
            : new HeadsPointer(parts.Pointer, (nint)a.HeadCount * a.QueryLength * a.HeadSize,
                (nint)a.QueryLength * a.HeadSize, a.HeadSize);

        var dYPointer = new HeadsPointer(dY);
        using var keysT = AttentionPanels.Transposed(this, plan.Key, a.Batch, a.KeyHeadCount, a.KeyLength, a.HeadSize);
        using var valuesT = AttentionPanels.Transposed(this, plan.Value, a.Batch, a.KeyHeadCount, a.KeyLength, a.ValueSize);
        using var keys = AttentionPanels.ByRows(this, plan.Key, a.Batch, a.KeyHeadCount, a.KeyLength, a.HeadSize);
        using var queries = AttentionPanels.ByRows(this, plan.Query, a.Batch, a.HeadCount, a.QueryLength, a.HeadSize);
        using var dYRows = AttentionPanels.ByRows(this, dYPointer, a.Batch, a.HeadCount, a.QueryLength, a.ValueSize);
        var gradients = new AttentionGradients
        {
            Y = new HeadsPointer(y),
            DY = dYPointer,
            LogSumExp = logSumExp.Pointer(),
            KeysT = keysT,
            ValuesT = valuesT,
            Keys = keys,
            Queries = queries,
            DYRows = dYRows,
            FirstDQuery = first,
            DQueryParts = (nint)elements,
            DKey = new HeadsPointer(dKey),
            DValue = new HeadsPointer(dValue),
        };
        var chunks = new AttentionBackward(this, plan, gradients, ranges);
        Workers.For(chunks.Count, ref chunks);
        if (ranges > 1)
        {
            var sums = new AttentionQuerySums(a, first, (nint)elements, ranges, dQueryPointer);
            Workers.For(a.Batch * a.HeadCount, ref sums);
        }
    }
}
