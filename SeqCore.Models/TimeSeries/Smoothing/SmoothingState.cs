using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// What a <see cref="SmoothingLstmForecaster"/> knows of each series after its last step: the level, the season to come, the
/// last values without their season, in logarithms, and the state of the LSTM. It is one row of numbers for each series.
/// </summary>
internal sealed class SmoothingState(SmoothingLstmOptions options, float[] rows)
{
    // The places in a row; the LSTM's hidden states, and then its cell states, are at the end.
    private const int Level = 0, Seen = 1, Seasons = 2;

    private readonly int season = options.Season, lookBack = options.LookBack, width = Width(options);

    /// <summary>The rows, one after another.</summary>
    internal float[] Rows => rows;

    private int Count => rows.Length / width;

    private int Window => Seasons + season;

    private int Hidden => Window + lookBack;

    private int StateSize => options.Layers * options.HiddenSize;

    /// <summary>Returns the number of numbers of a series.</summary>
    internal static int Width(SmoothingLstmOptions options) => SizeLimitException.Check(
        $"{nameof(SmoothingLstmForecaster)}: the state of a series,",
        Seasons + (long)options.Season + options.LookBack + (2L * options.Layers * options.HiddenSize));

    /// <summary>Returns the state before the first value.</summary>
    /// <param name="options">The sizes.</param>
    /// <param name="initial">The first season of each series; empty without a season.</param>
    /// <param name="count">The number of series.</param>
    internal static SmoothingState Begin(SmoothingLstmOptions options, float[] initial, int count)
    {
        var state = new SmoothingState(options, new float[count * Width(options)]);
        for (var i = 0; i < count; i++)
        {
            var seasons = state.Row(i).Slice(Seasons, options.Season);
            if (options.Season == 1)
                seasons[0] = 1f;
            else
                initial.AsSpan(i * options.Season, options.Season).CopyTo(seasons);
        }

        return state;
    }

    /// <summary>
    /// Smooths the next value of each series; one that is missing is taken as expected, or the series has not begun.
    /// </summary>
    /// <param name="values">The values, NaN where missing.</param>
    /// <param name="alpha">The smoothing of each level.</param>
    /// <param name="gamma">The smoothing of each season; not read without one.</param>
    internal void Observe(ReadOnlySpan<float> values, float[] alpha, float[] gamma)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var row = Row(i);
            if (row[Seen] == 0 && float.IsNaN(values[i]))
                continue;
            var old = row[Seasons];
            var value = float.IsNaN(values[i]) ? row[Level] * old : values[i];
            var adjusted = value / old;
            row[Level] = row[Seen] == 0 ? adjusted : row[Level] + (alpha[i] * (adjusted - row[Level]));
            row[Seen] = Math.Min(row[Seen] + 1, lookBack);
            if (season > 1)
                Push(row.Slice(Seasons, season), old + (gamma[i] * ((value / row[Level]) - old)));
            Push(row.Slice(Window, lookBack), MathF.Log(adjusted));
        }
    }

    /// <summary>Returns what the LSTM reads, shape (B, 1, L): the last values without season, against the level.</summary>
    internal Tensor Inputs(Backend backend)
    {
        var inputs = new float[Count * lookBack];
        for (var i = 0; i < Count; i++)
        {
            var row = Row(i);
            var level = MathF.Log(row[Level]);
            for (var t = 0; t < lookBack && IsFull(row); t++)
                inputs[(i * lookBack) + t] = row[Window + t] - level;
        }

        return Tensor.FromSpan(inputs, new Shape(Count, 1, lookBack), backend);
    }

    /// <summary>Returns the state of the LSTM.</summary>
    internal RecurrentState Recurrent(Backend backend) => new(Layers(Hidden, backend), Layers(Hidden + StateSize, backend));

    /// <summary>Returns the hidden state of the last layer, shape (B, hidden units).</summary>
    internal Variable LastHidden(Backend backend) => Layers(Hidden, backend)[^1];

    /// <summary>Takes the next state of the LSTM, of series whose window is full.</summary>
    internal void Take(RecurrentState next)
    {
        var (size, parts) = (options.HiddenSize, next.Hidden.Concat(next.Cell).Select(v => v.Value.ToArray()).ToArray());
        for (var i = 0; i < Count; i++)
        {
            for (var p = 0; p < parts.Length && IsFull(Row(i)); p++)
                parts[p].AsSpan(i * size, size).CopyTo(Row(i)[(Hidden + (p * size))..]);
        }
    }

    /// <summary>Returns the value of a series at a step ahead, given the logarithm of its ratio to level and season.</summary>
    internal float Value(int series, int step, float logRatio)
    {
        var row = Row(series);
        return MathF.Exp(logRatio) * row[Level] * row[Seasons + (step % season)];
    }

    /// <summary>Returns a copy.</summary>
    internal SmoothingState Copy() => new(options, (float[])rows.Clone());

    private static void Push(Span<float> values, float next)
    {
        values[1..].CopyTo(values);
        values[^1] = next;
    }

    private bool IsFull(ReadOnlySpan<float> row) => row[Seen] == lookBack;

    private Span<float> Row(int i) => rows.AsSpan(i * width, width);

    private Variable[] Layers(int first, Backend backend)
    {
        var layers = new Variable[options.Layers];
        for (var n = 0; n < layers.Length; n++)
        {
            var values = new float[Count * options.HiddenSize];
            for (var i = 0; i < Count; i++)
            {
                Row(i).Slice(first + (n * options.HiddenSize), options.HiddenSize)
                    .CopyTo(values.AsSpan(i * options.HiddenSize));
            }

            layers[n] = Tensor.FromSpan(values, new Shape(Count, options.HiddenSize), backend);
        }

        return layers;
    }
}
