using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifyText;

/// <summary>
/// Text classification: learns to give texts one label or several (Train.cs: data, model, trainer, scores), then predicts.
/// </summary>
internal static class Program
{
    public static int Main(string[] args) => CommandLine.RunOnConsole(args, Create);

    /// <summary>The program's commands.</summary>
    internal static RootCommand Create(Context context)
    {
        var root = new RootCommand("Trains a model to give texts one label or several, and shows what it looked at."
            + " Without a command it runs a demonstration of about half a minute, on reviews whose verdict depends on the order"
            + " of words.")
        {
            new TrainCommand(isDemonstration: false).Create("train", "Train a model on labelled texts and save it.", context)
                .WithExample("Train on texts of your own", "train --data mine.tsv --model gru --out runs/mine")
                .WithExample("JSON lines, with several labels for each text",
                    "train --data mine.jsonl --text-column body --label-column tags --labels several"),
            new EvaluateCommand().Create("evaluate", "Score a trained model on texts that it was not trained on.", context)
                .WithExample("Score the texts of a file",
                    "evaluate --checkpoint runs/mine --data new.tsv --confusion confusion.html"),
            new PredictCommand().Create("predict", "Predict the labels of texts with a trained model.", context)
                .WithExample("Show what the model looked at", "predict --checkpoint runs/mine --explain \"a fine film\"")
                .WithExample("One text on each line", "predict --checkpoint runs/mine --input texts.txt --json"),
        }.WithExample("Train on texts of your own", "train --data mine.tsv");
        new Demonstration().MakeDefault(root, context);
        return root;
    }
}
