namespace SeqCore.Models;

/// <summary>
/// The projections over the length of <see cref="LinformerAttention"/>, E of the keys and F of the values: parameters
/// <c>keys</c> and <c>values</c>, shape (N, R, T), or (1, R, T) for all heads. One projection given to several layers is shared
/// by them.
/// </summary>
public sealed class LinformerProjection : Module
{
    private readonly Parameter keys;
    private readonly Parameter? values;

    /// <summary>Draws the projections, N(0, 1 / T), which keeps the variance of what they project.</summary>
    /// <param name="length">The largest number of steps, T, at least 1.</param>
    /// <param name="rank">The number of projected keys, R, at least 1.</param>
    /// <param name="random">The generator that draws the initial values.</param>
    /// <param name="headCount">The number of heads with projections of their own, N; 1, the default, shares them.</param>
    /// <param name="sharesValues">Whether values are projected by the projection of the keys; false by default.</param>
    public LinformerProjection(int length, int rank, RandomGenerator random, int headCount = 1, bool sharesValues = false)
    {
        Argument.AtLeast(length, Kind, nameof(length));
        Argument.AtLeast(rank, Kind, nameof(rank));
        Argument.AtLeast(headCount, Kind, nameof(headCount));
        ArgumentNullException.ThrowIfNull(random);
        (Length, Rank, HeadCount) = (length, rank, headCount);
        keys = Draw("keys");
        values = sharesValues ? null : Draw("values");

        Parameter Draw(string name)
        {
            var parameter = Register(name, Tensor.Zeros(WeightLimit.For(Kind, headCount, rank, length)));
            Initializer.Normal(parameter.Value, 0f, 1f / MathF.Sqrt(length), random);
            return parameter;
        }
    }

    /// <summary>The largest number of steps, T.</summary>
    public int Length { get; }

    /// <summary>The number of projected keys, R.</summary>
    public int Rank { get; }

    /// <summary>The number of heads with projections of their own; 1 if all heads share them.</summary>
    public int HeadCount { get; }

    /// <summary>Projects keys, shape (B, N, S, K), to shape (B, N, R, K).</summary>
    /// <param name="x">The keys, with S at most T; 0 for those that are hidden.</param>
    /// <exception cref="ShapeException">The tensor does not have the required shape.</exception>
    public Variable Keys(Variable x) => Project(keys, x);

    /// <summary>Projects values, shape (B, N, S, J), to shape (B, N, R, J).</summary>
    /// <param name="x">The values, with S at most T; 0 for those that are hidden.</param>
    /// <exception cref="ShapeException">The tensor does not have the required shape.</exception>
    public Variable Values(Variable x) => Project(values ?? keys, x);

    private Variable Project(Parameter weight, Variable x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Rank != 4 || x.Shape[2] > Length || (HeadCount > 1 && x.Shape[1] != HeadCount))
        {
            throw ShapeException.Wrong(Kind, nameof(x), $"(B, {(HeadCount > 1 ? HeadCount : "N")}, S, K) with S at most {Length}",
                x.Shape);
        }

        return Variable.MatMul(weight.Slice(2, 0, x.Shape[2]), x);
    }
}
