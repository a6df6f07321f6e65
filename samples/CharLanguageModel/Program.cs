using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel;

/// <summary>
/// The character language model: trains on a text (Train.cs: data, model, trainer, evaluation), then writes more of it.
/// </summary>
internal static class Program
{
    public static int Main(string[] args) => CommandLine.RunOnConsole(args, Create);

    /// <summary>The program's commands.</summary>
    internal static RootCommand Create(Context context)
    {
        var root = new RootCommand("Trains a language model on the characters of a text, then writes more of it."
            + " Without a command it runs a demonstration of about a minute that learns to write folk tunes.")
        {
            new TrainCommand(isDemonstration: false).Create("train", "Train a model on a text and save it.", context),
            new GenerateCommand().Create("generate", "Write text with a trained model.", context),
            new EvaluateCommand().Create("evaluate", "Measure a trained model on the last tenth of a text.", context),
            InfoCommand.Create(context),
        };
        new TrainCommand(isDemonstration: true).MakeDefault(root, context);
        return root;
    }
}
