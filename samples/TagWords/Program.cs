using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.TagWords;

/// <summary>
/// Tagging: learns to give each word of a sentence a tag, such as its part of speech or its place in a name (Train.cs: data,
/// model, trainer, scores), then predicts.
/// </summary>
internal static class Program
{
    public static int Main(string[] args) => CommandLine.RunOnConsole(args, Create);

    /// <summary>The program's commands.</summary>
    internal static RootCommand Create(Context context)
    {
        var root = new RootCommand("Trains a model to tag words with parts of speech or names, and shows what characters and a"
            + " conditional random field are good for. Without a command it runs a demonstration of half a minute on the log"
            + " of a harbour.")
        {
            new TrainCommand(isDemonstration: false).Create("train",
                "Train a model on tagged sentences and save it; named sets have defaults of their own.", context)
                .WithExample("Train on sentences of your own", "train --data mine.conll --model lstm --out runs/mine")
                .WithExample("Detailed parts of speech of a treebank", "train --data en-train.conllu --validation en-dev.conllu"
                    + " --tag-column 5")
                .WithExample("Names, from a model of parts of speech", "train --dataset wnut17 --encoder-from runs/pos"),
            new EvaluateCommand().Create("evaluate", "Score a trained model on sentences that it was not trained on.", context)
                .WithExample("Score the sentences of a file",
                    "evaluate --checkpoint runs/mine --data new.conll --confusion confusion.html"),
            new PredictCommand().Create("predict", "Predict the tags of sentences with a trained model.", context)
                .WithExample("Words and punctuation marks have spaces between them",
                    $"predict --checkpoint runs/mine \"{Logbook.Example}\"")
                .WithExample("One sentence on each line, results in columns",
                    "predict --checkpoint runs/mine --input sentences.txt --output conll"),
            new AblationCommand().Create("ablation",
                "Train with and without characters and a conditional random field, and a Transformer, and compare.", context)
                .WithExample("Parts of speech, three seeds of each model",
                    "ablation --dataset ud-en-ewt --seeds 3 --out runs/pos"),
        }.WithExample("Train on sentences of your own", "train --data mine.conll");
        new Demonstration().MakeDefault(root, context);
        return root;
    }
}
