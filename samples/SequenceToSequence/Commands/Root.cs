using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.SequenceToSequence.Commands;

/// <summary>An encoder-decoder: learns to turn one sequence into another, then translates.</summary>
internal static class Root
{
    /// <summary>The program's commands.</summary>
    public static RootCommand Create(Context context)
    {
        var root = new RootCommand("Learns to turn one sequence into another, and shows what it looks at."
            + " Without a command: a demonstration of about a minute that learns to read dates.")
        {
            new TrainCommand(isDemonstration: false).Create("train", "Train a model on pairs and save it.", context),
            new TranslateCommand().Create("translate", "Translate texts with a trained model.", context),
            new EvaluateCommand().Create("evaluate", "Measure a trained model on the pairs for validation.", context),
        };
        new TrainCommand(isDemonstration: true).MakeDefault(root, context);
        return root;
    }
}
