using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.SequenceToSequence.Commands;

/// <summary>An encoder-decoder: learns to turn one sequence into another, then translates.</summary>
internal static class Root
{
    /// <summary>The program's commands.</summary>
    public static RootCommand Create(Context context)
    {
        var root = new RootCommand("Learns to turn one sequence into another, and shows what it looks at. Without a command: a demonstration of about a minute that learns to read dates.")
        {
            TrainCommand.Create(context),
            TranslateCommand.Create(context),
            EvaluateCommand.Create(context),
        };
        TrainCommand.MakeDefault(root, context);
        return root;
    }
}
