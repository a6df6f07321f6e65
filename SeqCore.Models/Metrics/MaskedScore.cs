namespace SeqCore.Models;

/// <summary>How well a masked language model guesses.</summary>
/// <param name="Loss">Mean cross-entropy of the guessed tokens, in nats.</param>
/// <param name="Accuracy">Share of the guessed tokens whose likeliest guess is right.</param>
/// <param name="Count">Tokens that were guessed.</param>
public readonly record struct MaskedScore(double Loss, double Accuracy, int Count);
