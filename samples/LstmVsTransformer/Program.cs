using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>The study of LSTMs against Transformers.</summary>
internal static class Program
{
    private const string Description =
        "Tests common claims about LSTMs and Transformers by measurement: speed, memory, what they learn to remember,"
            + " and how gradients flow. "
        + "It writes a page with charts, CSV and JSON files, and prints the tables. Without a command it measures everything. "
        + "The short preset takes one to three minutes on two cores."
        + " With --full, everything takes about 25 minutes: recall 20, speed 3, memory and gradients 1 each.";

    public static int Main(string[] args) => CommandLine.RunOnConsole(args, Create);

    /// <summary>The program's commands.</summary>
    internal static RootCommand Create(Context context)
    {
        var root = new RootCommand(Description)
        {
            Study("all", "Measure everything, one part after the other.", Parts.All),
            Study("speed", "Measure time against length: whole sequences, token by token, training, threads.", Parts.Speed),
            Study("memory", "Measure memory against length: inference, training, and the state of a stream.", Parts.Memory),
            Study("recall", "Measure steps to learn: remember the first token, copy, add, look up.", Parts.Recall),
            Study("gradients", "Measure how much of a gradient reaches each input.", Parts.Gradients),
            Report(context),
        };
        new StudyCommand(Parts.All).MakeDefault(root, context);
        return root.WithExample("One part, short", "speed --max-length 512")
            .WithExample("All of it, as the page in the book", "--full --out runs/study");

        Command Study(string name, string description, Parts parts) =>
            new StudyCommand(parts).Create(name, description, context);
    }

    private static Command Report(Context context)
    {
        var (json, output) = (OptionKinds.Json(), StudyCommand.NewOutputOption());
        var command = new Command("report", "Rebuild the page from the JSON files of earlier runs.") { json, output };
        command.SetAction(result =>
        {
            StudyReport.Write(StudyCommand.FolderOf(result, output), Parts.All, context.Terminal.With(result.GetValue(json)));
            return ExitCode.Done;
        });
        return command;
    }
}
