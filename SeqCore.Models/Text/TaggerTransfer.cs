namespace SeqCore.Models;

/// <summary>What <see cref="TextTagger.StartFrom"/> copied.</summary>
/// <param name="Tokens">The number of tokens whose embedding was copied, besides the special ones.</param>
/// <param name="Characters">The number of characters whose embedding was copied, besides the special ones.</param>
/// <param name="Copied">The names of the parameters that were copied, all or some of their rows.</param>
/// <param name="Left">The names of the parameters that keep their own values.</param>
public sealed record TaggerTransfer(int Tokens, int Characters, IReadOnlyList<string> Copied, IReadOnlyList<string> Left);
