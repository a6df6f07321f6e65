using SeqCore.Kernels.Attention;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <summary>
    /// Up to this number of queries, it is faster to split the keys over groups than to share them between queries.
    /// </summary>
    private const int FewAttentionQueries = 8;

    private protected override void RunAttention(in AttentionArguments arguments, HeadsSpan y, DeviceSpan<float> logSumExp,
        bool continues)
    {
        if (arguments.Batch == 0 || arguments.QueryLength == 0)
            return;
        if (arguments.Softcap > 0f)
            RunAttention<CappedScores>(arguments, y, logSumExp, continues);
        else
            RunAttention<UncappedScores>(arguments, y, logSumExp, continues);
    }

    private void RunAttention<TCap>(in AttentionArguments a, HeadsSpan y, DeviceSpan<float> logSumExp, bool continues)
        where TCap : struct, IAttentionCap
    {
        var ranges = (a.KeyLength + AttentionFewQueriesGpuKernel<TCap>.Keys - 1) / AttentionFewQueriesGpuKernel<TCap>.Keys;
        if (a.QueryLength <= FewAttentionQueries && ranges <= ushort.MaxValue)
            AttentionOfFewQueries<TCap>(a, y, logSumExp, continues, ranges);
        else if (IsForTensorCores(a, y))
            AttentionOnTensorCores<TCap>(a, y, logSumExp, continues);
        else if (WidestSize(a) <= HeadWidth32.Width)
            AttentionForward<HeadWidth32, TCap>(a, y, logSumExp, continues);
        else
            AttentionForward<HeadWidth64, TCap>(a, y, logSumExp, continues);
    }

    private protected override void RunAttentionGradient(in AttentionArguments arguments, HeadsSpan y,
        DeviceSpan<float> logSumExp, HeadsSpan dY, HeadsSpan dQuery, HeadsSpan dKey, HeadsSpan dValue)
    {
        if (arguments.Batch == 0)
            return;
        if (arguments.Softcap > 0f)
            RunAttentionGradient<CappedScores>(arguments, y, logSumExp, dY, dQuery, dKey, dValue);
        else
            RunAttentionGradient<UncappedScores>(arguments, y, logSumExp, dY, dQuery, dKey, dValue);
    }

    private void RunAttentionGradient<TCap>(in AttentionArguments a, HeadsSpan y, DeviceSpan<float> logSumExp,
        HeadsSpan dY, HeadsSpan dQuery, HeadsSpan dKey, HeadsSpan dValue)
        where TCap : struct, IAttentionCap
    {
        var rows = a.Batch * a.HeadCount * a.QueryLength;
        using var scratch = Scratch(rows, out var delta, nameof(AttentionGradient));
        LaunchAligned(new AttentionDeltaGpuKernel
        {
            Plan = Plan(a),
            Y = Heads(y),
            DY = Heads(dY),
            Delta = View(delta),
        }, AreAligned(a, y, dY), (rows + 31) / 32, nameof(AttentionGradient));
        if (IsForTensorCores(a, dY, dQuery, dKey, dValue))
            AttentionGradientOnTensorCores<TCap>(a, logSumExp, delta, dY, dQuery, dKey, dValue);
        else if (WidestSize(a) <= HeadWidth32.Width)
            AttentionBackward<HeadWidth32, TCap>(a, logSumExp, delta, dY, dQuery, dKey, dValue);
        else
            AttentionBackward<HeadWidth64, TCap>(a, logSumExp, delta, dY, dQuery, dKey, dValue);
    }

    /// <summary>The greater of the head sizes of keys and values, for which the tiles of a kernel are chosen.</summary>
    private static int WidestSize(in AttentionArguments a) => Math.Max(a.HeadSize, a.ValueSize);

    private void AttentionForward<TWidth, TCap>(in AttentionArguments a, HeadsSpan y, DeviceSpan<float> logSumExp, bool continues)
        where TWidth : struct, IHeadWidth
        where TCap : struct, IAttentionCap
    {
        for (var column = (a.ValueSize - 1) / TWidth.Width * TWidth.Width; column >= 0; column -= TWidth.Width)
        {
            var kernel = new AttentionForwardGpuKernel<TWidth, TCap>
            {
                Plan = Plan(a),
                Query = Heads(a.Query),
                Key = Heads(a.Key),
                Value = Heads(a.Value),
                Y = Heads(y),
                LogSumExp = View(logSumExp),
                Continues = continues ? 1 : 0,
                FirstColumn = column,
            };
            LaunchAligned(kernel, AreAligned(a, y),
                AttentionForwardGpuKernel<TWidth, TCap>.Groups(a.Batch * a.HeadCount, a.QueryLength), nameof(Attention));
        }
    }

    private void AttentionOfFewQueries<TCap>(in AttentionArguments a, HeadsSpan y, DeviceSpan<float> logSumExp,
        bool continues, int ranges) where TCap : struct, IAttentionCap
    {
        var rows = a.Batch * a.HeadCount * a.QueryLength;
        using var sumScratch = Scratch(2L * rows * ranges, out var sums);
        using var resultScratch = Scratch((long)rows * ranges * a.ValueSize, out var results);
        var parts = new AttentionFewQueriesGpuKernel<TCap>
        {
            Plan = Plan(a),
            Query = Heads(a.Query),
            Key = Heads(a.Key),
            Value = Heads(a.Value),
            Sums = View(sums),
            Results = View(results),
        };
        LaunchAligned(parts, AreAligned(a), new ILGPU.Index3D(rows, ranges, 1), nameof(Attention));
        var combine = new AttentionCombineGpuKernel
        {
            Plan = Plan(a),
            Y = Heads(y),
            LogSumExp = View(logSumExp),
            Sums = View(sums),
            Results = View(results),
            Ranges = ranges,
            Continues = continues ? 1 : 0,
        };
        Launch(combine, rows, nameof(Attention));
    }

    private void AttentionBackward<TWidth, TCap>(in AttentionArguments a, DeviceSpan<float> logSumExp, DeviceSpan<float> delta,
        HeadsSpan dY, HeadsSpan dQuery, HeadsSpan dKey, HeadsSpan dValue)
        where TWidth : struct, IHeadWidth
        where TCap : struct, IAttentionCap
    {
        var isAligned = AreAligned(a, dY, dQuery, dKey, dValue);
        for (var column = 0; column < WidestSize(a); column += TWidth.Width)
        {
            var keys = new AttentionBackwardGpuKernel<OwnsKeys, TWidth, TCap>
            {
                Operands = KeyOperands(a, logSumExp, delta, dY, dKey, dValue),
                FirstColumn = column,
            };
            LaunchAligned(keys, isAligned,
                AttentionBackwardGpuKernel<OwnsKeys, TWidth, TCap>.Groups(a.Batch * a.KeyHeadCount, a.KeyLength),
                nameof(AttentionGradient));
            if (column >= a.HeadSize)
                continue;
            var queries = new AttentionBackwardGpuKernel<OwnsQueries, TWidth, TCap>
            {
                Operands = QueryOperands(a, logSumExp, delta, dY, dQuery),
                FirstColumn = column,
            };
            LaunchAligned(queries, isAligned,
                AttentionBackwardGpuKernel<OwnsQueries, TWidth, TCap>.Groups(a.Batch * a.HeadCount, a.QueryLength),
                nameof(AttentionGradient));
        }
    }

    private AttentionBackwardOperands KeyOperands(in AttentionArguments a, DeviceSpan<float> logSumExp, DeviceSpan<float> delta,
        HeadsSpan dY, HeadsSpan dKey, HeadsSpan dValue) => new()
        {
            Plan = Plan(a),
            OwnRows = Heads(a.Key),
            OwnPartners = Heads(a.Value),
            WalkedRows = Heads(a.Query),
            WalkedPartners = Heads(dY),
            LogSumExp = View(logSumExp),
            Delta = View(delta),
            DRows = Heads(dKey),
            DPartners = Heads(dValue),
            Sharers = a.HeadCount / a.KeyHeadCount,
        };

    private AttentionBackwardOperands QueryOperands(in AttentionArguments a, DeviceSpan<float> logSumExp, DeviceSpan<float> delta,
        HeadsSpan dY, HeadsSpan dQuery) => new()
        {
            Plan = Plan(a),
            OwnRows = Heads(a.Query),
            OwnPartners = Heads(dY),
            WalkedRows = Heads(a.Key),
            WalkedPartners = Heads(a.Value),
            LogSumExp = View(logSumExp),
            Delta = View(delta),
            DRows = Heads(dQuery),
            DPartners = Heads(dQuery),
            Sharers = 1,
        };

    // Whether all rows of these and of the queries, keys and values start at multiples of 16 bytes and are as long.
    private static bool AreAligned(in AttentionArguments a, params ReadOnlySpan<HeadsSpan> results)
    {
        foreach (var heads in (ReadOnlySpan<HeadsSpan>)[a.Query, a.Key, a.Value, .. results])
        {
            if (!Float4.IsAligned(heads.Data, a.HeadSize, a.ValueSize, heads.BatchStride, heads.HeadStride, heads.StepStride))
                return false;
        }

        return true;
    }

    private HeadsGpu Heads(HeadsSpan heads) => new()
    {
        Data = View(heads.Data),
        BatchStride = heads.BatchStride,
        HeadStride = heads.HeadStride,
        StepStride = heads.StepStride,
    };

    private AttentionGpuPlan Plan(in AttentionArguments a)
    {
        var keyLength = a.KeyLength;
        var (notes, number) = a.KeyLengths.IsAbsent
            ? (View(default(DeviceSpan<int>)), 0)
            : problems.Watch((_, length) => AttentionChecks.WrongKeyLength(keyLength, length));
        return new AttentionGpuPlan
        {
            HeadCount = a.HeadCount,
            KeyHeadCount = a.KeyHeadCount,
            QueryLength = a.QueryLength,
            KeyLength = a.KeyLength,
            HeadSize = a.HeadSize,
            ValueSize = a.ValueSize,
            QueryOffset = a.QueryOffset,
            IsCausal = a.IsCausal ? 1 : 0,
            Window = a.Window,
            Scale = a.Scale,
            Softcap = a.Softcap,
            KeyLengths = View(a.KeyLengths),
            Mask = View(a.Mask.Data),
            MaskBatchStride = a.Mask.BatchStride,
            MaskHeadStride = a.Mask.HeadStride,
            MaskQueryStride = a.Mask.QueryStride,
            Blocks = View(a.Blocks.ByQuery),
            BlocksByKey = View(a.Blocks.ByKey),
            BlockMasks = View(a.Blocks.Masks),
            BlockBatchStride = a.Blocks.BatchStride,
            BlockHeadStride = a.Blocks.HeadStride,
            Slopes = View(a.Slopes),
            Dropout = a.Dropout,
            KeptScale = 1f / (1f - a.Dropout),
            Seed = a.Stream.Seed,
            Counter = a.Stream.Counter,
            Notes = notes,
            Number = number,
        };
    }
}
