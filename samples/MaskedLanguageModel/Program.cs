using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.MaskedLanguageModel;

/// <summary>
/// The masked language model: learns to fill blanks in a text from the tokens on both sides of them (Train.cs: data, model,
/// trainer, evaluation).
/// </summary>
internal static class Program
{
    public static int Main(string[] args) => CommandLine.RunOnConsole(args, Create);

    /// <summary>The program's commands.</summary>
    internal static RootCommand Create(Context context)
    {
        var root = new RootCommand("Trains BERT to fill blanks in a text, then shows its guesses."
            + " Without a command it runs a demonstration of one to three minutes on little stories.")
        {
            new TrainCommand(isDemonstration: false).Create("train", "Train a model on a text and save it.", context)
                .WithExample("Train on a text of your own", "train --data my.txt --out runs/blanks"),
            new FillCommand().Create("fill", "Fill the blanks of a text with a trained model.", context)
                .WithExample("Fill a blank", "fill --checkpoint runs/blanks --text \"Anna has a red [MASK].\""),
            new EvaluateCommand().Create("evaluate", "Measure a trained model on the last tenth of a text.", context)
                .WithExample("The share that it guesses", "evaluate --checkpoint runs/blanks --data my.txt"),
        }.WithExample("Train on a text of your own", "train --data my.txt");
        new TrainCommand(isDemonstration: true).MakeDefault(root, context);
        return root;
    }
}
