namespace SeqCore.Models;

/// <summary>
/// Repeats the last value, or the last season: what any other forecast should be better than. A missing value is replaced by the
/// one a season before.
/// </summary>
/// <example>
/// <code>
/// using var naive = new NaiveForecaster(season: 2);
/// naive.Fit(new TimeSeries([1f, 8f, 2f, 9f]));
/// Console.WriteLine(string.Join(" ", naive.Forecast(3).ChannelValues(0)));      // 2 9 2
/// </code>
/// </example>
/// <param name="season">The number of steps of a season, m, at least 1; 1, the default, repeats the last value.</param>
public sealed class NaiveForecaster(int season = 1) : ChannelForecaster
{
    /// <summary>The name of this kind of forecaster in files.</summary>
    public const string KindName = "naive-forecaster";

    /// <summary>The number of steps of a season.</summary>
    public int Season { get; } = Argument.AtLeast(season, nameof(NaiveForecaster), nameof(season));

    /// <inheritdoc/>
    public override string FileKind => KindName;

    /// <inheritdoc/>
    protected internal override string OptionsJson => Write(new ClassicalOptions { Season = Season });

    /// <summary>Loads a forecaster that <see cref="Model.Save"/> wrote.</summary>
    /// <param name="path">The path of a model's file, or of a folder with one.</param>
    /// <exception cref="CheckpointException">The file cannot be read, or holds another kind.</exception>
    public static NaiveForecaster Load(string path) => ModelFile.Load(path, KindName, Read);

    /// <summary>Makes a forecaster from the options in a file.</summary>
    internal static NaiveForecaster Read(ModelFile file) => Read(file, o => new NaiveForecaster(o.Season), o => o.Season);

    /// <inheritdoc/>
    protected override double[] FitState(double[] values, string channel)
    {
        if (values.Length < Season)
            throw TooShort(channel, values.Length, Season);
        // The last season, its first step first.
        var state = new double[Season];
        Array.Fill(state, double.NaN);
        foreach (var value in values)
            Observe(state, value);

        // Where a step of the season never had a value, the nearest before it stands for it.
        for (var i = 0; i < 2 * Season; i++)
        {
            if (double.IsNaN(state[i % Season]) && i > 0)
                state[i % Season] = state[(i - 1) % Season];
        }

        return state;
    }

    /// <inheritdoc/>
    protected override void Observe(double[] state, double value)
    {
        ArgumentNullException.ThrowIfNull(state);
        var next = double.IsNaN(value) ? state[0] : value;
        state.AsSpan(1).CopyTo(state);
        state[^1] = next;
    }

    /// <inheritdoc/>
    protected override double Predict(double[] state, int step) => Argument.NotNull(state)[(step - 1) % Season];
}
