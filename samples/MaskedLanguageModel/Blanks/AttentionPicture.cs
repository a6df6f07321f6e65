using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.MaskedLanguageModel.Blanks;

/// <summary>Draws what each token of a text attends to, for every layer and head.</summary>
internal static class AttentionPicture
{
    /// <summary>Writes a page.</summary>
    /// <param name="path">Of the HTML file.</param>
    /// <param name="model">In evaluation mode.</param>
    /// <param name="vocabulary">Words or characters.</param>
    /// <param name="tokens">The text, with or without blanks.</param>
    public static void Save(string path, Bert model, UnitTokenizer vocabulary, ReadOnlySpan<int> tokens)
    {
        var read = Guesser.Frame(tokens);
        string[] words = [.. read.Select(vocabulary.Unit)];
        using var scope = new TensorScope("attention");
        using var x = IndexTensor.FromSpan(read, new Shape(1, read.Length));
        var page = new AttentionPage("BERT: what looks at what",
            "Each row is a token of the text, and its colours tell how much it takes from each token, before and after it."
                + " Where a [MASK] is" + " filled rightly, some head often looks from it at what decides it.");
        page.Add(vocabulary.Decode(tokens), [.. model.AttentionWeights(x).Select(w => w.Value.ToArray())],
            model.Options.HeadCount, words, words, "looks", "is looked at");
        page.Save(path);
    }
}
