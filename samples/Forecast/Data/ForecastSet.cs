using SeqCore.Models;

namespace SeqCore.Samples.Forecast;

/// <summary>A named series, with what suits it.</summary>
/// <param name="Name">The name that a user types.</param>
/// <param name="File">The file, as it is published.</param>
/// <param name="Season">The number of steps of its longest season.</param>
/// <param name="Horizon">The number of steps of a forecast.</param>
internal sealed record ForecastSet(string Name, DataSet File, int Season, int Horizon)
{
    /// <summary>Monthly passengers of airlines, 1949 to 1960, in thousands (Box and Jenkins).</summary>
    public static ForecastSet Airline { get; } = new("airline-passengers", Public("airline-passengers.csv", 2_180,
        "8cb51be753a718d9be5d76d7e238cc224792754676adc21faa59e954b0201621"), 12, 12)
    { Test = 36 };

    /// <summary>Daily minimum temperatures in Melbourne, 1981 to 1990, in degrees Celsius.</summary>
    public static ForecastSet Temperatures { get; } = new("daily-min-temperatures", Public("daily-min-temperatures.csv", 67_921,
        "8b9de63ed6789492bf497625e7f9beb96a63d367b4b0a21754006f749fa5e5da"), 365, 14)
    { Test = 730 };

    /// <summary>Monthly sunspot numbers, 1749 to 1983; their cycle is about eleven years.</summary>
    public static ForecastSet Sunspots { get; } = new("monthly-sunspots", Public("monthly-sunspots.csv", 45_039,
        "c4ec8cc57d9f6fb6ecdb3e1f37f25b6f4badd5124c55931052b0cd2fc3bc71f3"), 132, 24)
    { Test = 480 };

    /// <summary>Hourly fine dust (PM2.5) in Beijing, 2010 to 2014, in micrograms per cubic metre, with gaps.</summary>
    public static ForecastSet Dust { get; } = new("beijing-pm25", Public("pollution.csv", 2_010_492,
        "892e9559205d16d32623135c127a3951c12e46ea1e0b3093e107ce89a9fd60e2"), 24, 24)
    {
        Table = new TimeSeriesFileOptions { Channels = ["pm2.5"] },
        Test = 8_760,
    };

    /// <summary>
    /// Hourly loads and oil temperature of a transformer station (Zhou et al., "Informer", AAAI 2021), the first 14,400 hours as
    /// all studies use them: twelve months for training, four for validation, four for test.
    /// </summary>
    public static ForecastSet Etth1 { get; } = new("etth1", new DataSet("ett", "ETTh1.csv",
        new Uri("https://raw.githubusercontent.com/zhouhaoyi/ETDataset/1d16c8f4f943005d613b5bc962e9eeb06058cf07/ETT-small/"
            + "ETTh1.csv"),
        2_589_657, "f18de3ad269cef59bb07b5438d79bb3042d3be49bdeecf01c1cd6d29695ee066"), 24, 96)
    {
        Length = 14_400,
        Test = 2_880,
        Validation = 0.25,
    };

    /// <summary>Every named set.</summary>
    public static IReadOnlyList<ForecastSet> All { get; } = [Airline, Temperatures, Sunspots, Dust, Etth1];

    /// <summary>How the file holds the series.</summary>
    public TimeSeriesFileOptions Table { get; init; } = new();

    /// <summary>The number of steps that are used, from the first; null for all.</summary>
    public int? Length { get; init; }

    /// <summary>The number of steps for test.</summary>
    public int Test { get; init; }

    /// <summary>The fraction of the other steps that is for validation.</summary>
    public double Validation { get; init; } = SeriesData.UsualValidation;

    private static DataSet Public(string file, long bytes, string hash) => new("timeseries", file, new Uri(
        $"https://raw.githubusercontent.com/jbrownlee/Datasets/d20fcb6402ae34e653d4513b00f39257bb37ed7f/{file}"), bytes, hash);
}
