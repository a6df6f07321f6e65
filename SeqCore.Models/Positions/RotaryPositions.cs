using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Turns the heads of queries and keys by angles that grow with their position, so that their products depend on distances alone
/// (Su et al., "RoFormer", arXiv:2104.09864): <see cref="Backend.Rotary"/> has the equations. Nothing is trained, and there is no
/// last position: the table of angles grows as it is asked for.
/// </summary>
public sealed class RotaryPositions : Module
{
    private readonly PositionTable table;

    /// <summary>The angles of one kind of head.</summary>
    /// <param name="headSize">K, at least 2.</param>
    /// <param name="rotarySize">
    /// R: how many elements of each head are turned, the first ones; even, at most K. Null: all, K being even.
    /// </param>
    /// <param name="frequencyBase">
    /// Pair j turns by base^(-2j/R) a step; finite and above 0: the paper's is 10000, and longer contexts take a
    /// larger one.
    /// </param>
    /// <param name="positionScale">
    /// Factor of the position, not 0; between 0 and 1 it stretches a trained model over longer texts, and below 0 pairs turn the
    /// other way, as some published models have them.
    /// </param>
    /// <param name="pairs">How elements are paired; weights trained with one do not fit the other.</param>
    public RotaryPositions(int headSize, int? rotarySize = null, double frequencyBase = RotaryTable.PaperBase,
        double positionScale = 1, RotaryPairs pairs = RotaryPairs.HalfSplit)
    {
        Argument.Positive(frequencyBase, Kind, nameof(frequencyBase));
        Argument.Defined(pairs, Kind, nameof(pairs));
        if (positionScale == 0 || !double.IsFinite(positionScale))
        {
            throw new ArgumentOutOfRangeException(nameof(positionScale), positionScale,
                "RotaryPositions: the factor of the position should be finite and not 0, which would turn nothing.");
        }

        var turned = rotarySize ?? headSize;
        if (turned < 2 || turned % 2 != 0 || turned > headSize)
        {
            throw new ArgumentOutOfRangeException(rotarySize is null ? nameof(headSize) : nameof(rotarySize), turned,
                $"RotaryPositions: the number of elements turned should be even and in [2, {headSize}], the head's size.");
        }

        (HeadSize, RotarySize, FrequencyBase, PositionScale, Pairs) = (headSize, turned, frequencyBase, positionScale, pairs);
        table = new PositionTable(Kind, [2, turned],
            rows => RotaryTable.Fill(rows, 0, turned, pairs, frequencyBase, positionScale));
    }

    /// <summary>K</summary>
    public int HeadSize { get; }

    /// <summary>R: how many elements of each head are turned.</summary>
    public int RotarySize { get; }

    /// <summary>The base of the frequencies.</summary>
    public double FrequencyBase { get; }

    /// <summary>Factor of the position.</summary>
    public double PositionScale { get; }

    /// <summary>How elements are paired.</summary>
    public RotaryPairs Pairs { get; }

    /// <summary>
    /// x with its first heads turned and the rest copied: of packed q, k and v, shape (B, T, (N + 2 M) K), turn N + M heads; of
    /// one tensor of heads side by side, shape (B, T, N K), turn N; of heads apart, shape (B, N, T, K), turn 1.
    /// </summary>
    /// <param name="x">Shape (..., T, C), C at least headCount K.</param>
    /// <param name="headCount">Heads that are turned, the first ones of each step.</param>
    /// <param name="firstPosition">
    /// Position of the first step, at least 0: the number of steps that a cache holds already.
    /// </param>
    /// <returns>Shape (..., T, C).</returns>
    /// <exception cref="ShapeException">x is too narrow for the heads.</exception>
    /// <exception cref="SizeLimitException">The table of angles would have more than 2^31 - 1 elements.</exception>
    public Variable Forward(Variable x, int headCount, int firstPosition = 0)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentOutOfRangeException.ThrowIfNegative(firstPosition);
        var steps = x.Shape.Rank < 2 ? 0 : x.Shape[-2];
        return x.Rotary(table.Reaching(firstPosition, steps, x.Value.Backend), headCount, HeadSize, firstPosition, Pairs);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            table.Dispose();
    }
}
