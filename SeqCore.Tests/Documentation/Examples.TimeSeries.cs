using SeqCore.Models;

namespace SeqCore.Tests.Documentation;

public static partial class Examples
{
    public static void TimeSeriesExample()
    {
        // Example: T:SeqCore.Models.TimeSeries
        var series = new TimeSeries([20.5f, 21f, float.NaN, 23f], channels: ["temperature"],
            new DateTime(2024, 7, 1), SamplingInterval.Of(TimeSpan.FromHours(1)));
        Console.WriteLine(series.Gaps.Single().Steps);                              // step 2
        Console.WriteLine(series.Fill(GapFilling.Linear)[step: 2, channel: 0]);     // 22
        Console.WriteLine($"{series.TimeAt(3):HH:mm}");                             // 03:00
        // End
    }

    public static void SamplingIntervalExample()
    {
        // Example: T:SeqCore.Models.SamplingInterval
        var monthly = SamplingInterval.OfMonths(1);
        Console.WriteLine(monthly.Add(new DateTime(2024, 1, 31), 1).ToString("yyyy-MM-dd"));     // 2024-02-29
        var monthEnds = SamplingInterval.OfMonths(1, day: 31);
        Console.WriteLine(monthEnds.Add(new DateTime(2024, 2, 29), 1).ToString("yyyy-MM-dd"));   // 2024-03-31
        Console.WriteLine(SamplingInterval.Of(TimeSpan.FromMinutes(30)));                        // 30 minutes
        // End
    }

    public static void ChannelScalerExample()
    {
        // Example: T:SeqCore.Models.ChannelScaler
        var series = new TimeSeries([2f, 4f, 6f, 8f, 30f]);
        var scaler = ChannelScaler.Fit(series.Slice(0, 4), ScalingKind.MinMax);
        Console.WriteLine(string.Join(" ", scaler.Apply(series).ChannelValues(0)));      // 0 0.33333334 0.6666667 1 4.6666665
        // End
    }

    public static void SlidingWindowsExample()
    {
        // Example: T:SeqCore.Models.SlidingWindows
        var series = new TimeSeries([1f, 2f, 3f, 4f, 5f]);
        var windows = new SlidingWindows(series, lookBack: 3, horizon: 1);
        Console.WriteLine(windows.Count);                                                          // 2
        Console.WriteLine(string.Join(" ", windows[1].Input.ToArray()));                           // 2 3 4
        Console.WriteLine(windows[1].Target.Span[0]);                                              // 5
        // End
    }

    public static void TimeSplitExample()
    {
        // Example: T:SeqCore.Models.TimeSplit
        var series = new TimeSeries([.. Enumerable.Range(0, 100)]);
        var split = TimeSplit.Of(series, validation: 0.2, test: 20, lookBack: 5);
        Console.WriteLine((split.Training.Length, split.Validation!.Length, split.Test!.Length));   // (60, 25, 25)
        Console.WriteLine(split.Validation[0, 0]);                                                  // 55
        // End
    }

    public static void CalendarFeaturesExample()
    {
        // Example: T:SeqCore.Models.CalendarFeatures
        var hours = new TimeSeries(new float[24], null, new DateTime(2024, 1, 1), SamplingInterval.Of(TimeSpan.FromHours(1)));
        var calendar = CalendarFeatures.Of(hours, CalendarFeature.TimeOfDay);
        Console.WriteLine(string.Join(", ", calendar.Channels));                // TimeOfDay sine, TimeOfDay cosine
        Console.WriteLine(calendar[step: 6, channel: 0]);                       // 1
        // End
    }

    public static void RollingOriginExample()
    {
        // Example: T:SeqCore.Models.RollingOrigin
        var series = new TimeSeries([1f, 2f, 3f, 4f, 5f, 6f]);
        using var naive = new NaiveForecaster();
        naive.Fit(series.Slice(0, 3));
        var rolled = RollingOrigin.Evaluate(naive, series.Slice(3, 3), horizon: 2);
        Console.WriteLine(rolled.Origins.Count);                                      // 2
        Console.WriteLine(rolled.MeanAbsoluteError);                                  // 1.5
        Console.WriteLine(string.Join(" ", rolled.MeanAbsoluteErrorByStep));          // 1 2
        // End
    }

    public static void ForecasterExample()
    {
        // Example: T:SeqCore.Models.Forecaster
        var sales = new TimeSeries([3f, 5f, 4f, 4f, 6f, 5f, 5f, 7f, 6f]);
        using var forecaster = new NaiveForecaster(season: 3);
        forecaster.Fit(sales);
        Console.WriteLine(string.Join(" ", forecaster.Forecast(4).ChannelValues(0)));       // 5 7 6 5
        forecaster.Update(new TimeSeries([6f]));
        Console.WriteLine(string.Join(" ", forecaster.Forecast(4).ChannelValues(0)));       // 7 6 6 7
        // End
    }

    public static void NaiveForecasterExample()
    {
        // Example: T:SeqCore.Models.NaiveForecaster
        using var naive = new NaiveForecaster(season: 2);
        naive.Fit(new TimeSeries([1f, 8f, 2f, 9f]));
        Console.WriteLine(string.Join(" ", naive.Forecast(3).ChannelValues(0)));      // 2 9 2
        // End
    }

    public static void DriftForecasterExample()
    {
        // Example: T:SeqCore.Models.DriftForecaster
        using var drift = new DriftForecaster();
        drift.Fit(new TimeSeries([1f, 5f, 2f, 4f]));
        Console.WriteLine(string.Join(" ", drift.Forecast(3).ChannelValues(0)));      // 5 6 7
        // End
    }

    public static void ThetaForecasterExample()
    {
        // Example: T:SeqCore.Models.ThetaForecaster
        using var theta = new ThetaForecaster();
        theta.Fit(new TimeSeries([2f, 4f, 6f, 8f, 10f, 12f]));
        Console.WriteLine($"{theta.Forecast(1)[0, 0]:0.0}");                           // 13.0
        // End
    }

    public static void ConformalForecasterExample()
    {
        // Example: T:SeqCore.Models.ConformalForecaster
        var noise = new RandomGenerator(seed: 1);
        float At(int t) => MathF.Sin(t * MathF.Tau / 20) + noise.NextSingle();
        var series = new TimeSeries([.. Enumerable.Range(0, 4000).Select(At)]);
        using var forecaster = new ConformalForecaster(new NaiveForecaster(season: 20), new ConformalOptions { Horizon = 20 });
        forecaster.Fit(series.Slice(0, 1000));
        var next = forecaster.ForecastInterval(horizon: 20, coverage: 0.8);
        Console.WriteLine($"{next.Lower[0, 0]:0.0} to {next.Upper[0, 0]:0.0}");                                 // -0.2 to 0.8
        var rolled = RollingOrigin.EvaluateIntervals(forecaster, series.Slice(1000, 3000), horizon: 20, coverages: [0.8]);
        Console.WriteLine($"{rolled.Coverage(0.8):0.00}");                                                      // 0.80
        // End
    }

    public static void QuantileForecastExample()
    {
        // Example: T:SeqCore.Models.QuantileForecast
        // Uniform between 10 and 11: eight of ten values lie in a range of 0.8.
        var noise = new RandomGenerator(seed: 1);
        var series = new TimeSeries([.. Enumerable.Range(0, 2000).Select(_ => 10 + noise.NextSingle())]);
        var options = new NetworkForecasterOptions
        {
            LookBack = 24,
            Horizon = 4,
            Quantiles = [0.1, 0.5, 0.9],
            Training = new ForecastTrainingOptions { LearningRate = 0.01f },
        };
        using var forecaster = new NetworkForecaster(channels: 1, options, new RandomGenerator(seed: 1));
        forecaster.Fit(series);
        var quantiles = forecaster.ForecastQuantiles(horizon: 4);
        Console.WriteLine($"{quantiles.At(0.9)[step: 0, channel: 0] - quantiles.At(0.1)[step: 0, channel: 0]:0.0}");     // 0.8
        // End
    }

    public static void DLinearExample()
    {
        // Example: T:SeqCore.Models.DLinear
        using var network = new DLinear(lookBack: 96, horizon: 24, channels: 7, new RandomGenerator(seed: 1));
        using var scope = new TensorScope();
        Console.WriteLine(network.Forward(Tensor.Zeros([8, 96, 7])).Shape);           // (8, 24, 7)
        // End
    }

    public static void NetworkForecasterExample()
    {
        // Example: T:SeqCore.Models.NetworkForecaster
        var wave = new TimeSeries([.. Enumerable.Range(0, 400).Select(t => MathF.Sin(t * MathF.Tau / 20f))]);
        var training = new ForecastTrainingOptions { Epochs = 50, LearningRate = 0.02f };
        var options = new NetworkForecasterOptions { LookBack = 40, Horizon = 20, Training = training };
        using var forecaster = new NetworkForecaster(channels: 1, options, new RandomGenerator(seed: 1));
        forecaster.Fit(wave);
        Console.WriteLine($"{forecaster.Forecast(20)[step: 5, channel: 0]:0.0}");     // 1.0
        // End
    }

    public static void NetworkForecasterOptionsExample()
    {
        // Example: T:SeqCore.Models.NetworkForecasterOptions
        // Sales follow the day of the week, and the price, which is known a week ahead.
        float[] values = [.. Enumerable.Range(0, 200).SelectMany(t => (float[])[90 + 10 * (t % 7) - t % 5, t % 5])];
        var day = SamplingInterval.Of(TimeSpan.FromDays(1));
        var series = new TimeSeries(values, ["sales", "price"], new DateTime(2024, 1, 1), day);
        var options = new NetworkForecasterOptions
        {
            Network = ForecastNetworkKind.Gru,
            LookBack = 14,
            Horizon = 7,
            Covariates = ["price"],
            Calendar = [CalendarFeature.DayOfWeek],
        };
        using var forecaster = new NetworkForecaster(channels: 1, options, new RandomGenerator(seed: 1));
        forecaster.Fit(series.Slice(0, 193));
        var sales = forecaster.Forecast(7, covariates: series.Slice(193, 7).Select("price"));
        Console.WriteLine($"{sales.Length} steps of {string.Join(", ", sales.Channels)}");      // 7 steps of sales
        // End
    }

    public static void AlignedSeriesExample()
    {
        // Example: T:SeqCore.Models.AlignedSeries
        var tea = new TimeSeries([1f, 2f, 3f], ["tea"]);
        var coffee = new TimeSeries([7f, 8f], ["coffee"]);
        var both = AlignedSeries.AtEnd([tea, coffee]);
        Console.WriteLine(string.Join(" ", both.ChannelValues(1)));          // NaN 7 8
        // End
    }

    public static void SmoothingLstmForecasterExample()
    {
        // Example: T:SeqCore.Models.SmoothingLstmForecaster
        // Two shops of the same season; the second one opened later.
        float Sales(int t, float level) => level * (1.5f + MathF.Sin(t * MathF.Tau / 6f));
        var old = new TimeSeries([.. Enumerable.Range(0, 60).Select(t => Sales(t, 100f))], ["old"]);
        var young = new TimeSeries([.. Enumerable.Range(24, 36).Select(t => Sales(t, 5f))], ["young"]);
        var options = new SmoothingLstmOptions { Season = 6, LookBack = 6, Horizon = 6, Epochs = 5 };
        using var forecaster = new SmoothingLstmForecaster(channels: 2, options, new RandomGenerator(seed: 1));
        forecaster.Fit(AlignedSeries.AtEnd([old, young]));
        var forecast = forecaster.Forecast(12);
        Console.WriteLine($"{string.Join(", ", forecast.Channels)}: {forecast.Length} steps");      // old, young: 12 steps
        // End
    }

    public static void ConvolutionForecastExample()
    {
        // Example: T:SeqCore.Models.ConvolutionForecast
        var options = new NetworkForecasterOptions { LookBack = 100, Horizon = 24, HiddenSize = 16 };
        using var network = new ConvolutionForecast(options, channels: 7, new RandomGenerator(seed: 1));
        using var scope = new TensorScope();
        Console.WriteLine(network.Forward(Tensor.Zeros([8, 100, 7])).Shape);           // (8, 24, 7)
        Console.WriteLine((network.BlockCount, network.ReceptiveField));               // (5, 125)
        // End
    }

    public static void AutoregressiveForecastExample()
    {
        // Example: T:SeqCore.Models.AutoregressiveForecast
        var options = new NetworkForecasterOptions { LookBack = 48, Horizon = 24, HiddenSize = 16 };
        using var network = new AutoregressiveForecast(RecurrentKind.Gru, options, channels: 7, new RandomGenerator(seed: 1));
        using var scope = new TensorScope();
        Console.WriteLine(network.Forward(Tensor.Zeros([8, 48, 7])).Shape);           // (8, 24, 7)
        // End
    }

    public static void EncoderDecoderForecastExample()
    {
        // Example: T:SeqCore.Models.EncoderDecoderForecast
        var options = new NetworkForecasterOptions { LookBack = 48, Horizon = 24, HiddenSize = 16 };
        using var network = new EncoderDecoderForecast(options, channels: 7, new RandomGenerator(seed: 1));
        using var scope = new TensorScope();
        Console.WriteLine(network.Forward(Tensor.Zeros([8, 48, 7])).Shape);           // (8, 24, 7)
        // End
    }

    public static void PatchTransformerExample()
    {
        // Example: T:SeqCore.Models.PatchTransformer
        var options = new NetworkForecasterOptions { LookBack = 64, Horizon = 24, HiddenSize = 16, HeadCount = 4 };
        using var network = new PatchTransformer(options, channels: 7, new RandomGenerator(seed: 1));
        using var scope = new TensorScope();
        Console.WriteLine(network.Forward(Tensor.Zeros([8, 64, 7])).Shape);           // (8, 24, 7)
        Console.WriteLine(network.PatchCount);                                         // 8
        // End
    }

    public static void ReversibleNormalizationExample()
    {
        // Example: T:SeqCore.Models.ReversibleNormalization
        using var normalization = new ReversibleNormalization(channels: 1);
        using var scope = new TensorScope();
        var (scaled, statistics) = normalization.Normalize(Tensor.FromArray(new float[,,] { { { 10f }, { 30f } } }));
        Console.WriteLine($"{scaled.Value[0, 1, 0].Item():0.00}");                                    // 1.00
        Console.WriteLine($"{normalization.Invert(scaled, statistics).Value[0, 1, 0].Item():0.0}");   // 30.0
        // End
    }

    public static void NabSeriesExample()
    {
        // Example: T:SeqCore.Models.NabSeries
        var series = new NabSeries(length: 100, windows: [new StepRange(50, 10)]);
        var scores = new double[100];
        scores[50] = 1;
        var score = series.Score(scores, threshold: 0.5, NabProfile.Standard);
        Console.WriteLine($"{score.Score:0.0}, {NabScore.Normalize([score]):0}");    // 1.0, 100
        // End
    }

    public static void ForecastMetricsExample()
    {
        // Example: T:SeqCore.Models.ForecastMetrics
        float[] actual = [10f, 20f, 30f], forecast = [12f, 18f, 30f];
        Console.WriteLine($"{ForecastMetrics.MeanAbsoluteError(actual, forecast):0.00}");                         // 1.33
        Console.WriteLine($"{ForecastMetrics.RootMeanSquaredError(actual, forecast):0.00}");                      // 1.63
        Console.WriteLine($"{ForecastMetrics.MeanAbsoluteScaledError(actual, forecast, [5f, 10f, 15f]):0.00}");   // 0.27
        // End
    }

    public static void TimeSeriesFileExample()
    {
        // Example: T:SeqCore.Models.TimeSeriesFile
        var passengers = TimeSeriesFile.Read("airline-passengers.csv");
        Console.WriteLine($"{passengers.Length} steps of {passengers.Interval} from {passengers.Start:yyyy-MM}");
        var air = TimeSeriesFile.Read("pollution.csv", new TimeSeriesFileOptions { Channels = ["pm2.5", "TEMP"] });
        Console.WriteLine($"{air.Gaps.Count} gaps");
        // End
    }
}
