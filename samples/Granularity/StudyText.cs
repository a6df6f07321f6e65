using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Granularity;

/// <summary>
/// A text in two parts that are the same for every unit: about nine tenths of its characters for training, to the end of a line,
/// and the rest held out for scoring.
/// </summary>
internal sealed class StudyText
{
    /// <summary>Divides a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">The name that errors use for it.</param>
    /// <exception cref="DataSourceException">The text is too short, or is not of whole characters.</exception>
    public StudyText(string text, string name)
    {
        if (text.Length < 100)
        {
            throw new DataSourceException($"{name} has only {Show.Number(text.Length, "character")}."
                + " Use a text with some thousands of characters.");
        }

        var split = text.IndexOf('\n', (int)(0.9 * text.Length)) + 1;
        if (split == 0 || split > 0.95 * text.Length)
            split = (int)(0.9 * text.Length);
        if (char.IsLowSurrogate(text[split]))
            split++;
        (Name, Training, HeldOut) = (name, text[..split], text[split..]);
        TrainingCharacters = CountCharacters(Training);
        HeldOutCharacters = CountCharacters(HeldOut);
        Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>The name that errors use for the text.</summary>
    public string Name { get; }

    /// <summary>The part that vocabularies are made from and models are trained on.</summary>
    public string Training { get; }

    /// <summary>The part that models are scored on.</summary>
    public string HeldOut { get; }

    /// <summary>The number of characters (code points) of the part for training.</summary>
    public int TrainingCharacters { get; }

    /// <summary>The number of characters (code points) of the held-out part.</summary>
    public int HeldOutCharacters { get; }

    /// <summary>The SHA-256 hash of the text.</summary>
    public string Hash { get; }

    /// <summary>The number of characters (code points) of a text.</summary>
    public static int CountCharacters(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var unit in text)
            count += char.IsLowSurrogate(unit) ? 0 : 1;
        return count;
    }
}

/// <summary>The options that choose the text.</summary>
internal sealed class TextOptions()
    : DataOptions("text", "A UTF-8 text file of your own.", BuiltIn, [DataSet.TinyShakespeare, DataSet.IrishAbc])
{
    private const string BuiltIn = "docs";

    /// <summary>Reads the text.</summary>
    /// <exception cref="DataSourceException">The text is not available or not usable.</exception>
    public StudyText Load(ParseResult result, Terminal terminal, CancellationToken cancellation) =>
        Locate(result, terminal, cancellation) is { } path
            ? new StudyText(TextFile.Read(path), $"Text file '{path}'")
            : new StudyText(DocumentationProse.Read(), $"The data set {BuiltIn}");
}
