using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>
/// The JSON file of one part of the study. Every field is checked when it is read, so that the report and the claims need not.
/// </summary>
internal static class StudyFile
{
    private static readonly JsonSerializerOptions options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        IndentSize = 1,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Writes a part.</summary>
    internal static void Write<T>(string folder, string name, Part<T> part) =>
        AtomicFile.WriteText(PathOf(folder, name), JsonSerializer.Serialize(part, options));

    /// <summary>Reads a part; null where there is no file.</summary>
    /// <exception cref="UserException">The file is not a part of a study; the message names the field at fault.</exception>
    internal static Part<T>? Read<T>(string folder, string name)
    {
        var path = PathOf(folder, name);
        if (!File.Exists(path))
            return null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            if (Fault(document.RootElement, options.GetTypeInfo(typeof(Part<T>)), "") is { } fault)
                throw new JsonException(fault);
            return document.Deserialize<Part<T>>(options);
        }
        catch (JsonException bad)
        {
            throw new UserException($"The file '{path}' does not hold the results of the {name} command: {bad.Message} Delete it,"
                + " or run that command again.");
        }
    }

    private static string PathOf(string folder, string name) => Path.Combine(folder, name + ".json");

    /// <summary>The first field that is missing or has a wrong value, in words; null where there is none.</summary>
    private static string? Fault(JsonElement value, JsonTypeInfo type, string path) => type.Kind switch
    {
        JsonTypeInfoKind.Object when value.ValueKind == JsonValueKind.Object => type.Properties
            .Select(field => FaultOf(field, value, path)).FirstOrDefault(f => f is not null) ?? Contradiction(value, type, path),
        JsonTypeInfoKind.Enumerable when value.ValueKind == JsonValueKind.Array => value.EnumerateArray()
            .Select((item, i) => Fault(item, options.GetTypeInfo(type.ElementType!), $"{path}[{i}]"))
            .FirstOrDefault(f => f is not null),
        JsonTypeInfoKind.None when Fits(value, type) => null,
        _ => $"{(path == "" ? "it" : path)} should be {Expected(type)}; got {Shown(value)}.",
    };

    private static string? FaultOf(JsonPropertyInfo field, JsonElement owner, string path)
    {
        var name = path == "" ? field.Name : $"{path}.{field.Name}";
        if (owner.TryGetProperty(field.Name, out var value))
            return Fault(value, options.GetTypeInfo(field.PropertyType), name);
        return field.IsRequired || field.AssociatedParameter is { HasDefaultValue: false } ? $"{name} is missing." : null;
    }

    /// <summary>What is wrong with an object whose fields are of the right types.</summary>
    private static string? Contradiction(JsonElement value, JsonTypeInfo type, string path)
    {
        if (type.Type == typeof(Point) && value.Deserialize<Point>(options) is var (x, y)
            && !(x > 0 && y >= 0 && double.IsFinite(x + y)))
        {
            return $"{path} should have an x above 0 and a y of at least 0; got {Shown(value.GetProperty("x"))} and"
                + $" {Shown(value.GetProperty("y"))}.";
        }

        return type.Type == typeof(GradientResult) && value.Deserialize<GradientResult>(options) is { } result
            && result.Flows.Any(f => new[] { f.Median, f.Least, f.Most }.Any(l => l.Count != result.Steps))
            ? $"every list in {path}.flows should have {result.Steps} numbers, one for each of the steps."
            : null;
    }

    // Of the values, only numbers that may be unknown are null.
    private static bool Fits(JsonElement value, JsonTypeInfo type)
    {
        if (value.ValueKind == JsonValueKind.Null)
            return Nullable.GetUnderlyingType(type.Type) is not null;
        try
        {
            return value.Deserialize(type) is not Enum word || Enum.IsDefined(type.Type, word);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Expected(JsonTypeInfo type) => (type.Kind, Nullable.GetUnderlyingType(type.Type) ?? type.Type) switch
    {
        (JsonTypeInfoKind.Object, _) => "an object",
        (JsonTypeInfoKind.Enumerable, _) => "a list",
        (_, { IsEnum: true } words) => "one of "
            + string.Join(", ", Enum.GetValues(words).Cast<object>().Select(w => JsonSerializer.Serialize(w, options))),
        (_, var plain) when plain == typeof(string) => "a text",
        (_, var plain) when plain == typeof(double) || plain == typeof(float) => "a number",
        _ => "a whole number in range",
    };

    private static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => value.GetRawText(),
    };
}
