using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>
/// A record of a trained model for people and programs, beside the model: what it was trained on and how, and how good it is.
/// </summary>
public sealed record ModelCard
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "model-card.json";

    /// <summary>The name of the program, such as ClassifyText.</summary>
    public required string Program { get; init; }

    /// <summary>A one-line description of the model.</summary>
    public required string Model { get; init; }

    /// <summary>The number of parameters.</summary>
    public required long Parameters { get; init; }

    /// <summary>The data, one entry for each part, such as training.</summary>
    public required IReadOnlyList<CardData> Data { get; init; }

    /// <summary>The seed of the run.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The options of the run, such as <see cref="TrainerOptions.Configuration"/>.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>The options of the model, as its file has them; null to leave them out.</summary>
    public JsonElement? ModelOptions { get; init; }

    /// <summary>The scores, each list with the name of the part of the data that it was computed from.</summary>
    public required IReadOnlyList<(string Split, IReadOnlyList<(string Name, object? Value)> Values)> Figures { get; init; }

    /// <summary>The time of the card; now by default.</summary>
    public DateTimeOffset Date { get; init; } = DateTimeOffset.UtcNow;

    /// <summary>Writes the card into the folder of a model; an earlier card stays whole until this one is.</summary>
    /// <param name="folder">The folder of the model.</param>
    /// <returns>The path of the file.</returns>
    public string Save(string folder)
    {
        var path = Path.Combine(folder, FileName);
        AtomicFile.WriteText(path, ToString() + "\n");
        return path;
    }

    /// <summary>The options of the model that a folder holds.</summary>
    /// <exception cref="CheckpointException">The model cannot be read.</exception>
    public static JsonElement OptionsIn(string folder)
    {
        using var file = ModelFile.Open(folder);
        using var options = JsonDocument.Parse(file.Options);
        return options.RootElement.Clone();
    }

    /// <summary>The card as JSON.</summary>
    public override string ToString() => JsonLine.Indented(
        ("program", Program),
        ("date", Date.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
        ("model", Model),
        ("parameters", Parameters),
        ("data", Data.Select(d => (d.Part, (object?)d.Values))),
        ("seed", Seed),
        ("options", Options.Select(o => (o.Key, (object?)o.Value))),
        ("model_options", ModelOptions),
        ("figures", Figures.Select(f => (f.Split, (object?)f.Values))),
        ("versions", new (string, object?)[] { ("seqcore", Version), ("dotnet", RuntimeInformation.FrameworkDescription) }));

    private static string Version => typeof(Model).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}

/// <summary>A part of the data of a model.</summary>
/// <param name="Part">What the part is for, such as training.</param>
/// <param name="Name">The name of the file or set.</param>
/// <param name="Count">The number of examples.</param>
/// <param name="Sha256">The SHA-256 hash of the file; null where there is none, as for data that the program made.</param>
public sealed record CardData(string Part, string Name, int Count, string? Sha256 = null)
{
    /// <summary>The SHA-256 hash of a file, in hexadecimal; null where it cannot be read, or only once as a pipe.</summary>
    public static string? HashOf(string path)
    {
        try
        {
            using var file = InputFile.Open(path);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The parts of data; a part that was taken from the first one's file has that one's name and hash.</summary>
    /// <param name="data">The name of the data, for parts of no file.</param>
    /// <param name="files">The files that were read, and for which part.</param>
    /// <param name="parts">The parts and their numbers of examples; empty ones are left out.</param>
    public static IReadOnlyList<CardData> OfParts(string data, IReadOnlyList<(string Part, string Path)> files,
        IEnumerable<(string Part, int Count)> parts)
    {
        return [.. parts.Where(p => p.Count > 0).Select(p => Of(p.Part, p.Count))];

        CardData Of(string part, int count)
        {
            var path = files.FirstOrDefault(f => f.Part == part).Path ?? files.FirstOrDefault().Path;
            return new CardData(part, path is null ? data : Path.GetFileName(path), count, path is null ? null : HashOf(path));
        }
    }

    internal IEnumerable<(string Name, object? Value)> Values =>
        [("name", Name), ("examples", Count), .. Sha256 is null ? [] : new (string, object?)[] { ("sha256", Sha256) }];
}
