using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Book;

/// <summary>Renews the links of the documents; a test fails where a file differs.</summary>
internal static class Program
{
    public static int Main(string[] args) => CommandLine.RunOnConsole(args, context =>
    {
        var root = new RootCommand("Renews the documents' links: to source lines, to chapters, and from a chapter to the next.");
        var checkout = OptionKinds.Path("--checkout", "Folder of the checkout. [default: the current folder]", "DIR");
        root.Add(checkout);
        root.SetAction(result =>
        {
            Run(result.GetValue(checkout) ?? ".", context.Terminal);
            return ExitCode.Done;
        });
        return root;
    });

    private static void Run(string folder, Terminal terminal)
    {
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
