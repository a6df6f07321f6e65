using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.LstmVsTransformer.Commands;

/// <summary>The study of LSTMs against Transformers.</summary>
internal static class Root
{
    private const string Description =
        "Measures what the field says about LSTMs against Transformers: speed, memory, what they learn to remember,"
            + " and how gradients flow. "
        + "Writes a page with pictures, and CSV and JSON files, and prints the tables. Without a command: everything. "
        + "The short form takes about a minute on two cores."
        + " With --full, everything takes about 25 minutes: recall 20, speed 3, memory and gradients 1 each.";

    /// <summary>The program's commands.</summary>
    internal static RootCommand Create(Context context)
    {
        var root = new RootCommand(Description)
        {
            StudyCommand.Create("all", "Everything, one after the other.", Parts.All, context),
            StudyCommand.Create("speed", "Time against length: whole sequences, token by token, training, one thread and all.",
                Parts.Speed, context),
            StudyCommand.Create("memory", "Memory against length: inference, training, and what a stream of tokens holds.",
                Parts.Memory, context),
            StudyCommand.Create("recall", "Steps to learn: remember the first token, copy, add, look up.", Parts.Recall, context),
            StudyCommand.Create("gradients", "How much of a gradient reaches each input.", Parts.Gradients, context),
            ReportCommand.Create(context),
        };
        new StudyCommand(Parts.All, context).AddTo(root);
        return root;
    }
}
