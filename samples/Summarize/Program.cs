using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Summarize;

/// <summary>
/// A summarizer: an encoder-decoder that writes words of its own and copies others from the text (Train.cs: data, model, trainer,
/// evaluation), measured beside baselines that copy whole sentences.
/// </summary>
internal static class Program
{
    public static int Main(string[] args) => CommandLine.RunOnConsole(args, Create);

    /// <summary>The program's commands.</summary>
    internal static RootCommand Create(Context context)
    {
        var root = new RootCommand("Trains an encoder-decoder to summarize texts, with a mechanism that copies words from them."
            + " Without a command it runs a demonstration of about a minute that shows what copying is for.")
        {
            new TrainCommand().Create("train", "Train a model on texts with summaries and save it.", context)
                .WithExample("Train on a JSON lines file of your own",
                    "train --data notes.jsonl --text-field dialogue --summary-field note --out runs/notes")
                .WithExample("Train on dialogues between doctors and patients, with options that suit them",
                    "train --dataset mts-dialog --out runs/notes")
                .WithExample("Without copying", "train --no-copy --data notes.tsv"),
            new PredictCommand().Create("predict", "Summarize texts with a trained model.", context)
                .WithExample("Summarize a text", "predict \"Doctor: Hello, Mr. Velmarin. ...\" --checkpoint runs/notes")
                .WithExample("Summarize a text for a section of a note",
                    "predict \"Doctor: Any allergies? ...\" --topic ALLERGY --checkpoint runs/notes")
                .WithExample("Summarize each line of a file", "predict --input texts.txt --checkpoint runs/notes"),
            new EvaluateCommand().Create("evaluate", "Score a trained model and baselines that copy sentences.", context)
                .WithExample("Scores on the validation texts", "evaluate --checkpoint runs/notes --data notes.jsonl")
                .WithExample("Scores on the test texts", "evaluate --checkpoint runs/notes --data notes.jsonl --split test"),
        }.WithExample("Train on texts of your own", "train --data notes.tsv");
        new DemonstrateCommand().MakeDefault(root, context);
        return root;
    }
}
