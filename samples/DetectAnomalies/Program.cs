using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>
/// Anomaly detection: fits detectors on the normal part of a series (Train.cs: data, fit, threshold, scores), and judges what
/// follows point by point.
/// </summary>
internal static class Program
{
    public static int Main(string[] args) => CommandLine.RunOnConsole(args, Create);

    /// <summary>The program's commands.</summary>
    internal static RootCommand Create(Context context)
    {
        var root = new RootCommand("Finds anomalies in series of measurements. Without a command it compares detectors on a"
            + " built-in series with labelled anomalies, in about a minute.")
        {
            new TrainCommand().Create("train", "Fit a detector on the normal part of a series and save it.", context)
                .WithExample("A file of your own, whose first 5,000 rows are normal",
                    "train --data pump.csv --normal 5000 --out runs/my-pump")
                .WithExample("A file with labels, scored at once",
                    "train --data labelled.csv --label-column fault --normal 0.3")
                .WithExample("At most about one false alarm in four weeks", "train --data pump.csv --false-alarms 0.25"),
            new PredictCommand().Create("predict", "List the anomalies of a file, or judge lines as they come.", context)
                .WithExample("Events as CSV, and a page of charts", "predict --data newer.csv --page anomalies.html")
                .WithExample("An answer to each line of standard input", "predict --checkpoint runs/anomalies-pump --follow"),
            new EvaluateCommand().Create("evaluate", "Score a saved detector by labelled anomalies.", context)
                .WithExample("A column of 0 and 1", "evaluate --data labelled.csv --label-column fault"),
            new CompareCommand(isDemonstration: false)
                .Create("compare", "Score detectors side by side, baselines first.", context)
                .WithExample("All detectors on a file of your own",
                    "compare --data labelled.csv --label-column fault --normal 0.3")
                .WithExample("The Numenta benchmark, three seeds", "compare --nab NAB --seeds 3"),
        }.WithExample("A file of your own", "train --data pump.csv");
        new CompareCommand(isDemonstration: true).MakeDefault(root, context);
        return root;
    }
}
