using SeqCore.Kernels;

namespace SeqCore.Functions;

/// <summary>
/// Keys or values of which some are hidden from some queries, for the definition of attention. A product over all of them would
/// make NaN of 0 times what is not finite; so it is formed of finite numbers, and where a query sees another, its result is NaN.
/// </summary>
internal sealed class HiddenRows
{
    private readonly BoolTensor? odd;

    /// <param name="rows">Shape (B, M, S, K).</param>
    internal HiddenRows(Variable rows)
    {
        // To look is cheap on the CPU; on another device it would wait for the answer.
        if (rows.Value.Backend.Device.Kind != DeviceKind.Cpu || !rows.Value.IsFinite())
            odd = !BoolTensor.IsFinite(rows.Value);
        Finite = odd is null ? rows : rows.MaskedFill(odd, 0f);
    }

    /// <summary>The rows with 0 in the place of what is not finite.</summary>
    internal Variable Finite { get; }

    /// <summary>True for queries that see one of these keys that is not finite, shape (B, N, T, 1); null if none can.</summary>
    /// <param name="bias">Shape (B or 1, N or 1, T, S), minus infinity where hidden.</param>
    /// <param name="alive">True for queries that see something, or null for all.</param>
    /// <param name="headCount">N</param>
    internal BoolTensor? QueriesThatSeeOthers(Tensor bias, BoolTensor? alive, int headCount)
    {
        if (odd is null)
            return null;
        int b = odd.Shape[0], m = odd.Shape[1], s = odd.Shape[2];
        var seen = odd.Any(-1).Reshape(b, m, 1, s).BroadcastTo(new Shape(b, m, headCount / m, s)).Reshape(b, headCount, 1, s)
            & bias.NotEqualTo(float.NegativeInfinity);
        var some = seen.Any(-1, keepDimensions: true);
        return alive is null ? some : some & alive;
    }

    /// <summary>The result, NaN where one of these values that is not finite has a weight.</summary>
    /// <param name="result">Shape (B, M, G T, K).</param>
    /// <param name="weights">Shape (B, M, G T, S).</param>
    internal Variable SpoilResult(Variable result, Tensor weights)
    {
        if (odd is null)
            return result;
        var seen = Tensor.MatMul(weights.NotEqualTo(0f).ToTensor(), odd.ToTensor()) > 0f;
        return Spoil(result, seen);
    }

    /// <summary>NaN where the mask is true, else x.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="where">Broadcasts to it; null leaves x as it is.</param>
    internal static Variable Spoil(Variable x, BoolTensor? where) => where is null ? x : new SpoilFunction(x, where).Apply();

    private sealed class SpoilFunction(Variable x, BoolTensor where) : Function(x)
    {
        protected override Tensor Forward() => x.Value.MaskedFill(where, float.NaN);

        // A result that counts for nothing has a gradient of 0, and sends 0 on.
        protected override void Backward(Tensor dY) => Give(x, dY.MaskedFill(where & dY.NotEqualTo(0f), float.NaN));
    }
}
