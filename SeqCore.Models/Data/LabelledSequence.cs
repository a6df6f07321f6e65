namespace SeqCore.Models;

/// <summary>A sequence of tokens and its label, for training a classifier.</summary>
/// <param name="Tokens">The tokens, at least one.</param>
/// <param name="Label">The label, in [0, number of classes); batches refuse a negative one.</param>
public readonly record struct LabelledSequence(int[] Tokens, int Label);
