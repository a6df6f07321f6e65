using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SeqCore.Samples.Common;

/// <summary>Writes results for programs, one JSON object per line.</summary>
public static class JsonLine
{
    private static readonly JsonWriterOptions options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions indented = options with { Indented = true };

    /// <summary>
    /// The line for these values: texts, numbers and lists of them, booleans, null, parsed JSON, and lists of pairs for nested
    /// objects.
    /// </summary>
    public static string Of(params IEnumerable<(string Name, object? Value)> values) => Write(values, options);

    /// <summary>The same values on many lines, for a file that people read too.</summary>
    public static string Indented(params IEnumerable<(string Name, object? Value)> values) => Write(values, indented);

    /// <summary>The line for those of the values that are not null, written as by <see cref="Of"/>.</summary>
    public static string OfPresent(params IEnumerable<(string Name, object? Value)> values) =>
        Of(values.Where(v => v.Value is not null));

    private static string Write(IEnumerable<(string Name, object? Value)> values, JsonWriterOptions format)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, format))
            Write(json, values);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter json, IEnumerable<(string Name, object? Value)> values)
    {
        json.WriteStartObject();
        foreach (var (name, value) in values)
        {
            json.WritePropertyName(name);
            Write(json, value);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case string text:
                json.WriteStringValue(text);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int or long or ulong:
                json.WriteNumberValue(Convert.ToDecimal(value, null));
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case JsonElement element:
                element.WriteTo(json);
                break;
            case IEnumerable<double> numbers:
                WriteArray(json, numbers.Cast<object>());
                break;
            case IEnumerable<string> texts:
                WriteArray(json, texts);
                break;
            case null or double:
                json.WriteNullValue();
                break;
            case IEnumerable<(string, object?)> nested:
                Write(json, nested);
                break;
            default:
                throw new ArgumentException($"JsonLine: no format for a {value.GetType().Name}.", nameof(value));
        }
    }

    private static void WriteArray(Utf8JsonWriter json, IEnumerable<object> values)
    {
        json.WriteStartArray();
        foreach (var value in values)
            Write(json, value);
        json.WriteEndArray();
    }
}
