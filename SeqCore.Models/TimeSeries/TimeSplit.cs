namespace SeqCore.Models;

/// <summary>
/// Splits a series by time: the beginning for training, the steps after it for validation, the last ones for test. Nothing is
/// shuffled, since a model should not be trained on what follows the steps that it is judged by.
/// </summary>
/// <example>
/// <code>
/// var series = new TimeSeries([.. Enumerable.Range(0, 100)]);
/// var split = TimeSplit.Of(series, validation: 0.2, test: 20, lookBack: 5);
/// Console.WriteLine((split.Training.Length, split.Validation!.Length, split.Test!.Length));   // (60, 25, 25)
/// Console.WriteLine(split.Validation[0, 0]);                                                  // 55
/// </code>
/// </example>
public static class TimeSplit
{
    /// <summary>Splits a series; the parts share its memory.</summary>
    /// <param name="series">The series.</param>
    /// <param name="validation">The steps for validation, an int for a number or a double for a fraction.</param>
    /// <param name="test">The steps for test; none by default.</param>
    /// <param name="lookBack">
    /// The number of steps before each of the later parts that it has in front as well, so that its first step can be forecast
    /// from them; 0 by default. They are not forecast themselves.
    /// </param>
    /// <exception cref="DataSourceException">No step is left for training, or fewer than the look-back.</exception>
    public static SeriesParts Of(TimeSeries series, SplitSize validation, SplitSize test = default, int lookBack = 0)
    {
        ArgumentNullException.ThrowIfNull(series);
        Argument.AtLeast(lookBack, nameof(TimeSplit), nameof(lookBack), 0);
        var (forValidation, forTest) = (validation.Of(series.Length), test.Of(series.Length));
        var forTraining = (long)series.Length - forValidation - forTest;
        if (forTraining < Math.Max(1, lookBack))
        {
            throw new DataSourceException($"Of {Counted.Of(series.Length, "step")}, {forValidation} for validation and {forTest}"
                + $" for test leave {Math.Max(0, forTraining)} for training; there should be at least {Math.Max(1, lookBack)}."
                + " Use smaller parts or more data.");
        }

        return new SeriesParts(series.Slice(0, (int)forTraining), Part((int)forTraining, forValidation),
            Part((int)forTraining + forValidation, forTest));

        TimeSeries? Part(int start, int length) => length == 0 ? null : series.Slice(start - lookBack, lookBack + length);
    }
}

/// <summary>The parts that <see cref="TimeSplit.Of"/> makes.</summary>
/// <param name="Training">The beginning.</param>
/// <param name="Validation">The steps after it, with the look-back in front; null if there are none.</param>
/// <param name="Test">The last steps, with the look-back in front; null if there are none.</param>
public sealed record SeriesParts(TimeSeries Training, TimeSeries? Validation, TimeSeries? Test);
