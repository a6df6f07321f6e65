using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>
/// Signals: learns to give each series of measurements, such as a heartbeat or a gesture, one of several labels (Train.cs: data,
/// model, trainer, scores), predicts, and compares networks with simpler methods.
/// </summary>
internal static class Program
{
    public static int Main(string[] args) => CommandLine.RunOnConsole(args, Create);

    /// <summary>The program's commands.</summary>
    internal static RootCommand Create(Context context)
    {
        var root = new RootCommand("Trains a model to classify series of measurements, of one channel or several and of any"
            + " length, and shows whether a network was worth it. Without a command it runs a demonstration of less than a minute"
            + " on gestures that are drawn with a phone.")
        {
            new TrainCommand(isDemonstration: false).Create("train", "Train a model on labelled series and save it.", context)
                .WithExample("A series on each line, the label first", "train --data beats.txt --model gru --out runs/mine")
                .WithExample("A table with a row for each step",
                    "train --data gestures.csv --id gesture --label name --channels x,y,z"),
            new EvaluateCommand().Create("evaluate", "Score a trained model on series that it was not trained on.", context)
                .WithExample("Score the series of a file", "evaluate --checkpoint runs/mine --data new.txt --page new.html"),
            new PredictCommand().Create("predict", "Predict the labels of series with a trained model.", context)
                .WithExample("The series of a file, without labels",
                    "predict --checkpoint runs/mine --data new.txt --unlabelled --output new-labels.csv")
                .WithExample("Answer each line of standard input as it comes",
                    "predict --checkpoint runs/mine --follow --unlabelled"),
            new CompareCommand().Create("compare",
                "Compare networks with simpler methods by cross-validation, in one table.", context)
                .WithExample("Heartbeats in five classes, three seeds", "compare --dataset ecg5000 --seeds 3 --out runs/ecg"),
        }.WithExample("Train on series of your own", "train --data mine.txt");
        new Demonstration().MakeDefault(root, context);
        foreach (var command in root.Subcommands.Prepend(root))
            SignalFormat.Describe(command);
        return root;
    }
}
