using System.Text.Json;
using System.Text.Json.Serialization;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.LstmVsTransformer.Results;

/// <summary>The parts of a study as JSON files in a folder, from which the page can be built again.</summary>
internal static class ResultFiles
{
    private static readonly JsonSerializerOptions options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        IndentSize = 1,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>Writes one part.</summary>
    internal static void Write<T>(string folder, string name, Part<T> part) =>
        AtomicFile.WriteText(Path.Combine(folder, name + ".json"), JsonSerializer.Serialize(part, options));

    /// <summary>Reads the parts that are there.</summary>
    /// <exception cref="UserException">A file is not such a part.</exception>
    internal static Study Read(string folder) => new(
        Read<SpeedResult>(folder, "speed"), Read<MemoryResult>(folder, "memory"), Read<RecallResult>(folder, "recall"),
        Read<GradientResult>(folder, "gradients"));

    private static Part<T>? Read<T>(string folder, string name)
    {
        var path = Path.Combine(folder, name + ".json");
        if (!File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize<Part<T>>(File.ReadAllText(path), options)
                ?? throw new JsonException("it holds null.");
        }
        catch (JsonException bad)
        {
            throw new UserException($"The file '{path}' does not hold the results of the {name} command: {bad.Message} Delete it,"
                + " or run that command again.");
        }
    }
}
