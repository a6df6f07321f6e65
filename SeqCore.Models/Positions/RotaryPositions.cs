using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Rotary position embeddings, which rotate the heads of queries and keys by angles that grow with their position, so that their
/// products depend only on distances (Su et al., "RoFormer", arXiv:2104.09864); <see cref="Backend.Rotary"/> has the equations.
/// Nothing is trained, and there is no last position: the table of angles grows on demand.
/// </summary>
public sealed class RotaryPositions : Module
{
    private readonly PositionTable table;

    /// <summary>Makes rotary positions for heads of one size.</summary>
    /// <param name="headSize">The number of elements of a head, K, at least 2.</param>
    /// <param name="rotarySize">
    /// The number of leading elements of each head that are rotated, R, even and at most K; null for all, with K even.
    /// </param>
    /// <param name="frequencyBase">
    /// The base of the frequencies: pair j rotates by base^(-2j/R) per step; finite and above 0. It is 10000 in the paper and by
    /// default; longer contexts need a larger one.
    /// </param>
    /// <param name="positionScale">
    /// The factor of the position, not 0; between 0 and 1 it stretches a trained model over longer texts, and below 0 pairs
    /// rotate in the opposite direction, as in some published models; 1 by default.
    /// </param>
    /// <param name="pairs">
    /// How elements are paired, by default those of the two halves; weights trained with one pairing do not fit the other.
    /// </param>
    public RotaryPositions(int headSize, int? rotarySize = null, double frequencyBase = RotaryTable.DefaultBase,
        double positionScale = 1, RotaryPairs pairs = RotaryPairs.HalfSplit)
    {
        Argument.Positive(frequencyBase, Kind, nameof(frequencyBase));
        Argument.Defined(pairs, Kind, nameof(pairs));
        if (positionScale == 0 || !double.IsFinite(positionScale))
        {
            throw new ArgumentOutOfRangeException(nameof(positionScale), positionScale,
                "RotaryPositions: the factor of the position should be finite and not 0, which would rotate nothing.");
        }

        var turned = rotarySize ?? headSize;
        if (turned < 2 || turned % 2 != 0 || turned > headSize)
        {
            throw new ArgumentOutOfRangeException(rotarySize is null ? nameof(headSize) : nameof(rotarySize), turned,
                $"RotaryPositions: the number of elements rotated should be even and in [2, {headSize}], the head's size.");
        }

        (HeadSize, RotarySize, FrequencyBase, PositionScale, Pairs) = (headSize, turned, frequencyBase, positionScale, pairs);
        table = new PositionTable(Kind, [2, turned],
            rows => RotaryTable.Fill(rows, 0, turned, pairs, frequencyBase, positionScale));
    }

    /// <summary>The number of elements of a head, K.</summary>
    public int HeadSize { get; }

    /// <summary>The number of elements of each head that are rotated, R.</summary>
    public int RotarySize { get; }

    /// <summary>The base of the frequencies.</summary>
    public double FrequencyBase { get; }

    /// <summary>The factor of the position in the angles.</summary>
    public double PositionScale { get; }

    /// <summary>How elements are paired.</summary>
    public RotaryPairs Pairs { get; }

    /// <summary>
    /// Rotates the first heads of x and copies the rest: of packed q, k and v, shape (B, T, (N + M) K + M J), rotate N + M heads;
    /// of one tensor of heads side by side, shape (B, T, N K), rotate N; of separate heads, shape (B, N, T, K), rotate 1.
    /// </summary>
    /// <param name="x">The sequences, shape (..., T, C), C at least headCount K.</param>
    /// <param name="headCount">The number of leading heads of each step that are rotated.</param>
    /// <param name="firstPosition">The position of the first step, at least 0, which is the number of steps in a cache.</param>
    /// <returns>The rotated sequences, shape (..., T, C).</returns>
    /// <exception cref="ShapeException">x is too narrow for the heads.</exception>
    /// <exception cref="SizeLimitException">The table of angles would have more than 2^31 - 1 elements.</exception>
    public Variable Forward(Variable x, int headCount, int firstPosition = 0)
    {
        ArgumentNullException.ThrowIfNull(x);
        Argument.AtLeast(firstPosition, Kind, nameof(firstPosition), 0);
        var steps = x.Shape.Rank < 2 ? 0 : x.Shape[-2];
        return x.Rotary(table.Reaching(firstPosition, steps, x.Value.Backend), headCount, HeadSize, firstPosition, Pairs);
    }

    /// <summary>
    /// Rotates the first heads of x at given positions, which may differ between the rows of a batch and leave gaps, and copies
    /// the rest. The positions are read back to size the table of angles.
    /// </summary>
    /// <param name="x">The sequences, shape (..., T, C), C at least headCount K.</param>
    /// <param name="headCount">The number of leading heads of each step that are rotated.</param>
    /// <param name="positions">
    /// The position of each step, at least 0: shape (..., T), or one that broadcasts to it, such as (B, 1, T) for separate heads.
    /// </param>
    /// <returns>The rotated sequences, shape (..., T, C).</returns>
    /// <exception cref="ShapeException">x is too narrow for the heads, or the positions do not fit its steps.</exception>
    /// <exception cref="ArgumentException">A position is negative.</exception>
    /// <exception cref="SizeLimitException">The table of angles would have more than 2^31 - 1 elements.</exception>
    public Variable Forward(Variable x, int headCount, IndexTensor positions)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(positions);
        return Forward(x, headCount, positions, Math.Max(positions.ToArray().DefaultIfEmpty(-1).Max(), 0) + 1);
    }

    /// <summary>Rotates at given positions, all of which are below an end.</summary>
    internal Variable Forward(Variable x, int headCount, IndexTensor positions, int end) =>
        x.Rotary(table.Reaching(0, end, x.Value.Backend), positions, headCount, HeadSize, Pairs);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            table.Dispose();
    }
}
