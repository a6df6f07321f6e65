namespace SeqCore.Models;

/// <summary>A token that has just been written.</summary>
/// <param name="Row">The index of the text.</param>
/// <param name="Index">The number of tokens written before it in this text.</param>
/// <param name="Token">The token, in [0, V).</param>
public readonly record struct GeneratedToken(int Row, int Index, int Token);

/// <summary>A text that was written.</summary>
/// <param name="Tokens">The tokens after the prompt, including an end token or stop sequence that ended the text.</param>
/// <param name="End">The reason why the text ended.</param>
public sealed record GeneratedText(ReadOnlyMemory<int> Tokens, GenerationEnd End);

/// <summary>The reasons why a text ends.</summary>
public enum GenerationEnd
{
    /// <summary>The text has the largest length allowed.</summary>
    MaximumLength,

    /// <summary>The end token was written.</summary>
    EndToken,

    /// <summary>A stop sequence was written.</summary>
    StopSequence,

    /// <summary>The stop predicate returned true.</summary>
    StopWhen,

    /// <summary>The model can look back on no more tokens.</summary>
    StreamFull,

    /// <summary>The generation was cancelled.</summary>
    Cancelled,
}
