using SeqCore.Models;

namespace SeqCore.Tests.Documentation;

public static partial class Examples
{
    public static void SeriesClassifierExample()
    {
        // Example: T:SeqCore.Models.SeriesClassifier
        LabelledSeries[] signals = [.. Enumerable.Range(0, 40).Select(i => new LabelledSeries(
            new TimeSeries([.. Enumerable.Range(0, 20 + i % 7).Select(t => MathF.Sin(t * (i % 2 == 0 ? 0.5f : 1.5f) + i))]),
            Label: i % 2 == 0 ? "slow" : "fast"))];
        var options = new SeriesClassifierOptions { Labels = LabelledSeries.LabelsOf(signals) };
        using var model = new SeriesClassifier(options, new RandomGenerator(seed: 1));
        model.Fit(signals);
        var wave = new TimeSeries([.. Enumerable.Range(0, 30).Select(t => MathF.Sin(t * 1.5f + 0.5f))]);
        Console.WriteLine(model.Predict(wave).Label);   // fast
        // End
    }

    public static void LabelledSeriesFileExample()
    {
        // Example: T:SeqCore.Models.LabelledSeriesFile
        // 1  -0.11 -2.83 -3.77 ...
        var beats = LabelledSeriesFile.ReadLines("ECG5000_TRAIN.txt.gz").ToArray();
        // id,time,x,y,z,label
        var gestures = LabelledSeriesFile.ReadTable("gestures.csv").ToArray();
        Console.WriteLine($"{beats.Length} beats, {string.Join(", ", LabelledSeries.LabelsOf(gestures))}");
        // End
    }

    public static void CrossValidationExample()
    {
        // Example: T:SeqCore.Models.CrossValidation
        string[] labels = [.. Enumerable.Range(0, 20).Select(i => i % 4 == 0 ? "rare" : "usual")];
        var folds = CrossValidation.Folds(labels, count: 5, label: l => l);
        Console.WriteLine((folds[0].Training.Count, folds[0].Test.Count));    // (16, 4)
        Console.WriteLine(folds[0].Test.Count(l => l == "rare"));             // 1
        // End
    }
}
