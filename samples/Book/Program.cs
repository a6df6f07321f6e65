using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Book;

/// <summary>Draws the book's figures and renews the links of the documents; a test fails where a file differs.</summary>
internal static class Program
{
    public static int Main(string[] args) => CommandLine.RunOnConsole(args, context =>
    {
        var root = new RootCommand("Draws the figures of docs/book, and renews the documents' links: to source lines, to"
            + " chapters, and from a chapter to the next.");
        var checkout = OptionKinds.Path("--checkout", "Folder of the checkout. [default: the current folder]", "DIR");
        var record = new Option<bool>("--record")
        {
            Description = "First train the model whose attention is drawn, and record its weights.",
        };
        root.Add(checkout);
        root.Add(record);
        root.SetAction(result =>
        {
            Run(result.GetValue(checkout) ?? ".", result.GetValue(record), context.Terminal);
            return ExitCode.Done;
        });
        return root;
    });

    private static void Run(string folder, bool records, Terminal terminal)
    {
        if (records)
        {
            var record = AttentionRecord.Train("the 25th of September, 1964");
            Write(Path.Combine(folder, BookFigures.Recorded), record.ToJson(), terminal);
        }

        var figures = new BookFigures(folder);
        foreach (var name in BookFigures.Names)
            Write(Path.Combine(folder, BookFigures.PathOf(name)), figures.Draw(name), terminal);
        var pages = new BookPages(folder);
        foreach (var document in pages.Documents)
            Write(Path.Combine(folder, document), pages.Renew(document), terminal);
    }

    private static void Write(string path, string text, Terminal terminal)
    {
        if (File.Exists(path) && File.ReadAllText(path) == text)
            return;
        File.WriteAllText(path, text);
        terminal.Line(path);
    }
}
