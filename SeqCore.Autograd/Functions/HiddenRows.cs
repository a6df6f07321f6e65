namespace SeqCore.Functions;

/// <summary>
/// Keys or values of which some are hidden from some queries, for attention by its definition. A product over all of them would
/// turn 0 times a non-finite number into NaN, so the product uses finite numbers only, and where a query sees a row that is not
/// finite, its result is set to NaN.
/// </summary>
internal sealed class HiddenRows
{
    private readonly BoolTensor? nonFinite;

    /// <param name="rows">The keys, shape (B, M, S, K), or the values, shape (B, M, S, J).</param>
    internal HiddenRows(Variable rows)
    {
        // Reading the answer is cheap on the CPU; another device would have to be waited for.
        if (rows.Value.Backend.Device.Kind != DeviceKind.Cpu || !rows.Value.IsFinite())
            nonFinite = !BoolTensor.IsFinite(rows.Value);
        Finite = nonFinite is null ? rows : rows.MaskedFill(nonFinite, 0f);
    }

    /// <summary>The rows with 0 in place of numbers that are not finite.</summary>
    internal Variable Finite { get; }

    /// <summary>A mask of the queries that see a key that is not finite, shape (B, N, T, 1); null if no query can.</summary>
    /// <param name="bias">The bias, shape (B or 1, N or 1, T, S), minus infinity where a key is hidden.</param>
    /// <param name="queriesWithKeys">A mask of the queries that see at least one key, or null for all.</param>
    /// <param name="headCount">The number of query heads, N.</param>
    internal BoolTensor? QueriesThatSeeNonFinite(Tensor bias, BoolTensor? queriesWithKeys, int headCount)
    {
        if (nonFinite is null)
            return null;
        int b = nonFinite.Shape[0], m = nonFinite.Shape[1], s = nonFinite.Shape[2];
        var keys = nonFinite.Any(-1).Reshape(b, m, 1, s).BroadcastTo(new Shape(b, m, headCount / m, s));
        var seen = keys.Reshape(b, headCount, 1, s) & bias.NotEqualTo(float.NegativeInfinity);
        var some = seen.Any(-1, keepDimensions: true);
        return queriesWithKeys is null ? some : some & queriesWithKeys;
    }

    /// <summary>Returns the result with NaN where a value that is not finite has a weight.</summary>
    /// <param name="result">The result of attention, shape (B, M, G T, J).</param>
    /// <param name="weights">The weights of attention, shape (B, M, G T, S).</param>
    internal Variable PropagateNaN(Variable result, Tensor weights)
    {
        if (nonFinite is null)
            return result;
        var seen = Tensor.MatMul(weights.NotEqualTo(0f).ToTensor(), nonFinite.ToTensor()) > 0f;
        return SetNaN(result, seen);
    }

    /// <summary>Returns NaN where the mask is true, else x.</summary>
    /// <param name="x">A variable of any shape.</param>
    /// <param name="where">A mask that broadcasts to x; null leaves x unchanged.</param>
    internal static Variable SetNaN(Variable x, BoolTensor? where) => where is null ? x : new SetNaNFunction(x, where).Apply();

    private sealed class SetNaNFunction(Variable x, BoolTensor where) : Function(x)
    {
        protected override Tensor Forward() => x.Value.MaskedFill(where, float.NaN);

        // A result that does not count has a gradient of 0 and passes 0 on.
        protected override void Backward(Tensor dY) => AddGradient(x, dY.MaskedFill(where & dY.NotEqualTo(0f), float.NaN));
    }
}
