using System.Globalization;

namespace SeqCore.Models;

/// <summary>A score and the interval in which it would probably lie for other data of the same kind.</summary>
/// <param name="Score">The score of the data itself.</param>
/// <param name="Low">The lower end of the interval.</param>
/// <param name="High">The upper end of the interval.</param>
public readonly record struct ScoreInterval(double Score, double Low, double High)
{
    /// <summary>Returns the three numbers, as in <c>27.31 [26.80, 27.90]</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Score:0.00##} [{Low:0.00##}, {High:0.00##}]");
}
