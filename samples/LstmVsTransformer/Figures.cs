using System.Globalization;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>Measured numbers with units, of about three digits.</summary>
internal static class Figures
{
    /// <summary>A time, for example 1.23 ms.</summary>
    internal static string Time(double seconds) => seconds switch
    {
        double.NaN => "-",
        < 1e-3 => $"{Digits(seconds * 1e6)} µs",
        < 1 => $"{Digits(seconds * 1e3)} ms",
        _ => $"{Digits(seconds)} s",
    };

    /// <summary>A number of bytes, for example 1.23 MB; a MB is 10^6 bytes.</summary>
    internal static string Bytes(double bytes) => Math.Abs(bytes) switch
    {
        double.NaN => "-",
        < 1e3 => $"{Digits(bytes)} B",
        < 1e6 => $"{Digits(bytes / 1e3)} kB",
        < 1e9 => $"{Digits(bytes / 1e6)} MB",
        _ => $"{Digits(bytes / 1e9)} GB",
    };

    /// <summary>A power law, for example N^1.02.</summary>
    internal static string Power(double? exponent) =>
        exponent is { } p ? Invariant($"N^{(Math.Abs(p) < 0.005 ? 0 : p):0.00}") : "-";

    /// <summary>Returns a percentage, for example 87 % or 0.3 %.</summary>
    internal static string Share(double share) => Invariant($"{Digits(100 * share)} %");

    /// <summary>A factor, for example 2.31 x.</summary>
    internal static string Times(double factor) => $"{Digits(factor)} x";

    /// <summary>A number of any size, for example 3.2e-12 or 1.23; beyond the range of float32, only a bound.</summary>
    internal static string Small(double value) => value switch
    {
        double.NaN => "-",
        > 1e38 => ">1e38",
        < 1e-40 and > 0 => "<1e-40",
        _ => Math.Abs(value) is 0 or (>= 1e-3 and < 1e4) ? Digits(value) : value.ToString("0.0e0", CultureInfo.InvariantCulture),
    };

    /// <summary>About three digits, without an exponent.</summary>
    internal static string Digits(double value) => Math.Abs(value) switch
    {
        0 => "0",
        < 1 => value.ToString("0.###", CultureInfo.InvariantCulture),
        < 10 => value.ToString("0.00", CultureInfo.InvariantCulture),
        < 100 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("N0", CultureInfo.InvariantCulture),
    };

    /// <summary>An interpolated text with a decimal point in every culture.</summary>
    internal static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
