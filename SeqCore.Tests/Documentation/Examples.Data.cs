using SeqCore.Models;

namespace SeqCore.Tests.Documentation;

public static partial class Examples
{
    public static void ConllFileExample()
    {
        // Example: T:SeqCore.Models.ConllFile
        foreach (var sentence in ConllFile.Read("en_ewt-ud-train.conllu", ConllOptions.ConllU))
            Console.WriteLine(string.Join(' ', sentence.Tokens.Zip(sentence.Tags, (token, tag) => $"{token}/{tag}")));
        // End
    }

    public static void TextLinesExample()
    {
        // Example: T:SeqCore.Models.TextLines
        foreach (var line in TextLines.Read("reviews.txt"))
        {
            if (line.Text.Length > 1000)
                Console.WriteLine($"line {line.Number} has {line.Text.Length} characters");
        }
        // End
    }
}
