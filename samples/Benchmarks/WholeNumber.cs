using System.CommandLine;
using System.Globalization;

namespace SeqCore.Benchmarks;

/// <summary>Options that take a whole number within limits.</summary>
internal static class WholeNumber
{
    internal static Option<int> Option(string name, string description, int least, int most, int otherwise) => new(name)
    {
        Description = $"{description} (default {otherwise})",
        DefaultValueFactory = _ => otherwise,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) || value < least || value > most)
                result.AddError($"{name} should be a whole number from {least} to {most}; got '{text}'.");
            return value;
        },
    };
}
