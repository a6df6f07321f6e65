using System.Globalization;
using System.Net;
using System.Text;

namespace SeqCore.Samples.Common;

/// <summary>
/// Writes HTML and SVG; values in an interpolated text are escaped, and numbers get few decimals.
/// </summary>
public sealed class MarkupBuilder
{
    private readonly StringBuilder text = new();

    /// <summary>Adds a line.</summary>
    /// <param name="line">Markup around texts and numbers; a <see cref="RawMarkup"/> is put in as it is.</param>
    public void Add(FormattableString line) => text.Append(line.ToString(Escaping.Instance)).Append('\n');

    /// <inheritdoc/>
    public override string ToString() => text.ToString();

    private sealed class Escaping : IFormatProvider, ICustomFormatter
    {
        public static Escaping Instance { get; } = new();

        public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

        public string Format(string? format, object? arg, IFormatProvider? formatProvider) => arg switch
        {
            RawMarkup markup => markup.Text,
            double number => number.ToString(format ?? "0.##", CultureInfo.InvariantCulture),
            IFormattable value => value.ToString(format, CultureInfo.InvariantCulture),
            _ => WebUtility.HtmlEncode(arg?.ToString() ?? ""),
        };
    }
}

/// <summary>Text that is markup already.</summary>
/// <param name="Text">HTML or SVG.</param>
public readonly record struct RawMarkup(string Text);
