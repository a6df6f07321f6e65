namespace SeqCore.Models;

/// <summary>
/// A forecaster that treats each channel by itself and keeps a few numbers for it, its state, which it updates with each value.
/// The classical methods derive from it.
/// </summary>
/// <remarks>
/// State is the whole memory: forecasts after updates point by point are bit for bit those after one long update.
/// </remarks>
public abstract class ChannelForecaster : Forecaster
{
    private double[][] states = [];

    /// <summary>Fits the state of a channel.</summary>
    /// <param name="values">Its values; NaN where one is missing, but not all.</param>
    /// <param name="channel">Its name, for errors.</param>
    /// <exception cref="DataSourceException">The values are too few, or not usable.</exception>
    protected abstract double[] FitState(double[] values, string channel);

    /// <summary>Updates the state of a channel with its next value.</summary>
    /// <param name="state">The state.</param>
    /// <param name="value">The value; NaN if it is missing.</param>
    protected abstract void Observe(double[] state, double value);

    /// <summary>Forecasts a channel.</summary>
    /// <param name="state">The state.</param>
    /// <param name="step">The step, from 1 for the next one.</param>
    protected abstract double Predict(double[] state, int step);

    /// <summary>Writes the options of a classical forecaster and what it has seen, for a file.</summary>
    private protected string Write(ClassicalOptions options) => Models.OptionsJson.Write(
        options with { Frame = Frame, States = states }, Models.OptionsJson.Default.ClassicalOptions);

    /// <summary>Makes a classical forecaster from a file.</summary>
    private protected static T Read<T>(ModelFile file, Func<ClassicalOptions, T> create,
        Func<ClassicalOptions, int> stateLength) where T : ChannelForecaster
    {
        var options = file.ReadOptions(Models.OptionsJson.Default.ClassicalOptions);
        if (options.States.Count != (options.Frame?.Channels.Count ?? 0)
            || options.States.Any(s => s.Length != stateLength(options)))
        {
            throw new FormatException("the states of its channels are not those of this kind.");
        }

        var forecaster = create(options);
        forecaster.states = [.. options.States];
        forecaster.Restore(options.Frame);
        return forecaster;
    }

    /// <summary>Makes the error about a channel with too few values.</summary>
    private protected static DataSourceException TooShort(string channel, int there, int needed) => new(
        $"Channel '{channel}' has {Counted.Of(there, "value")}; there should be at least {needed}. Use more data, or a shorter"
            + " season.");

    /// <inheritdoc/>
    protected sealed override void FitTo(TimeSeries training, CancellationToken cancellation)
    {
        var fitted = new double[training.ChannelCount][];
        for (var c = 0; c < fitted.Length; c++)
        {
            cancellation.ThrowIfCancellationRequested();
            double[] values = [.. training.ChannelValues(c).Select(v => (double)v)];
            if (values.All(double.IsNaN))
                throw new DataSourceException($"Channel '{training.Channels[c]}' has no value at all. Leave it out.");
            fitted[c] = FitState(values, training.Channels[c]);
        }

        states = fitted;
    }

    /// <inheritdoc/>
    internal sealed override Action Remember()
    {
        // A fit makes new states; updates change them in place.
        var (copies, frame) = (states.Select(s => (double[])s.Clone()).ToArray(), Frame);
        return () =>
        {
            states = copies;
            Restore(frame);
        };
    }

    /// <inheritdoc/>
    protected sealed override float[] Predict(int horizon)
    {
        var values = new float[horizon * states.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)Predict(states[i % states.Length], 1 + (i / states.Length));
        return values;
    }

    /// <inheritdoc/>
    protected sealed override void Observe(TimeSeries later)
    {
        for (var t = 0; t < later.Length; t++)
        {
            for (var c = 0; c < states.Length; c++)
                Observe(states[c], later[t, c]);
        }
    }
}
