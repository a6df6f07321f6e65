// Lesson 9: intervals that hold. Quantiles that a network learns, and errors of the past that calibrate any forecast.
// Run it with: dotnet run docs/lessons/09-intervals.cs
// Chapter 20 of the book, docs/book/20-intervals.md, explains it.
#:project ../../SeqCore.Models

using SeqCore;
using SeqCore.Models;

const int Day = 24;
double[] coverages = [0.5, 0.8, 0.95];

// A daily cycle whose noise is six times as large by day as by night, and skewed: peaks go up, not down.
var random = new RandomGenerator(seed: 4);
var series = Traffic(days: 240, louderFrom: int.MaxValue);
var (training, calibration, test) = Parts();

// Part 1: split conformal prediction by hand, one step ahead. Of n errors, the ceil((n + 1) p)-th smallest is the width.
using (var naive = new NaiveForecaster(season: Day))
{
    naive.Fit(training);
    var errors = new List<float>();
    for (var t = 0; t < calibration.Length; t++)
    {
        errors.Add(MathF.Abs(calibration[t, 0] - naive.Forecast(1)[0, 0]));
        naive.Update(calibration.Slice(t, 1));
    }

    errors.Sort();
    var width = errors[(int)Math.Ceiling((errors.Count + 1) * 0.8) - 1];
    using var library = Calibrated(new NaiveForecaster(season: Day), horizon: 1, window: calibration.Length, slides: true);
    var interval = library.ForecastInterval(horizon: 1, coverage: 0.8);
    var same = interval.Upper[0, 0] - interval.Point[0, 0];
    Console.WriteLine($"80 % interval by hand: ± {width:0.000}, by the library: ± {same:0.000}");
}

// Part 2: what intervals of a day ahead reach on sixty days to come, and how wide they are.
Console.WriteLine("                              in 50 %   in 80 %   in 95 %   width of 80 %");
Report("yesterday, conformal", Calibrated(new NaiveForecaster(season: Day), Day, 500, slides: true));
Report("a line, conformal", Calibrated(Line(quantiles: null), Day, 500, slides: true));
var learned = Line([0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975]);
learned.Fit(training);
learned.Update(calibration);
Report("a line's quantiles", learned);
Report("a line's quantiles, conformal", Calibrated(Line([0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975]), Day, 500, slides: true));

// Part 3: from day 190 on the noise is three times as large. A window that slides follows, a fixed one does not.
random = new RandomGenerator(seed: 4);
series = Traffic(days: 240, louderFrom: 190);
(training, calibration, test) = Parts();
foreach (var slides in (bool[])[false, true])
{
    using var forecaster = Calibrated(new NaiveForecaster(season: Day), Day, window: 10 * Day, slides);
    string[] reached = [.. Enumerable.Range(0, 6).Select(part => $"{100 * RollingOrigin.EvaluateIntervals(forecaster,
        test.Slice(part * 10 * Day, 10 * Day), Day, coverages).Coverage(0.8):0}")];
    Console.WriteLine($"in 80 %, ten days each, {(slides ? "sliding" : "fixed"),-7}: {string.Join("  ", reached)} %");
}

(TimeSeries Training, TimeSeries Calibration, TimeSeries Test) Parts() =>
    (series.Slice(0, 120 * Day), series.Slice(120 * Day, 60 * Day), series.Slice(180 * Day, 60 * Day));

ConformalForecaster Calibrated(Forecaster forecaster, int horizon, int window, bool slides)
{
    forecaster.Fit(training);
    var options = new ConformalOptions { Horizon = horizon, Window = window, Slides = slides };
    var calibrated = new ConformalForecaster(forecaster, options);
    calibrated.Calibrate(calibration);
    return calibrated;
}

NetworkForecaster Line(double[]? quantiles) => new(channels: 1, new NetworkForecasterOptions
{
    Network = ForecastNetworkKind.NLinear,
    LookBack = 7 * Day,
    Horizon = Day,
    Quantiles = quantiles,
    Training = new ForecastTrainingOptions { Epochs = 10, LearningRate = 0.005f },
}, new RandomGenerator(seed: 1));

void Report(string name, Forecaster forecaster)
{
    using (forecaster)
    {
        var rolled = RollingOrigin.EvaluateIntervals(forecaster, test, Day, coverages);
        var reached = string.Join(" ", coverages.Select(c => $"{100 * rolled.Coverage(c),7:0} %"));
        Console.WriteLine($"{name,-29} {reached} {rolled.MeanWidth(0.8),15:0.0}");
    }
}

TimeSeries Traffic(int days, int louderFrom)
{
    var values = new float[days * Day];
    for (var t = 0; t < values.Length; t++)
    {
        var isDay = t % Day is >= 7 and < 20;
        var loud = t >= (long)louderFrom * Day ? 3 : 1;
        var noise = MathF.Log(1f / (1f - random.NextSingle()));                 // exponential: skewed upwards, mean 1
        values[t] = (isDay ? 40 : 10) + (loud * (isDay ? 6 : 1) * noise);
    }

    return new TimeSeries(values, ["cars"]);
}
