namespace SeqCore.Models;

/// <summary>The score of a classifier.</summary>
/// <param name="Loss">The mean loss of the cases, such as texts, in nats, without label weights and label smoothing.</param>
/// <param name="Accuracy">The fraction of the cases whose predicted label, or set of labels, is right.</param>
/// <param name="MicroF1">
/// The F1 of the labels of all cases together, where a case can have several; null if each has exactly one.
/// </param>
/// <param name="Count">The number of cases.</param>
public readonly record struct ClassificationScore(double Loss, double Accuracy, double? MicroF1, int Count);
