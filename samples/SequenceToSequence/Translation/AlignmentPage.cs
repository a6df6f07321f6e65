using SeqCore.Samples.Common;
using SeqCore.Samples.SequenceToSequence.Commands;

namespace SeqCore.Samples.SequenceToSequence.Translation;

/// <summary>The page of what a model looked at.</summary>
internal static class AlignmentPage
{
    /// <summary>Writes the page.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="form">Of the model.</param>
    /// <param name="alignments">One for each translation.</param>
    /// <returns>The path; null if the model does not attend.</returns>
    public static string? Write(string path, ModelForm form, IReadOnlyList<Alignment> alignments)
    {
        if (!form.Attends)
            return null;
        var page = new AttentionPage("What the model looked at",
            $"{form.Description}. Each row is a token and shows where the model looked for it: the fuller a cell, the more at the token of its column.");
        foreach (var alignment in alignments)
            alignment.AddTo(page, $"{Join(form, alignment.Source)} \u2192 {Join(form, alignment.Target.Where(t => t != Alignment.End))}");
        page.Save(path);
        return path;
    }

    private static string Join(ModelForm form, IEnumerable<string> tokens) => string.Join(form.Vocabularies.AreWords ? " " : "", tokens);
}
