using SeqCore.Kernels;
using SeqCore.Tests.Kernels.Gpu;

namespace SeqCore.Tests.Kernels.Attention;

/// <summary>
/// Runs a case on both devices, forward and backward, with its operands laid out as the case says; on the GPU
/// in a given precision.
/// </summary>
internal sealed class AttentionPair : IDisposable
{
    private readonly AttentionCase c;
    private readonly DevicePair pair;

    internal AttentionPair(AttentionCase c, int[]? pieces = null, int margin = 19,
        MatMulPrecision precision = MatMulPrecision.Float32)
    {
        this.c = c;
        pair = new DevicePair(margin);
        var before = pair.Gpu.Precision;
        try
        {
            pair.Gpu.Precision = precision;
            Run(pieces);
        }
        finally
        {
            pair.Gpu.Precision = before;
        }
    }

    private void Run(int[]? pieces)
    {
        Operands q = Put(c.Query, c.Heads, c.Queries, c.Size), k = Put(c.Key, c.KeyHeads, c.Keys, c.Size),
            v = Put(c.Value, c.KeyHeads, c.Keys, c.ValueSize), dY = Put(c.DY, c.Heads, c.Queries, c.ValueSize);
        (Y, DQuery, DKey, DValue) = (Output(c.Heads, c.Queries, c.ValueSize), Output(c.Heads, c.Queries, c.Size),
            Output(c.KeyHeads, c.Keys, c.Size), Output(c.KeyHeads, c.Keys, c.ValueSize));
        LogSumExp = pair.Output(c.Batch * c.Heads * c.Queries);
        var lengths = c.Lengths is null ? null : pair.PutIndices(c.Lengths);
        var mask = c.MaskSizes is null ? null : pair.Put(c.Mask);
        var tables = c.BlockSizes is null ? default : AttentionCaseBlocks.Tables(c);
        var (byQuery, byKey, masks) = c.BlockSizes is null
            ? (null, null, null)
            : (pair.PutIndices(tables.ByQuery), pair.PutIndices(tables.ByKey), pair.PutIndices(tables.Masks));
        var slopes = c.Slopes ? pair.Put(c.SlopeValues) : null;
        pair.Run((backend, at) =>
        {
            var (b, n, t) = c.MaskSizes ?? (1, 1, 1);
            var arguments = new AttentionArguments
            {
                Batch = c.Batch,
                HeadCount = c.Heads,
                KeyHeadCount = c.KeyHeads,
                QueryLength = c.Queries,
                KeyLength = c.Keys,
                HeadSize = c.Size,
                ValueSize = c.ValueSize,
                Query = q.At(at),
                Key = k.At(at),
                Value = v.At(at),
                Scale = c.Scale,
                Softcap = c.Softcap,
                QueryOffset = c.QueryOffset,
                IsCausal = c.Causal,
                Window = c.Window,
                KeyLengths = at[lengths],
                Mask = mask is null
                    ? default
                    : new MaskSpan(at[mask], b == 1 ? 0 : n * t * c.Keys, n == 1 ? 0 : t * c.Keys, t == 1 ? 0 : c.Keys),
                Blocks = byQuery is null
                    ? default
                    : AttentionCaseBlocks.Span(c, at[byQuery], at[byKey], at[masks]),
                Slopes = at[slopes],
                Dropout = c.Dropout,
                Stream = c.Stream,
            };
            if (pieces is null)
                backend.Attention(arguments, Y.At(at), at[LogSumExp]);
            else
                AttentionRun.InPieces(backend, arguments, pieces, Y.At(at), at[LogSumExp]);
            backend.AttentionGradient(arguments, Y.At(at), at[LogSumExp], dY.At(at), DQuery.At(at), DKey.At(at), DValue.At(at));
        });
    }

    /// <summary>Heads on both devices and how they lie.</summary>
    internal sealed record Operands(DevicePair.Operand Data, int Batch, int Head, int Step)
    {
        internal HeadsSpan At(DevicePair.Finder at) => new(at[Data], Batch, Head, Step);
    }

    internal Operands Y { get; private set; } = null!;

    internal DevicePair.Operand LogSumExp { get; private set; } = null!;

    internal Operands DQuery { get; private set; } = null!;

    internal Operands DKey { get; private set; } = null!;

    internal Operands DValue { get; private set; } = null!;

    /// <summary>What the GPU holds, one result after the other.</summary>
    internal float[] Everything => [.. pair.Read(Y.Data), .. pair.Read(LogSumExp), .. pair.Read(DQuery.Data),
        .. pair.Read(DKey.Data), .. pair.Read(DValue.Data)];

    /// <summary>
    /// Within 1e-5 relative and, since terms of order 1 cancel in sums of up to 700, 1e-5 absolute (3e-5 for dK and dV, which sum
    /// over queries and heads too): the exponential on the GPU is within 2^-22, the sums have another order.
    /// </summary>
    internal void ShouldAgree(double tolerance = 1e-5)
    {
        pair.ShouldAgree(Y.Data, tolerance, tolerance, $"y of {c}");
        pair.ShouldAgree(LogSumExp, tolerance, tolerance, $"logSumExp of {c}");
        pair.ShouldAgree(DQuery.Data, tolerance, tolerance, $"dQuery of {c}");
        pair.ShouldAgree(DKey.Data, tolerance, 3 * tolerance, $"dKey of {c}");
        pair.ShouldAgree(DValue.Data, tolerance, 3 * tolerance, $"dValue of {c}");
    }

    /// <summary>Asserts that the GPU holds the bits of another case, but in results of queries that see odd keys.</summary>
    internal void ShouldHaveTheBitsOf(AttentionPair expected)
    {
        float[] actual = Everything, other = expected.Everything;
        int results = pair.Read(Y.Data).Length, rows = c.Batch * c.Heads * c.Queries, row = results / rows;
        for (var i = 0; i < actual.Length; i++)
        {
            var seesOdd = i < results + rows && c.SeesOdd(i < results ? i / row : i - results);
            if (!seesOdd && !actual[i].Equals(other[i]))
                Assert.Fail($"Element {i} is {actual[i]:R} in place of {other[i]:R} for {c}.");
        }
    }

    /// <summary>
    /// The largest difference from the plain definition, of each of y, dQuery, dKey and dValue; operands without gaps.
    /// </summary>
    internal double[] Errors()
    {
        var expected = new AttentionExpected(c);
        return [Error(Y, expected.Y), Error(DQuery, expected.DQuery), Error(DKey, expected.DKey), Error(DValue, expected.DValue)];

        double Error(Operands result, double[] exact) => pair.Read(result.Data).Zip(exact, (x, y) => Math.Abs(x - y)).Max();
    }

    public void Dispose() => pair.Dispose();

    private Operands Output(int heads, int steps, int size)
    {
        var (batch, head, step) = AttentionRun.Strides(c, heads, steps, size);
        return new Operands(pair.Output(c.Batch * batch), batch, head, step);
    }

    private Operands Put(float[] values, int heads, int steps, int size)
    {
        var (batch, head, step) = AttentionRun.Strides(c, heads, steps, size);
        var laid = new float[c.Batch * batch];
        for (var i = 0; i < values.Length; i++)
            laid[AttentionRun.Index(batch, head, step, i, heads, steps, size)] = values[i];
        return new Operands(pair.Put(laid), batch, head, step);
    }
}
