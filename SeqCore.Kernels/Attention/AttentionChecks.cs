namespace SeqCore.Kernels.Attention;

/// <summary>Checks of the arguments of an attention.</summary>
internal static class AttentionChecks
{
    private const string Name = "Attention";

    private static void Check(in AttentionArguments a)
    {
        if (a.Batch < 0 || a.HeadCount < 1 || a.KeyHeadCount < 1 || a.QueryLength < 0 || a.KeyLength < 0 || a.HeadSize < 1
            || a.ValueSize < 1)
        {
            throw new ArgumentException($"{Name}: sizes should not be negative, heads and their size at least 1;"
                + $" got B = {a.Batch}, N = {a.HeadCount}, M = {a.KeyHeadCount}, T = {a.QueryLength}, S = {a.KeyLength},"
                + $" K = {a.HeadSize}, J = {a.ValueSize}.");
        }

        if (a.HeadCount % a.KeyHeadCount != 0)
        {
            throw new ArgumentException($"{Name}: the heads of the queries should be a multiple of those of the keys;"
                + $" got N = {a.HeadCount} and M = {a.KeyHeadCount}.");
        }

        if (a.Window < 0)
            throw new ArgumentException($"{Name}: the window should be at least 1, or 0 for none; got {a.Window}.");
        if (a.Dropout is not (>= 0f and < 1f))
            throw new ArgumentException($"{Name}: the probability of dropout should lie in [0, 1); got {a.Dropout}.");
        if (a.Softcap is not (>= 0f and < float.PositiveInfinity))
        {
            throw new ArgumentException(
                $"{Name}: the softcap should be positive and finite, or 0 for none; got {a.Softcap}.");
        }

        CheckQueries(a, a.Query, "query", a.HeadSize);
        CheckKeys(a, a.Key, "key", a.HeadSize);
        CheckKeys(a, a.Value, "value", a.ValueSize);
        RowChecks.CheckOptional(Name, "key lengths", a.KeyLengths, a.Batch, 1);
        RowChecks.CheckOptional(Name, "slopes", a.Slopes, a.HeadCount, 1);
        if (!a.Blocks.IsAbsent)
            CheckBlocks(a, a.Blocks);
        if (!a.Mask.Data.IsAbsent)
        {
            CheckExtent("mask", a.Mask.Data.Length, a.Batch, a.Mask.BatchStride, a.HeadCount, a.Mask.HeadStride, a.QueryLength,
                a.Mask.QueryStride, a.KeyLength);
        }
    }

    /// <summary>Throws where a length lies outside [0, S], for lengths that the host can read.</summary>
    internal static void CheckKeyLengths(in AttentionArguments a)
    {
        foreach (var length in a.KeyLengths.AsHostSpan())
        {
            if (length < 0 || length > a.KeyLength)
                throw new ArgumentException(WrongKeyLength(a.KeyLength, length));
        }
    }

    internal static string WrongKeyLength(int keyLength, int length) =>
        $"{Name}: key lengths should lie in [0, S] = [0, {keyLength}]; got {length}.";

    private static void CheckBlocks(in AttentionArguments a, in AttentionBlocks blocks)
    {
        int rows = AttentionBlocks.Count(a.QueryLength), columns = AttentionBlocks.Count(a.KeyLength);
        CheckExtent("the table of blocks by queries", blocks.ByQuery.Length, a.Batch, blocks.BatchStride, a.HeadCount,
            blocks.HeadStride, rows, columns, columns);
        CheckExtent("the table of blocks by keys", blocks.ByKey.Length, a.Batch, blocks.BatchStride, a.HeadCount,
            blocks.HeadStride, columns, rows, rows);
        if (blocks.Masks.Length % AttentionBlocks.MaskLength != 0)
        {
            throw new ArgumentException($"{Name}: the masks of blocks should have {AttentionBlocks.MaskLength} numbers each;"
                + $" got {blocks.Masks.Length} in all.");
        }
    }

    /// <summary>Throws where an entry of the table by queries is out of range, for tables that the host can read.</summary>
    internal static void CheckBlockEntries(in AttentionArguments a)
    {
        if (a.Blocks.IsAbsent)
            return;
        int rows = AttentionBlocks.Count(a.QueryLength), columns = AttentionBlocks.Count(a.KeyLength);
        var masks = a.Blocks.Masks.Length / AttentionBlocks.MaskLength;
        var entries = a.Blocks.ByQuery.AsHostSpan();
        for (var b = 0; b < (a.Blocks.BatchStride == 0 ? 1 : a.Batch); b++)
        {
            for (var n = 0; n < (a.Blocks.HeadStride == 0 ? 1 : a.HeadCount); n++)
            {
                for (var row = 0; row < rows; row++)
                {
                    var from = (b * a.Blocks.BatchStride) + (n * a.Blocks.HeadStride) + (row * columns);
                    var line = entries.Slice(from, columns);
                    for (var column = 0; column < columns; column++)
                    {
                        var entry = line[column];
                        if (entry > masks || entry < column - columns || entry < -1 && line[column + 1] != entry + 1)
                            throw new ArgumentException(WrongBlock(b, n, row, column, entry, masks, columns));
                    }
                }
            }
        }
    }

    private static string WrongBlock(int b, int n, int row, int column, int entry, int masks, int columns) =>
        $"{Name}: entry ({b}, {n}, {row}, {column}) of the table of blocks is {entry}; it should be 0, the number of one of the"
        + $" {masks} masks plus 1, or minus the number of empty blocks to come, of at most {columns - column}.";

    /// <summary>The checks of the forward pass that need no device to be read.</summary>
    internal static void CheckForward(in AttentionArguments a, HeadsSpan y, DeviceSpan<float> logSumExp, bool continues)
    {
        Check(a);
        CheckQueries(a, y, "y", a.ValueSize);
        if (continues || !logSumExp.IsAbsent)
            CheckLogSumExp(a, logSumExp);
    }

    /// <summary>The checks of the backward pass that need no device to be read.</summary>
    internal static void CheckGradient(in AttentionArguments a, HeadsSpan y, DeviceSpan<float> logSumExp, HeadsSpan dY,
        HeadsSpan dQuery, HeadsSpan dKey, HeadsSpan dValue)
    {
        Check(a);
        CheckQueries(a, y, "y", a.ValueSize);
        CheckLogSumExp(a, logSumExp);
        CheckQueries(a, dY, "dY", a.ValueSize);
        CheckQueries(a, dQuery, "dQuery", a.HeadSize);
        CheckKeys(a, dKey, "dKey", a.HeadSize);
        CheckKeys(a, dValue, "dValue", a.ValueSize);
    }

    private static void CheckQueries(in AttentionArguments a, HeadsSpan span, string name, int size) =>
        CheckExtent(name, span.Data.Length, a.Batch, span.BatchStride, a.HeadCount, span.HeadStride, a.QueryLength,
            span.StepStride, size);

    private static void CheckKeys(in AttentionArguments a, HeadsSpan span, string name, int size) =>
        CheckExtent(name, span.Data.Length, a.Batch, span.BatchStride, a.KeyHeadCount, span.HeadStride, a.KeyLength,
            span.StepStride, size);

    private static void CheckLogSumExp(in AttentionArguments a, DeviceSpan<float> logSumExp) =>
        RowChecks.Check(Name, "logSumExp", logSumExp,
            SizeLimitException.Product("Attention: a list of the heads of all sequences", a.Batch, a.HeadCount), a.QueryLength);

    private static void CheckExtent(string name, int length, int batch, int batchStride, int heads, int headStride, int steps,
        int stepStride, int size)
    {
        if (batchStride < 0 || headStride < 0 || stepStride < 0)
        {
            throw new ArgumentException($"{Name}: the strides of {name} should not be negative;"
                + $" got {batchStride}, {headStride}, {stepStride}.");
        }

        if (batch == 0 || heads == 0 || steps == 0 || size == 0)
            return;
        var needed = ((batch - 1L) * batchStride) + ((heads - 1L) * headStride) + ((steps - 1L) * stepStride) + size;
        if (length < needed)
        {
            throw new ArgumentException($"{Name}: {name} of shape ({batch}, {heads}, {steps}, {size}) with strides {batchStride},"
                + $" {headStride}, {stepStride} needs {needed} elements; got {length}.");
        }
    }
}
