namespace SeqCore.Models;

/// <summary>The score of a masked language model.</summary>
/// <param name="Loss">The mean cross-entropy of the predicted tokens, in nats.</param>
/// <param name="Accuracy">The fraction of the predicted tokens whose likeliest prediction is correct.</param>
/// <param name="Count">The number of predicted tokens.</param>
public readonly record struct MaskedScore(double Loss, double Accuracy, int Count);
