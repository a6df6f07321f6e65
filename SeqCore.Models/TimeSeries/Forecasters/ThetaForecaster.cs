namespace SeqCore.Models;

/// <summary>
/// The Theta method, which won the M3 competition (Assimakopoulos and Nikolopoulos, International Journal of Forecasting 16,
/// 2000) in the form that Hyndman and Billah showed it to be ("Unmasking the Theta method", same journal 19, 2003): simple
/// exponential smoothing, with half of the slope of the line through the series as drift. If the autocorrelation a season apart
/// is significant, the series is divided by its seasonal factors first; if a value is 0 or less, the season is subtracted
/// instead.
/// </summary>
/// <example>
/// <code>
/// using var theta = new ThetaForecaster();
/// theta.Fit(new TimeSeries([2f, 4f, 6f, 8f, 10f, 12f]));
/// Console.WriteLine($"{theta.Forecast(1)[0, 0]:0.0}");                           // 13.0
/// </code>
/// </example>
/// <param name="season">The number of steps of a season, m, at least 2; 1, the default, for none.</param>
public sealed class ThetaForecaster(int season = 1) : ChannelForecaster
{
    /// <summary>The name of this kind of forecaster in files.</summary>
    public const string KindName = "theta-forecaster";

    // The places of the state; after them is the season, that of the next step first: factors, or terms if it is additive.
    private const int Alpha = 0, Slope = 1, Count = 2, Level = 3, IsAdditive = 4, Numbers = 5;

    // Of a normal distribution, one-sided at 95 %: two-sided at 90 %, as in the M3 and M4 competitions.
    private const double Significant = 1.645;

    /// <summary>The number of steps of a season; 1 for none.</summary>
    public int Season { get; } = Argument.AtLeast(season, nameof(ThetaForecaster), nameof(season));

    /// <inheritdoc/>
    public override string FileKind => KindName;

    /// <inheritdoc/>
    protected internal override string OptionsJson => Write(new ClassicalOptions { Season = Season });

    /// <summary>Loads a forecaster that <see cref="Model.Save"/> wrote.</summary>
    /// <param name="path">The path of a model's file, or of a folder with one.</param>
    /// <exception cref="CheckpointException">The file cannot be read, or holds another kind.</exception>
    public static ThetaForecaster Load(string path) => ModelFile.Load(path, KindName, Read);

    /// <summary>Makes a forecaster from the options in a file.</summary>
    internal static ThetaForecaster Read(ModelFile file) =>
        Read(file, o => new ThetaForecaster(o.Season), o => Numbers + o.Season);

    /// <inheritdoc/>
    protected override double[] FitState(double[] values, string channel)
    {
        ArgumentNullException.ThrowIfNull(values);
        var needed = Math.Max(3, Season > 1 ? 2 * Season : 0);
        if (values.Length < needed)
            throw TooShort(channel, values.Length, needed);
        var isAdditive = values.Any(v => v <= 0);
        var state = new double[Numbers + Season];
        state[IsAdditive] = isAdditive ? 1 : 0;
        Array.Fill(state, isAdditive ? 0 : 1, Numbers, Season);
        if (Season > 1 && IsSeasonal(values))
            SeasonalFactors.Of(values, Season, isAdditive).CopyTo(state, Numbers);
        double[] adjusted = [.. values.Select((v, t) => Adjusted(v, state[Numbers + (t % Season)], isAdditive))];
        state[Slope] = SlopeOf(adjusted) / 2;
        var search = NelderMead.Minimize(x => Smooth(adjusted, Unit(x[0])).Errors, [0.0]);
        state[Alpha] = Unit(search[0]);
        state[Level] = Smooth(adjusted, state[Alpha]).Level;
        state[Count] = values.Length;
        Rotate(state.AsSpan(Numbers), values.Length % Season);
        return state;
    }

    /// <inheritdoc/>
    protected override void Observe(double[] state, double value)
    {
        ArgumentNullException.ThrowIfNull(state);
        state[Count]++;
        if (!double.IsNaN(value))
        {
            var adjusted = Adjusted(value, state[Numbers], state[IsAdditive] == 1);
            state[Level] += state[Alpha] * (adjusted - state[Level]);
        }

        Rotate(state.AsSpan(Numbers), 1 % Season);
    }

    /// <inheritdoc/>
    protected override double Predict(double[] state, int step)
    {
        ArgumentNullException.ThrowIfNull(state);
        var alpha = state[Alpha];
        var drift = state[Slope] * (step - 1 + ((1 - Math.Pow(1 - alpha, state[Count])) / alpha));
        var (level, season) = (state[Level] + drift, state[Numbers + ((step - 1) % Season)]);
        return state[IsAdditive] == 1 ? level + season : level * season;
    }

    private static double Adjusted(double value, double season, bool isAdditive) => isAdditive ? value - season : value / season;

    // Away from 0 and 1, where the drift has no limit and the search no slope.
    private static double Unit(double x) => 0.001 + (0.998 / (1 + Math.Exp(-x)));

    /// <summary>Returns the last level of simple exponential smoothing, and the sum of its squared errors.</summary>
    private static (double Level, double Errors) Smooth(double[] values, double alpha)
    {
        var (level, errors) = (values.First(v => !double.IsNaN(v)), 0.0);
        foreach (var value in values.Where(v => !double.IsNaN(v)))
        {
            errors += (value - level) * (value - level);
            level += alpha * (value - level);
        }

        return (level, errors);
    }

    private static double SlopeOf(double[] values)
    {
        var known = values.Select((v, t) => (Time: (double)t, Value: v)).Where(p => !double.IsNaN(p.Value)).ToList();
        double time = known.Average(p => p.Time), value = known.Average(p => p.Value);
        var spread = known.Sum(p => (p.Time - time) * (p.Time - time));
        return spread > 0 ? known.Sum(p => (p.Time - time) * (p.Value - value)) / spread : 0;
    }

    /// <summary>Tests the autocorrelation a season apart against those of shorter distances.</summary>
    private bool IsSeasonal(double[] values)
    {
        double[] known = [.. values.Where(v => !double.IsNaN(v))];
        if (known.Length < 3 * Season)
            return false;
        double[] correlations = [.. Enumerable.Range(1, Season).Select(lag => Autocorrelation(known, lag))];
        var limit = Significant * Math.Sqrt((1 + (2 * correlations[..^1].Sum(r => r * r))) / known.Length);
        return Math.Abs(correlations[^1]) > limit;
    }

    private static double Autocorrelation(double[] values, int lag)
    {
        var mean = values.Average();
        var (sum, all) = (0.0, values.Sum(v => (v - mean) * (v - mean)));
        for (var t = lag; t < values.Length; t++)
            sum += (values[t] - mean) * (values[t - lag] - mean);
        return all > 0 ? sum / all : 0;
    }

    /// <summary>Moves the first numbers after the others.</summary>
    private static void Rotate(Span<double> numbers, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var first = numbers[0];
            numbers[1..].CopyTo(numbers);
            numbers[^1] = first;
        }
    }
}
