using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SeqCore.Models;

/// <summary>Reads files with one JSON object on each line; blank lines are skipped.</summary>
public static class JsonLines
{
    /// <summary>Reads the objects of a file one after the other, each time the result is enumerated.</summary>
    /// <typeparam name="T">The type of an object.</typeparam>
    /// <param name="path">The path of a file, as for <see cref="TextLines.Read"/>.</param>
    /// <param name="type">
    /// How an object is read, from a class derived from <see cref="System.Text.Json.Serialization.JsonSerializerContext"/>.
    /// </param>
    /// <exception cref="DataSourceException">
    /// While it is enumerated: the file cannot be read, or a line is not such an object; the message names the line and the
    /// column.
    /// </exception>
    public static IEnumerable<T> Read<T>(string path, JsonTypeInfo<T> type) where T : class
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(type);
        return Filled(path).Select(line => Guarded(path, line, () => JsonSerializer.Deserialize(line.Text, type)
            ?? throw new DataSourceException($"{TextLines.Place(path, line.Number)}: null is not an object.")));
    }

    /// <summary>Reads texts and their labels from two properties of each object.</summary>
    /// <param name="path">The path of a file, as for <see cref="TextLines.Read"/>.</param>
    /// <param name="text">The name of the property with the text, a string.</param>
    /// <param name="label">
    /// The name of the property with the label, a string, a number or a truth value, or with an array of several.
    /// </param>
    /// <exception cref="DataSourceException">
    /// While it is enumerated: the file cannot be read, or a line is not an object with these properties; the message names the
    /// line.
    /// </exception>
    public static IEnumerable<LabelledText> ReadLabelled(string path, string text = "text", string label = "label")
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(text);
        ArgumentException.ThrowIfNullOrEmpty(label);
        return Filled(path).Select(line => Guarded(path, line, () =>
        {
            using var json = JsonDocument.Parse(line.Text);
            var content = Property(json.RootElement, text);
            if (content.ValueKind != JsonValueKind.String)
                throw Error($"the property '{text}' is {Name(content)}, not a string");
            var written = Text(content, text);
            var labels = Property(json.RootElement, label);
            return new LabelledText(written, labels.ValueKind == JsonValueKind.Array
                ? [.. labels.EnumerateArray().Select(Label)]
                : [Label(labels)]);
        }));

        static JsonElement Property(JsonElement row, string name) => row.ValueKind != JsonValueKind.Object
            ? throw Error($"it is {Name(row)}, not an object")
            : row.EnumerateObject().Count(p => p.NameEquals(name)) > 1
            ? throw Error($"the object has the property '{name}' twice")
            : row.TryGetProperty(name, out var value) ? value
            : throw Error($"the object has no property '{name}'; it has"
                + $" {string.Join(", ", row.EnumerateObject().Select(p => p.Name))}");

        string Label(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.String => Text(value, label),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => throw Error($"the property '{label}' is {Name(value)}, not a string, a number or an array of them"),
        };
    }

    private static string Text(JsonElement value, string name)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException half)
        {
            throw new FormatException($"the property '{name}' has half of a surrogate pair, such as \\ud800, which is not"
                + " text", half);
        }
    }

    private static IEnumerable<TextLine> Filled(string path) =>
        TextLines.Read(path).Where(line => !string.IsNullOrWhiteSpace(line.Text));

    private static FormatException Error(string problem) => new(problem);

    private static string Name(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        _ => "a truth value",
    };

    /// <summary>The reader's message without the place at its end, which is one within the line and counts from 0.</summary>
    private static string Reason(JsonException malformed) =>
        malformed.Message.Split([" Path: ", " LineNumber: "], StringSplitOptions.None)[0];

    private static T Guarded<T>(string path, TextLine line, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (JsonException malformed)
        {
            var place = TextLines.Place(path, line.Number, malformed.BytePositionInLine + 1);
            throw new DataSourceException($"{place}: this is not the JSON of such an object: {Reason(malformed)}", malformed);
        }
        catch (InvalidOperationException half)
        {
            // What a property should be has been checked: only an escaped half of a surrogate pair is left, here in a name or in
            // an object of another type.
            throw new DataSourceException($"{TextLines.Place(path, line.Number)}: a string has half of a surrogate pair, such as"
                + " \\ud800, which is not text.", half);
        }
        catch (FormatException unfit)
        {
            throw new DataSourceException($"{TextLines.Place(path, line.Number)}: {unfit.Message}.", unfit);
        }
    }
}
