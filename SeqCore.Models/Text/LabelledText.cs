namespace SeqCore.Models;

/// <summary>A text and its labels, for training and scoring a <see cref="TextClassifier"/>.</summary>
/// <param name="Text">The text.</param>
/// <param name="Labels">Its labels: exactly one, unless the classifier has several for each text.</param>
public readonly record struct LabelledText(string Text, params IReadOnlyList<string> Labels)
{
    /// <summary>Returns the different labels of texts, in ordinal order.</summary>
    public static IReadOnlyList<string> LabelsOf(IEnumerable<LabelledText> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return [.. texts.SelectMany(t => t.Labels ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }
}
