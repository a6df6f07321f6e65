using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Sinusoidal position encoding: PE(p, 2i) = sin(p / 10000^(2i/D)), PE(p, 2i + 1) = cos(p / 10000^(2i/D)) (Vaswani et al.,
/// "Attention is all you need", arXiv:1706.03762, section 3.5). Nothing is trained, and there is no last position. The exponent
/// of an odd element is that of the preceding even one; secondary texts often misprint this and give each element another
/// exponent.
/// </summary>
/// <param name="modelSize">The width of the vectors, D, at least 1; if it is odd, the last element is a sine.</param>
public sealed class SinusoidalPositions(int modelSize) : PositionEncoding(modelSize)
{
    private readonly PositionTable table = new(nameof(SinusoidalPositions), [modelSize], rows => Fill(rows, modelSize));

    /// <inheritdoc/>
    public override int? MaximumLength => null;

    /// <inheritdoc/>
    protected override Variable Vectors(int firstPosition, int count, Backend backend) =>
        table.Reaching(firstPosition, count, backend).Slice(0, firstPosition, count);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            table.Dispose();
    }

    private static void Fill(Span<float> rows, int size)
    {
        for (var even = 0; even < size; even += 2)
        {
            var frequency = Math.Pow(10000, -(double)even / size);
            for (var p = 0; p < rows.Length / size; p++)
            {
                var (sin, cos) = Math.SinCos(p * frequency);
                rows[p * size + even] = (float)sin;
                if (even + 1 < size)
                    rows[p * size + even + 1] = (float)cos;
            }
        }
    }
}
