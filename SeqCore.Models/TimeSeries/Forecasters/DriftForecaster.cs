namespace SeqCore.Models;

/// <summary>Continues the line through the first value and the last one.</summary>
/// <example>
/// <code>
/// using var drift = new DriftForecaster();
/// drift.Fit(new TimeSeries([1f, 5f, 2f, 4f]));
/// Console.WriteLine(string.Join(" ", drift.Forecast(3).ChannelValues(0)));      // 5 6 7
/// </code>
/// </example>
public sealed class DriftForecaster : ChannelForecaster
{
    /// <summary>The name of this kind of forecaster in files.</summary>
    public const string KindName = "drift-forecaster";

    // The places of the state: the first value, the last one, the steps between them, and the steps after the last one.
    private const int First = 0, Last = 1, Steps = 2, Since = 3;

    /// <inheritdoc/>
    public override string FileKind => KindName;

    /// <inheritdoc/>
    protected internal override string OptionsJson => Write(new ClassicalOptions());

    /// <summary>Loads a forecaster that <see cref="Model.Save"/> wrote.</summary>
    /// <param name="path">The path of a model's file, or of a folder with one.</param>
    /// <exception cref="CheckpointException">The file cannot be read, or holds another kind.</exception>
    public static DriftForecaster Load(string path) => ModelFile.Load(path, KindName, Read);

    /// <summary>Makes a forecaster from the options in a file.</summary>
    internal static DriftForecaster Read(ModelFile file) => Read(file, _ => new DriftForecaster(), _ => 4);

    /// <inheritdoc/>
    protected override double[] FitState(double[] values, string channel)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count(v => !double.IsNaN(v)) < 2)
            throw TooShort(channel, values.Count(v => !double.IsNaN(v)), 2);
        var start = Array.FindIndex(values, v => !double.IsNaN(v));
        double[] state = [values[start], values[start], 0, 0];
        foreach (var value in values[(start + 1)..])
            Observe(state, value);
        return state;
    }

    /// <inheritdoc/>
    protected override void Observe(double[] state, double value)
    {
        ArgumentNullException.ThrowIfNull(state);
        state[Since]++;
        if (double.IsNaN(value))
            return;
        state[Last] = value;
        state[Steps] += state[Since];
        state[Since] = 0;
    }

    /// <inheritdoc/>
    protected override double Predict(double[] state, int step)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state[Last] + ((state[Last] - state[First]) / state[Steps] * (state[Since] + step));
    }
}
