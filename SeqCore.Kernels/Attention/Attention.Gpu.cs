namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <summary>Up to so many queries, splitting the keys over groups is worth more than sharing them between queries.</summary>
    private const int FewAttentionQueries = 8;

    private protected override void RunAttention(in AttentionArguments arguments, HeadsSpan y, DeviceSpan<float> logSumExp,
        bool continues)
    {
        CheckSupported(arguments);
        if (arguments.Batch == 0 || arguments.QueryLength == 0)
            return;
        var ranges = (arguments.KeyLength + AttentionFewQueriesGpuKernel.Keys - 1) / AttentionFewQueriesGpuKernel.Keys;
        if (arguments.QueryLength <= FewAttentionQueries && ranges <= ushort.MaxValue)
            AttentionOfFewQueries(arguments, y, logSumExp, continues, ranges);
        else if (IsForTensorCores(arguments, y))
            AttentionOnTensorCores(arguments, y, logSumExp, continues);
        else if (arguments.HeadSize <= HeadWidth32.Width)
            AttentionForward<HeadWidth32>(arguments, y, logSumExp, continues);
        else
            AttentionForward<HeadWidth64>(arguments, y, logSumExp, continues);
    }

    private protected override void RunAttentionGradient(in AttentionArguments arguments, HeadsSpan y,
        DeviceSpan<float> logSumExp, HeadsSpan dY, HeadsSpan dQuery, HeadsSpan dKey, HeadsSpan dValue)
    {
        CheckSupported(arguments);
        if (arguments.Batch == 0)
            return;
        var rows = arguments.Batch * arguments.HeadCount * arguments.QueryLength;
        using var scratch = Scratch(rows, out var delta, nameof(AttentionGradient));
        LaunchAligned(new AttentionDeltaGpuKernel
        {
            Plan = Plan(arguments),
            Y = Heads(y),
            DY = Heads(dY),
            Delta = View(delta),
        }, AreAligned(arguments, y, dY), (rows + 31) / 32, nameof(AttentionGradient));
        if (IsForTensorCores(arguments, dY, dQuery, dKey, dValue))
            AttentionGradientOnTensorCores(arguments, logSumExp, delta, dY, dQuery, dKey, dValue);
        else if (arguments.HeadSize <= HeadWidth32.Width)
            AttentionBackward<HeadWidth32>(arguments, logSumExp, delta, dY, dQuery, dKey, dValue);
        else
            AttentionBackward<HeadWidth64>(arguments, logSumExp, delta, dY, dQuery, dKey, dValue);
    }

    private static void CheckSupported(in AttentionArguments a)
    {
        if (a.Softcap > 0f || a.ValueSize != a.HeadSize)
        {
            throw new NotSupportedException(
                "Attention: GPUs support neither a softcap nor values whose head size differs from that of the keys.");
        }
    }

    private void AttentionForward<TWidth>(in AttentionArguments a, HeadsSpan y, DeviceSpan<float> logSumExp, bool continues)
        where TWidth : struct, IHeadWidth
    {
        for (var column = (a.HeadSize - 1) / TWidth.Width * TWidth.Width; column >= 0; column -= TWidth.Width)
        {
            var kernel = new AttentionForwardGpuKernel<TWidth>
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
                AttentionForwardGpuKernel<TWidth>.Groups(a.Batch * a.HeadCount, a.QueryLength), nameof(Attention));
        }
    }

    private void AttentionOfFewQueries(in AttentionArguments a, HeadsSpan y, DeviceSpan<float> logSumExp,
        bool continues, int ranges)
    {
        var rows = a.Batch * a.HeadCount * a.QueryLength;
        using var sumScratch = Scratch(2L * rows * ranges, out var sums);
        using var resultScratch = Scratch((long)rows * ranges * a.HeadSize, out var results);
        var parts = new AttentionFewQueriesGpuKernel
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

    private void AttentionBackward<TWidth>(in AttentionArguments a, DeviceSpan<float> logSumExp, DeviceSpan<float> delta,
        HeadsSpan dY, HeadsSpan dQuery, HeadsSpan dKey, HeadsSpan dValue) where TWidth : struct, IHeadWidth
    {
        var isAligned = AreAligned(a, dY, dQuery, dKey, dValue);
        for (var column = 0; column < a.HeadSize; column += TWidth.Width)
        {
            var keys = new AttentionBackwardGpuKernel<OwnsKeys, TWidth>
            {
                Operands = KeyOperands(a, logSumExp, delta, dY, dKey, dValue),
                FirstColumn = column,
            };
            LaunchAligned(keys, isAligned,
                AttentionBackwardGpuKernel<OwnsKeys, TWidth>.Groups(a.Batch * a.KeyHeadCount, a.KeyLength),
                nameof(AttentionGradient));
            var queries = new AttentionBackwardGpuKernel<OwnsQueries, TWidth>
            {
                Operands = QueryOperands(a, logSumExp, delta, dY, dQuery),
                FirstColumn = column,
            };
            LaunchAligned(queries, isAligned,
                AttentionBackwardGpuKernel<OwnsQueries, TWidth>.Groups(a.Batch * a.HeadCount, a.QueryLength),
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
            if (!Float4.IsAligned(heads.Data, a.HeadSize, heads.BatchStride, heads.HeadStride, heads.StepStride))
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
            QueryOffset = a.QueryOffset,
            IsCausal = a.IsCausal ? 1 : 0,
            Window = a.Window,
            Scale = a.Scale,
            KeyLengths = View(a.KeyLengths),
            Mask = View(a.Mask.Data),
            MaskBatchStride = a.Mask.BatchStride,
            MaskHeadStride = a.Mask.HeadStride,
            MaskQueryStride = a.Mask.QueryStride,
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
