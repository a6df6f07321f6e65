// Lesson 10: anomalies. What is expected, what is usual, when to call, and how that is scored.
// Run it with: dotnet run docs/lessons/10-anomalies.cs
// Chapter 21 of the book, docs/book/21-anomalies.md, explains it.
#:project ../../SeqCore.Models

using SeqCore;
using SeqCore.Models;

// A tank fills slowly and empties fast, over and over. In four events, what is wrong is the course, not the level.
const int Length = 3200, Normal = 2000, Cycle = 24;
StepRange[] events = [new(2200, 24), new(2450, 24), new(2700, 24), new(2950, 24)];
var noise = new RandomGenerator(seed: 1);
var phase = 0.0;
float[] levels = [.. Enumerable.Range(0, Length).Select(Level)];
var tank = new TimeSeries(levels, ["level"]);

// Part 1: three detectors, each of which learns what is usual from the first 2,000 steps, and chooses its threshold there.
Console.WriteLine("                     found  false alarms  threshold");
using var gaussian = new WindowedGaussianDetector(channels: 1);
Detect("distance from mean", gaussian);
using var last = new SmoothingDetector(channels: 1);
Detect("change", last);
var options = new RecurrentDetectorOptions { Training = new DetectorTrainingOptions { Epochs = 20 } };
using var gru = new RecurrentDetector(channels: 1, options, new RandomGenerator(seed: 1));
Console.WriteLine($"false alarms of the GRU at {string.Join(", ", Detect("error of a GRU", gru))}; event 3 ends at 2723");

// Part 2: errors say little by themselves. Judged by those before, one threshold suits a quiet series and a noisy one.
foreach (var size in (double[])[1, 100])
{
    var likelihood = new AnomalyLikelihood();
    for (var i = 0; i < 200; i++)
        likelihood.Add(size * (1 + (i % 3)));
    Console.WriteLine($"errors of {size} to {3 * size}, then {5 * size}: score {likelihood.Add(5 * size):0.0}");
}

// Part 3: thresholds from 400 scores, drawn from an exponential distribution, of which the true ones are known.
var draw = new RandomGenerator(seed: 2);
double[] normal = [.. Enumerable.Range(0, 400).Select(_ => -Math.Log(1 - draw.NextDouble()))];
foreach (var points in (int[])[20, 100, 10_000])
    Console.WriteLine($"one in {points,6:N0}: {AlarmThreshold.Of(normal, 1.0 / points),4:0.0}, truly {Math.Log(points),3:0.0}");
Console.WriteLine($"the largest of the 400 scores is {normal.Max():0.0}");

// Part 4: what an alarm is worth in the Numenta benchmark, by its place, compared with none.
var series = new NabSeries(Length, [new StepRange(1000, 100)]);
foreach (var step in (int[])[1000, 1050, 1099, 1120, 1500])
{
    var scores = new double[Length];
    scores[step] = 1;
    var none = series.Score(new double[Length], threshold: 1, NabProfile.Standard).Score;
    var worth = series.Score(scores, threshold: 1, NabProfile.Standard).Score - none;
    Console.WriteLine($"window from 1000 to 1099, alarm at {step}: {worth,5:0.00}");
}

// Part 5: a stream that is saved in the middle and loaded elsewhere goes on bit by bit.
var path = Path.Combine(Path.GetTempPath(), $"detector-{Environment.ProcessId}.safetensors");
gru.Observe(tank.Slice(0, 150));
gru.Save(path);
using var loaded = AnomalyDetector.Load(path);
File.Delete(path);
AnomalyPoint[] here = gru.Observe(tank.Slice(150, 850)), there = loaded.Observe(tank.Slice(150, 850));
Console.WriteLine($"850 points after a file: {here.Zip(there).Count(p => p.First == p.Second)} have the same score");

// And a gap of 300 points without values: the forecast has run on alone, and the first points after it are not judged.
for (var i = 0; i < 300; i++)
    gru.Observe(float.NaN);
var after = gru.Observe(tank.Slice(1300, 100));
Console.WriteLine($"after a gap: {after.Count(p => double.IsNaN(p.Error))} points not judged, then"
    + $" {after.Count(p => p.IsAnomaly)} alarms");

int[] Detect(string name, AnomalyDetector detector)
{
    detector.Fit(tank.Slice(0, Normal));
    var alarms = detector.Observe(tank.Slice(Normal, Length - Normal)).Select((p, i) => (p.IsAnomaly, Step: Normal + i))
        .Where(p => p.IsAnomaly).Select(p => p.Step).ToArray();
    var score = EventScore.Of(Length, events, alarms, start: Normal);
    Console.WriteLine($"{name,-19} {score.FoundEvents} of {score.Events}  {score.FalseAlarms,12}  {detector.Threshold,9:0.0}");
    return [.. alarms.Where(a => !events.Any(e => e.Contains(a)))];
}

float Level(int step)
{
    var what = Array.FindIndex(events, e => e.Contains(step));
    phase = (phase + ((what switch { 0 => 0, 1 => 2, 2 => 23, _ => 1 }) / (double)Cycle)) % 1;
    var part = phase < 0.75 ? phase / 0.75 : (1 - phase) / 0.25;
    return (float)(20 + (40 * (what == 3 ? (part / 2) + 0.25 : part)) + (2 * (noise.NextSingle() - 0.5)));
}
