namespace SeqCore.Models;

/// <summary>The tokens of a <see cref="Tokenizer"/> that do not represent text; each is null if the tokenizer has none.</summary>
public sealed record SpecialTokens
{
    /// <summary>The special tokens of a tokenizer without any.</summary>
    public static SpecialTokens None { get; } = new();

    /// <summary>The token that pads shorter sequences of a batch.</summary>
    public int? Padding { get; init; }

    /// <summary>The token that replaces everything that the tokenizer does not know.</summary>
    public int? Unknown { get; init; }

    /// <summary>The token before a sequence: [CLS], or what a decoder reads first.</summary>
    public int? Start { get; init; }

    /// <summary>The token after a sequence: [SEP], or what a decoder writes last.</summary>
    public int? End { get; init; }

    /// <summary>The token that replaces one that is to be predicted.</summary>
    public int? Mask { get; init; }

    /// <summary>
    /// The tokens that written text should not contain: padding, start and mask, unless they are also the end token. They are for
    /// <see cref="GenerationOptions.ForbiddenTokens"/>.
    /// </summary>
    public IReadOnlyList<int> NeverGenerated =>
        [.. new[] { Padding, Start, Mask }.OfType<int>().Where(t => t != End).Distinct()];

    /// <summary>Returns whether a token is a special one.</summary>
    public bool Contains(int token) => token == Padding || token == Unknown || token == Start || token == End || token == Mask;

    /// <summary>Returns a token that a task needs.</summary>
    /// <exception cref="ArgumentException">The tokenizer does not have the token.</exception>
    internal static int Require(int? token, string owner, string name) =>
        token ?? throw new ArgumentException($"{owner}: the tokenizer has no {name} token."
            + " Hint: choose a tokenizer with special tokens, such as a WordTokenizer.");
}
