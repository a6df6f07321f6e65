namespace SeqCore.Models;

/// <summary>A text as tokens, at least one, with the indices of its labels.</summary>
internal readonly record struct EncodedText(int[] Tokens, int[] Labels);
