// Lesson 8: forecasting. Baselines first, then networks, all on the same steps; and what a line has learned.
// Run it with: dotnet run docs/lessons/08-forecasting.cs
// Chapter 19 of the book, docs/book/19-forecasting.md, explains it.
#:project ../../SeqCore.Models

using SeqCore;
using SeqCore.Models;

const int Day = 24, Week = 7 * Day, LookBack = 2 * Week;

// Sixteen weeks of hourly demand: a daily cycle, calm weekends, weather that lasts for days, and noise.
var random = new RandomGenerator(seed: 1);
var series = Demand(weeks: 16);
// The last two weeks are only forecast.
var (before, later) = (series.Slice(0, 14 * Week), series.Slice(14 * Week, 2 * Week));

// Part 1: each forecaster sees fourteen weeks, forecasts a day, sees the next hour, forecasts a day again, and so on to the end.
// MASE is the mean absolute error over that of yesterday's value on the steps before.
Console.WriteLine("                          MASE   1 hour ahead   24 hours ahead");
Score("the last value", new NaiveForecaster()).Dispose();
Score("yesterday", new NaiveForecaster(season: Day)).Dispose();
Score("the same hour last week", new NaiveForecaster(season: Week)).Dispose();
Score("Holt-Winters, a day", new HoltWintersForecaster(season: Day)).Dispose();
Score("Holt-Winters, a week", new HoltWintersForecaster(season: Week)).Dispose();

// Part 2: networks that read two weeks and write a day.
Score("a GRU", Network(ForecastNetworkKind.Gru)).Dispose();
Score("patches and attention", Network(ForecastNetworkKind.PatchTransformer)).Dispose();
using var line = Score("a line", Network(ForecastNetworkKind.NLinear));

// Part 3: the line can be read. Its weight for forecast step h and past step i belongs to the lag L - i + h.
var weights = ((NetworkForecaster)line).Network.Parameters().First(p => p.Value.Shape.Rank == 2).Value.ToArray2D();
var lags = Enumerable.Range(0, LookBack * Day).Select(n => (Step: n % Day, Past: n / Day))
    .GroupBy(n => LookBack - n.Past + n.Step).Where(lag => lag.Count() == Day)
    .Select(lag => (Lag: lag.Key, Mean: lag.Average(n => weights[n.Step, n.Past])))
    .OrderByDescending(l => l.Mean).Take(5);
Console.WriteLine("the line looks back " + string.Join(", ", lags.Select(l => $"{l.Lag} h ({l.Mean:0.00})")));

Forecaster Score(string name, Forecaster forecaster)
{
    forecaster.Fit(before);
    var rolled = RollingOrigin.Evaluate(forecaster, later, horizon: Day);
    var hours = rolled.MeanAbsoluteErrorByStep;
    var mase = rolled.MeanAbsoluteScaledError(0, before, Day);
    Console.WriteLine($"{name,-24} {mase,5:0.00} {hours[0],14:0.00} {hours[^1],16:0.00}");
    return forecaster;
}

NetworkForecaster Network(ForecastNetworkKind kind) => new(channels: 1, new NetworkForecasterOptions
{
    Network = kind,
    LookBack = LookBack,
    Horizon = Day,
    HiddenSize = 16,
    Layers = 1,
    Training = new ForecastTrainingOptions { LearningRate = 0.01f },
}, new RandomGenerator(seed: 1));

TimeSeries Demand(int weeks)
{
    var values = new float[weeks * Week];
    var weather = 0f;
    for (var t = 0; t < values.Length; t++)
    {
        var isWeekend = t % Week >= 5 * Day;
        var cycle = MathF.Max(0f, MathF.Sin((t % Day - 6) * MathF.PI / 14)) * (isWeekend ? 12 : 30);
        weather += (-0.02f * weather) + (0.6f * Normal());
        values[t] = 60 + cycle + weather + (1.5f * Normal());
    }

    return new TimeSeries(values, ["demand"], new DateTime(2024, 1, 1), SamplingInterval.Of(TimeSpan.FromHours(1)));
}

// Nearly a standard normal number: the sum of twelve uniform ones has a variance of 1.
float Normal() => Enumerable.Range(0, 12).Sum(_ => random.NextSingle()) - 6f;
