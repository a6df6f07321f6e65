namespace SeqCore.Models;

/// <summary>A translation that an <see cref="EncoderDecoderModel"/> wrote.</summary>
/// <param name="Text">The translation as text, without special tokens, except unknown ones if they are allowed.</param>
/// <param name="Source">The tokens of the source, as the model read them.</param>
/// <param name="Tokens">The tokens of the translation, without the end token.</param>
/// <param name="LogProbability">The logarithm of the translation's probability: the sum over its tokens and its end.</param>
/// <param name="Score">
/// The score by which translations are compared, the log probability divided by <see cref="BeamSearch.LengthPenalty"/>.
/// </param>
/// <param name="IsComplete">Whether the model ended the translation; false if it was cut at the largest length.</param>
public sealed record Translation(string Text, IReadOnlyList<int> Source, IReadOnlyList<int> Tokens, double LogProbability,
    double Score, bool IsComplete)
{
    /// <summary>Returns the text.</summary>
    public override string ToString() => Text;
}
