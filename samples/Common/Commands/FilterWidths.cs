using System.CommandLine;
using System.Globalization;

namespace SeqCore.Samples.Common;

/// <summary>Options for the widths of filters side by side, such as 3,4,5.</summary>
public static class FilterWidths
{
    private const int Widest = 64;

    /// <summary>An option for a list of widths.</summary>
    /// <param name="name">The name with its dashes.</param>
    /// <param name="help">The text of --help.</param>
    /// <param name="value">The default.</param>
    public static Option<string> Option(string name, string help, IReadOnlyList<int> value) =>
        OptionKinds.Checked(name, help, "N,N,...", string.Join(',', value),
            $"whole numbers from 1 to {Widest} with commas between them, such as 3,4,5", text => (Parse(text) is not null, text));

    /// <summary>The widths on the command line, or a default where there are none.</summary>
    public static IReadOnlyList<int> GivenWidths(this ParseResult result, string name, IReadOnlyList<int> otherwise) =>
        result.IsGiven(name) ? Parse(result.GetValue<string>(name)!)! : otherwise;

    private static int[]? Parse(string text)
    {
        int[] widths =
            [.. text.Split(',').Select(w => int.TryParse(w, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0)];
        return widths.All(w => w is >= 1 and <= Widest) ? widths : null;
    }
}
