using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SeqCore.Samples.Common;

/// <summary>Writes results for programs, one JSON object per line.</summary>
public static class JsonLine
{
    private static readonly JsonWriterOptions options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// The line for these values: texts, numbers and lists of them, booleans, null, and lists of pairs for nested objects.
    /// </summary>
    public static string Of(params IEnumerable<(string Name, object? Value)> values)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, options))
            Write(json, values);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>The line for those of the values that are not null, written as by <see cref="Of"/>.</summary>
    public static string OfPresent(params IEnumerable<(string Name, object? Value)> values) =>
        Of(values.Where(v => v.Value is not null));

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
            case IEnumerable<double> numbers:
                json.WriteStartArray();
                foreach (var number in numbers)
                    Write(json, number);
                json.WriteEndArray();
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
}
