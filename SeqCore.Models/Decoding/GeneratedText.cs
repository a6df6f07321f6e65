namespace SeqCore.Models;

/// <summary>A token, as soon as it is written.</summary>
/// <param name="Row">Which of the texts.</param>
/// <param name="Index">How many tokens were written before it in this text.</param>
/// <param name="Token">In [0, V).</param>
public readonly record struct GeneratedToken(int Row, int Index, int Token);

/// <summary>A text that was written.</summary>
/// <param name="Tokens">What follows the prompt; an end token or stop sequence that ended it is its last part.</param>
/// <param name="End">Why it ended.</param>
public sealed record GeneratedText(ReadOnlyMemory<int> Tokens, GenerationEnd End);

/// <summary>Why a text ended.</summary>
public enum GenerationEnd
{
    /// <summary>It is as long as it may be.</summary>
    MaximumLength,

    /// <summary>The end token was written.</summary>
    EndToken,

    /// <summary>A stop sequence was written.</summary>
    StopSequence,

    /// <summary>The predicate said so.</summary>
    StopWhen,

    /// <summary>The model can look back on no more tokens.</summary>
    StreamFull,

    /// <summary>It was cancelled.</summary>
    Cancelled,
}
