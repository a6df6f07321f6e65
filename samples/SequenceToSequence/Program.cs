using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.SequenceToSequence;

/// <summary>
/// An encoder-decoder: learns to turn one sequence into another (Train.cs: data, model, trainer, evaluation), then translates.
/// </summary>
internal static class Program
{
    public static int Main(string[] args) => CommandLine.RunOnConsole(args, Create);

    /// <summary>The program's commands.</summary>
    internal static RootCommand Create(Context context)
    {
        var root = new RootCommand("Trains an encoder-decoder to turn one sequence into another, and shows its attention."
            + " Without a command it runs a demonstration of about half a minute that learns to read dates.")
        {
            new TrainCommand(isDemonstration: false).Create("train", "Train a model on pairs and save it.", context)
                .WithExample("Train on pairs of your own", "train --data pairs.tsv --level words --out runs/pairs")
                .WithExample("A Transformer instead", "train --model transformer --data pairs.tsv")
                .WithExample("From German to English", "train --model transformer --dataset multi30k --reverse"),
            new TranslateCommand().Create("translate", "Translate texts with a trained model.", context)
                .WithExample("Translate and draw the attention",
                    "translate \"3 May 1979\" --checkpoint runs/pairs --attention attention.html")
                .WithExample("Translate a file line by line",
                    "translate --checkpoint runs/pairs --input in.txt --output out.txt"),
            new EvaluateCommand().Create("evaluate", "Measure a trained model on the validation pairs.", context)
                .WithExample("The share that is right", "evaluate --checkpoint runs/pairs --data pairs.tsv")
                .WithExample("Score the test with beams",
                    "evaluate --checkpoint runs/transformer-multi30k --split test --beam 5 --length-penalty 1"),
            new CompareCommand().Create("compare", "Score several models by the length of the sources.", context)
                .WithExample("Draw the fixed-vector bottleneck",
                    "compare runs/gru runs/gru-none --split test --page bottleneck.html"),
        }.WithExample("Train on pairs of your own", "train --data pairs.tsv");
        new TrainCommand(isDemonstration: true).MakeDefault(root, context);
        return root;
    }
}
