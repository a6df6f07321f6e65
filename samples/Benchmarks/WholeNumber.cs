using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace SeqCore.Benchmarks;

/// <summary>Options that take a whole number within limits.</summary>
internal static class WholeNumber
{
    internal static Option<int> Option(string name, string description, int least, int most, int otherwise) => new(name)
    {
        Description = $"{description} (default {otherwise})",
        DefaultValueFactory = _ => otherwise,
        CustomParser = result => Parse(result, name, least, most),
    };

    /// <summary>An option that is null where it is left out.</summary>
    internal static Option<int?> Optional(string name, string description, int least, int most) => new(name)
    {
        Description = description,
        CustomParser = result => Parse(result, name, least, most),
    };

    private static int Parse(ArgumentResult result, string name, int least, int most)
    {
        var text = result.Tokens[0].Value;
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            || value < least || value > most)
            result.AddError($"{name} should be a whole number from {least} to {most}; got '{text}'.");
        return value;
    }
}
