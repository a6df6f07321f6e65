namespace SeqCore.Models;

/// <summary>
/// Exponential smoothing of level, trend and season (Holt-Winters; Hyndman and Athanasopoulos, "Forecasting: principles and
/// practice", third edition, chapter 8). With a smoothing of alpha for the level l, beta for the trend b and gamma for
/// the season s, and phi below 1 where the trend is damped,
/// <code>
/// l_t = alpha (y_t - s_(t-m)) + (1 - alpha) (l_(t-1) + phi b_(t-1))
/// b_t = beta (l_t - l_(t-1)) + (1 - beta) phi b_(t-1)
/// s_t = gamma (y_t - l_(t-1) - phi b_(t-1)) + (1 - gamma) s_(t-m)
/// </code>
/// and the forecast is l + (phi + ... + phi^h) b + s. Multiplicative seasons divide and multiply in place of the differences and
/// sums. The four numbers are fitted to the squared errors of one step. A missing value changes nothing but the time.
/// </summary>
public sealed class HoltWintersForecaster : ChannelForecaster
{
    /// <summary>The name of this kind of forecaster in files.</summary>
    public const string KindName = "holt-winters-forecaster";

    // The places of the state; after them is the last season, its first step first.
    private const int Alpha = 0, Beta = 1, Gamma = 2, Phi = 3, Level = 4, Slope = 5, Numbers = 6;

    private readonly int season;

    /// <summary>Makes a forecaster.</summary>
    /// <param name="season">The number of steps of a season, m, at least 2; 1, the default, for none.</param>
    /// <param name="seasonality">How the season changes the level; additive is the default, if there is one.</param>
    /// <param name="trend">How the series grows; linear is the default.</param>
    /// <exception cref="ArgumentException">The season does not fit the seasonality.</exception>
    public HoltWintersForecaster(int season = 1, Seasonality? seasonality = null, Trend trend = Trend.Linear)
    {
        Argument.AtLeast(season, Kind, nameof(season));
        Seasonality = Argument.Defined(seasonality ?? (season == 1 ? Seasonality.None : Seasonality.Additive), Kind,
            nameof(seasonality));
        Trend = Argument.Defined(trend, Kind, nameof(trend));
        if ((Seasonality == Seasonality.None) != (season == 1))
        {
            throw new ArgumentException($"{Kind}: a season of {season} does not go with {nameof(Seasonality)}.{Seasonality}; a"
                + " season has at least 2 steps.", nameof(seasonality));
        }

        this.season = season;
    }

    /// <summary>The number of steps of a season; 1 for none.</summary>
    public int Season => season;

    /// <summary>How the season changes the level.</summary>
    public Seasonality Seasonality { get; }

    /// <summary>How the series grows.</summary>
    public Trend Trend { get; }

    /// <inheritdoc/>
    public override string FileKind => KindName;

    /// <inheritdoc/>
    protected internal override string OptionsJson =>
        Write(new ClassicalOptions { Season = season, Seasonality = Seasonality, Trend = Trend });

    /// <summary>Loads a forecaster that <see cref="Model.Save"/> wrote.</summary>
    /// <param name="path">The path of a model's file, or of a folder with one.</param>
    /// <exception cref="CheckpointException">The file cannot be read, or holds another kind.</exception>
    public static HoltWintersForecaster Load(string path) => ModelFile.Load(path, KindName, Read);

    /// <summary>Makes a forecaster from the options in a file.</summary>
    internal static HoltWintersForecaster Read(ModelFile file) =>
        Read(file, o => new HoltWintersForecaster(o.Season, o.Seasonality, o.Trend), o => StateLength(o.Season));

    /// <inheritdoc/>
    protected override double[] FitState(double[] values, string channel)
    {
        ArgumentNullException.ThrowIfNull(values);
        var needed = Math.Max(3, 2 * season);
        if (values.Length < needed)
            throw TooShort(channel, values.Length, needed);
        if (Seasonality == Seasonality.Multiplicative && values.Any(v => v <= 0))
        {
            throw new DataSourceException($"Channel '{channel}' has the value {values.First(v => v <= 0)}; a multiplicative"
                + " season needs values above 0. Use an additive one.");
        }

        // Between 0 and 1, whatever numbers the search tries; a damping below 0.8 would leave no trend.
        var best = NelderMead.Minimize(x => Errors(Begin(values, x), values), [-1, -3, -2, 3]);
        var state = Begin(values, best);
        Errors(state, values);
        return state;
    }

    /// <inheritdoc/>
    protected override void Observe(double[] state, double value)
    {
        ArgumentNullException.ThrowIfNull(state);
        var (level, slope) = (state[Level], state[Phi] * state[Slope]);
        var old = season > 1 ? state[Numbers] : 0;
        var next = old;
        state[Level] = level + slope;
        state[Slope] = slope;
        if (!double.IsNaN(value))
        {
            var adjusted = Seasonality == Seasonality.Multiplicative ? value / old : value - old;
            state[Level] = (state[Alpha] * adjusted) + ((1 - state[Alpha]) * (level + slope));
            state[Slope] = (state[Beta] * (state[Level] - level)) + ((1 - state[Beta]) * slope);
            var seen = Seasonality == Seasonality.Multiplicative ? value / (level + slope) : value - level - slope;
            next = (state[Gamma] * seen) + ((1 - state[Gamma]) * old);
        }

        if (season == 1)
            return;
        state.AsSpan(Numbers + 1).CopyTo(state.AsSpan(Numbers));
        state[^1] = next;
    }

    /// <inheritdoc/>
    protected override double Predict(double[] state, int step)
    {
        ArgumentNullException.ThrowIfNull(state);
        var phi = state[Phi];
        var steps = phi == 1 ? step : phi * (1 - Math.Pow(phi, step)) / (1 - phi);
        var level = state[Level] + (steps * state[Slope]);
        return Seasonality switch
        {
            Seasonality.None => level,
            Seasonality.Additive => level + state[Numbers + ((step - 1) % season)],
            _ => level * state[Numbers + ((step - 1) % season)],
        };
    }

    /// <summary>Returns the state before the first value: level, trend and season of the first two seasons.</summary>
    private double[] Begin(double[] values, double[] search)
    {
        double Unit(int i) => 1 / (1 + Math.Exp(-search[i]));
        var state = new double[StateLength(season)];
        state[Alpha] = Unit(Alpha);
        state[Beta] = Trend == Trend.None ? 0 : Unit(Beta);
        state[Gamma] = season == 1 ? 0 : Unit(Gamma);
        state[Phi] = Trend == Trend.Damped ? 0.8 + (0.198 * Unit(Phi)) : 1;
        var width = Math.Max(season, Math.Min(3, values.Length / 2));
        var (first, second) = (Mean(values.AsSpan(0, width)), Mean(values.AsSpan(width, width)));
        state[Slope] = Trend == Trend.None || double.IsNaN(second - first) ? 0 : (second - first) / width;
        var known = values.First(v => !double.IsNaN(v));
        state[Level] = (double.IsNaN(first) ? known : first) - (state[Slope] * (width + 1) / 2);
        for (var i = 0; i < season && season > 1; i++)
        {
            var line = state[Level] + (state[Slope] * (i + 1));
            var seen = double.IsNaN(values[i]) ? line : values[i];
            state[Numbers + i] = Seasonality == Seasonality.Multiplicative ? Math.Max(seen / line, 1e-3) : seen - line;
        }

        return state;
    }

    /// <summary>
    /// Updates a state with all values, and returns the sum of the squared errors of the forecasts of one step.
    /// </summary>
    private double Errors(double[] state, double[] values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            if (!double.IsNaN(value))
                sum += Math.Pow(value - Predict(state, 1), 2);
            Observe(state, value);
        }

        return sum;
    }

    private static int StateLength(int season) => Numbers + (season > 1 ? season : 0);

    private static double Mean(ReadOnlySpan<double> values)
    {
        var (sum, count) = (0.0, 0);
        foreach (var value in values)
        {
            if (!double.IsNaN(value))
                (sum, count) = (sum + value, count + 1);
        }

        return sum / count;
    }
}
