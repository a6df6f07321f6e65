namespace SeqCore.Models;

/// <summary>A sentence with the numbers of its tokens and of its tags.</summary>
internal sealed record EncodedSentence(IReadOnlyList<string> Words, int[] Tokens, int[] Tags)
{
    /// <summary>The probability that each token is dropped because it is rare; null if none is.</summary>
    internal float[]? Rarity { get; init; }
}
