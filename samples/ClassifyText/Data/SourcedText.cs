using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifyText;

/// <summary>A text with its labels, and where they come from.</summary>
/// <param name="Text">The text with its labels.</param>
/// <param name="Path">The path of the file; null for texts that the program wrote itself.</param>
/// <param name="Line">The number of the line.</param>
/// <param name="Column">The number of the label's column, if it is known.</param>
internal readonly record struct SourcedText(LabelledText Text, string? Path = null, long Line = 0, long? Column = null)
{
    /// <summary>The place of the label as errors name it.</summary>
    public string Place => Path is null ? $"'{Text.Text}'" : TextLines.Place(Path, Line, Column);
}
