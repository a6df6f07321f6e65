using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Samples.SequenceToSequence.Commands;

namespace SeqCore.Samples.SequenceToSequence.Translation;

/// <summary>The page of what a model looked at.</summary>
internal static class AlignmentPage
{
    /// <summary>Writes the page.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="model">The model that wrote them.</param>
    /// <param name="alignments">One for each translation.</param>
    /// <returns>The path; null if the model does not attend.</returns>
    public static string? Write(string path, EncoderDecoderModel model, IReadOnlyList<Alignment> alignments)
    {
        if (!ModelText.Attends(model))
            return null;
        var areWords = ModelText.VocabulariesOf(model).AreWords;
        var page = new AttentionPage("What the model looked at",
            $"{ModelText.Describe(model)}. Each row is a token and shows where the model looked for it: the fuller a cell, the"
                + " more at the token of its column.");
        foreach (var alignment in alignments)
        {
            alignment.AddTo(page,
                $"{Join(areWords, alignment.Source)} \u2192 {Join(areWords, alignment.Target.Where(t => t != Alignment.End))}");
        }

        page.Save(path);
        return path;
    }

    private static string Join(bool areWords, IEnumerable<string> tokens) => string.Join(areWords ? " " : "", tokens);
}
