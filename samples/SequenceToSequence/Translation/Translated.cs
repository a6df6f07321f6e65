namespace SeqCore.Samples.SequenceToSequence.Translation;

/// <summary>What a model made of a text.</summary>
/// <param name="Text">As people would write it.</param>
/// <param name="Tokens">Without the end.</param>
/// <param name="LogProbability">Of the tokens and the end.</param>
/// <param name="IsComplete">Whether it came to an end by itself.</param>
internal sealed record Translated(string Text, int[] Tokens, double LogProbability, bool IsComplete);
