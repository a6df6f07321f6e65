using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Forecast;

/// <summary>
/// Forecasting: fits classical methods and networks to a series (Train.cs: data, fit, calibration, scores), and says whether a
/// network was worth it.
/// </summary>
internal static class Program
{
    public static int Main(string[] args) => CommandLine.RunOnConsole(args, Create);

    /// <summary>The program's commands.</summary>
    internal static RootCommand Create(Context context)
    {
        var root = new RootCommand("Forecasts a series of measurements, with intervals. Without a command it compares forecasters"
            + " on a built-in series of hourly demand, in less than a minute.")
        {
            new TrainCommand().Create("train", "Fit a forecaster to a series, score it on the last steps and save it.", context)
                .WithExample("A file of your own, with columns of time and values",
                    "train --data sales.csv --model theta --horizon 12 --out runs/sales")
                .WithExample("A GRU on hourly fine dust, a day ahead",
                    "train --dataset beijing-pm25 --model gru --out runs/dust"),
            new PredictCommand().Create("predict", "Forecast the steps after the last one, with intervals.", context)
                .WithExample("The next twelve steps as CSV", "predict --checkpoint runs/sales --horizon 12")
                .WithExample("After the newest steps of a file", "predict --checkpoint runs/sales --data newer.csv")
                .WithExample("A forecast after each line of standard input", "predict --checkpoint runs/sales --follow"),
            new EvaluateCommand().Create("evaluate", "Score a saved forecaster on steps that it has not seen.", context)
                .WithExample("Steps that came since", "evaluate --checkpoint runs/sales --data newer.csv"),
            new CompareCommand(ForecastModel.All).Create("compare", "Score forecasters side by side, baselines first.", context)
                .WithExample("All forecasters on a file of your own", "compare --data sales.csv --out runs/compared")
                .WithExample("Two networks, three seeds, two horizons",
                    "compare --dataset etth1 --models nlinear,patches --seeds 3 --horizons 96,192"),
        }.WithExample("A file of your own", "train --data sales.csv");
        new CompareCommand(Demonstration.Models, isDemonstration: true).MakeDefault(root, context);
        return root;
    }
}

/// <summary>What the program shows without a command.</summary>
internal static class Demonstration
{
    /// <summary>The forecasters that are compared.</summary>
    public static IReadOnlyList<ForecastModel> Models { get; } =
        [.. ForecastModel.Baselines, .. ForecastModel.Networks.Where(m => m.Name is "nlinear" or "period-linear" or "gru")];
}
