namespace SeqCore.Models;

/// <summary>The score of a tagger.</summary>
/// <param name="Loss">
/// The mean loss in nats: of the tokens, or with a <see cref="ConditionalRandomField"/> of the sentences.
/// </param>
/// <param name="Accuracy">The fraction of the tokens whose tag is right.</param>
/// <param name="SpanF1">
/// The F1 of whole spans (<see cref="SpanScore"/>); null if the tags are not of the form B-X, I-X and O.
/// </param>
/// <param name="Count">The number of tokens.</param>
public readonly record struct TaggingScore(double Loss, double Accuracy, double? SpanF1, int Count);
