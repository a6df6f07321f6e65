using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Granularity;

/// <summary>The study of what a language model reads: characters, byte pairs or words.</summary>
internal static class Program
{
    private const string Description =
        "Trains the same language model on characters, on byte pairs of several vocabulary sizes and on words of one text, and"
            + " compares bits per character, tokens a second, sequence lengths and sizes. Every row reads equally many"
            + " characters. It prints a table and writes a page with charts; finished rows are kept, so the same command"
            + " continues after a stop. Without options it takes about a minute on two cores.";

    public static int Main(string[] args) => CommandLine.RunOnConsole(args, Create);

    /// <summary>The program's commands.</summary>
    internal static RootCommand Create(Context context)
    {
        var root = new RootCommand(Description)
        {
            new RunCommand().Create("run", "Measure the rows and write the table and the page.", context),
        };
        new RunCommand().MakeDefault(root, context);
        return root.WithExample("More rows, trained for longer", "run --dataset tinyshakespeare --full")
            .WithExample("A text of your own", "run --data my.txt --rows characters,bpe-1000,words-5000 --out runs/mine")
            .WithExample("A Transformer, three seeds", "run --model gpt --seeds 3 --out runs/gpt");
    }
}
