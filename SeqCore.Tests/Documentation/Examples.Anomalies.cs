using SeqCore.Models;

namespace SeqCore.Tests.Documentation;

public static partial class Examples
{
    public static void AnomalyDetectorExample()
    {
        // Example: T:SeqCore.Models.AnomalyDetector
        float[] waves = [.. Enumerable.Range(0, 2000).Select(t => MathF.Sin(t * 0.3f) + (0.1f * MathF.Sin(t * t)))];
        waves[1700] = 4;
        var series = new TimeSeries(waves);
        using var detector = new SmoothingDetector(channels: 1);
        detector.Fit(series.Slice(0, 1500));
        var step = 1500;
        while (!detector.Observe(series[step, 0]).IsAnomaly)
            step++;
        Console.WriteLine($"first alarm at step {step}");                      // first alarm at step 1700
        // End
    }

    public static void RecurrentDetectorExample()
    {
        // Example: T:SeqCore.Models.RecurrentDetector
        float[] beats = [.. Enumerable.Range(0, 1200)
            .Select(t => MathF.Pow(MathF.Sin(t * 0.2f), 2) + (0.05f * MathF.Sin(t * t)))];
        beats[1000] -= 1;
        var series = new TimeSeries(beats);
        var options = new RecurrentDetectorOptions { HiddenSize = 8, Training = new DetectorTrainingOptions { Epochs = 3 } };
        using var detector = new RecurrentDetector(channels: 1, options, new RandomGenerator(seed: 1));
        detector.Fit(series.Slice(0, 900));
        var points = detector.Observe(series.Slice(900, 300));
        Console.WriteLine(900 + Array.FindIndex(points, p => p.IsAnomaly));       // 1000
        // End
    }

    public static void AutoencoderDetectorExample()
    {
        // Example: T:SeqCore.Models.AutoencoderDetector
        float[] waves = [.. Enumerable.Range(0, 1000).Select(t => MathF.Sin(t * 0.5f) + (0.05f * MathF.Sin(t * t)))];
        for (var t = 900; t < 910; t++)
            waves[t] = 0;                                                        // it stops for a while
        var series = new TimeSeries(waves);
        var options = new AutoencoderDetectorOptions { Window = 12, HiddenSize = 8 };
        using var detector = new AutoencoderDetector(channels: 1, options, new RandomGenerator(seed: 1));
        detector.Fit(series.Slice(0, 800));
        var points = detector.Observe(series.Slice(800, 200));
        Console.WriteLine(Array.FindIndex(points, p => p.IsAnomaly) is >= 100 and < 110);       // True
        // End
    }

    public static void AnomalyLikelihoodExample()
    {
        // Example: T:SeqCore.Models.AnomalyLikelihood
        var likelihood = new AnomalyLikelihood(new LikelihoodOptions { Window = 100, ShortTerm = 1 });
        for (var i = 0; i < 100; i++)
            likelihood.Add(i % 2);                                     // mean 0.5, deviation 0.5
        Console.WriteLine($"{likelihood.Add(3):0.00}");                // 5.00
        // End
    }

    public static void AlarmThresholdExample()
    {
        // Example: T:SeqCore.Models.AlarmThreshold
        double[] scores = [.. Enumerable.Range(1, 1000).Select(i => i / 1000.0)];
        Console.WriteLine($"{AlarmThreshold.Of(scores, falseAlarmRate: 0.1):0.000}");                        // 0.901
        Console.WriteLine($"{AlarmThreshold.RatePerWeek(1, TimeSpan.FromMinutes(5)):0.00000}");              // 0.00050
        // End
    }

    public static void EventScoreExample()
    {
        // Example: T:SeqCore.Models.EventScore
        var score = EventScore.Of(length: 1000, windows: [new(100, 20), new(500, 20)], alarms: [105, 110, 700]);
        Console.WriteLine($"{score.Precision:0.00} {score.Recall:0.00} {score.MeanDelay}");                   // 0.50 0.50 5
        Console.WriteLine($"{score.FalseAlarmsPerWeek(TimeSpan.FromHours(1)):0.00}");                         // 0.17
        // End
    }
}
