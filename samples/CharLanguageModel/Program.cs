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
            + " Without a command it runs a demonstration of one to three minutes that learns to write folk tunes.")
        {
            new TrainCommand(isDemonstration: false).Create("train", "Train a model on a text and save it.", context)
                .WithExample("Train on a text of your own", "train --data my.txt --out runs/mine")
                .WithExample("Continue after Ctrl+C", "train --data my.txt --out runs/mine --resume")
                .WithExample("A larger Transformer", "train --model gpt --layers 6 --embedding 192 --heads 6 --data my.txt"),
            new GenerateCommand().Create("generate", "Write text with a trained model.", context)
                .WithExample("Continue a beginning", "generate --checkpoint runs/mine --prompt \"The \" --temperature 0.8"),
            new EvaluateCommand().Create("evaluate", "Measure a trained model on the last tenth of a text.", context)
                .WithExample("The loss on the text it was trained on", "evaluate --checkpoint runs/mine --data my.txt"),
            InfoCommand.Create(context),
        }.WithExample("Train on a text of your own", "train --data my.txt");
        new TrainCommand(isDemonstration: true).MakeDefault(root, context);
        return root;
    }
}
