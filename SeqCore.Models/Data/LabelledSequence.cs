namespace SeqCore.Models;

/// <summary>A sequence of tokens and its label, as a classifier is trained on.</summary>
/// <param name="Tokens">At least one token.</param>
/// <param name="Label">In [0, number of classes).</param>
public readonly record struct LabelledSequence(int[] Tokens, int Label);
