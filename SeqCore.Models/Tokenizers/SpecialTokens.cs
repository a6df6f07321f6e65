namespace SeqCore.Models;

/// <summary>The tokens of a <see cref="Tokenizer"/> that stand for no text; each is null where the tokenizer has none.</summary>
public sealed record SpecialTokens
{
    /// <summary>A tokenizer without special tokens.</summary>
    public static SpecialTokens None { get; } = new();

    /// <summary>The token that fills up sequences which are shorter than others of their batch.</summary>
    public int? Padding { get; init; }

    /// <summary>The token of whatever the tokenizer does not know.</summary>
    public int? Unknown { get; init; }

    /// <summary>The token before a sequence: [CLS], or what a decoder reads first.</summary>
    public int? Start { get; init; }

    /// <summary>The token after a sequence: [SEP], or what a decoder writes last.</summary>
    public int? End { get; init; }

    /// <summary>The token in place of one that is to be guessed.</summary>
    public int? Mask { get; init; }

    /// <summary>
    /// The tokens that no written text should have: padding, start and mask, where they are not also the end. They go to
    /// <see cref="GenerationOptions.ForbiddenTokens"/>.
    /// </summary>
    public IReadOnlyList<int> NeverWritten =>
        [.. new[] { Padding, Start, Mask }.OfType<int>().Where(t => t != End).Distinct()];

    /// <summary>Whether a token is one of these.</summary>
    public bool Contains(int token) => token == Padding || token == Unknown || token == Start || token == End || token == Mask;

    /// <summary>The token that a task needs.</summary>
    /// <exception cref="ArgumentException">The tokenizer has none.</exception>
    internal static int Require(int? token, string owner, string name) =>
        token ?? throw new ArgumentException($"{owner}: the tokenizer has no {name} token."
            + " Hint: choose a tokenizer with special tokens, such as a WordTokenizer.");
}
