using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>The character language model: trains on a text, then writes more of it.</summary>
internal static class Root
{
    /// <summary>The program's commands.</summary>
    public static RootCommand Create(Context context)
    {
        var root = new RootCommand("Trains a language model on the characters of a text, then writes more of it. Without a command: a demonstration of about a minute that learns to write folk tunes.")
        {
            TrainCommand.Create(context),
            GenerateCommand.Create(context),
            EvaluateCommand.Create(context),
            InfoCommand.Create(context),
        };
        TrainCommand.MakeDefault(root, context);
        return root;
    }
}
